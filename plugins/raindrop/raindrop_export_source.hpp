#pragma once

#include <memory>
#include <string>
#include <utility>

#include "linkferry/source.hpp"
#include "raindrop/raindrop_account.hpp"
#include "raindrop/raindrop_api.hpp"

namespace linkferry::raindrop {

/// All bookmarks of an account by one request: the service's own CSV export, which is kept in
/// memory and read as the file would be.
///
/// It has no dates of change, types and Trash, and of highlights no more than text; a collection
/// whose name has ` / ` in it becomes two folders. Thread: one at a time. Source:
/// developer.raindrop.io, Export (read 2026-11-22).
class ExportSource : public Source {
 public:
  ExportSource(std::shared_ptr<Api> api, std::string endpoint)
      : api_(std::move(api)), endpoint_(std::move(endpoint)) {}

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override;
  bool rewind() override { return csv_ == nullptr || csv_->rewind(); }
  std::uint64_t total() const override { return csv_ ? csv_->total() : 0; }
  std::uint64_t progress() const override { return csv_ ? csv_->progress() : 0; }
  void look_up(std::span<const Text> ids, std::span<Absence> absences,
               std::stop_token stop) override {
    look_up_items(*api_, ids, absences, std::move(stop));
  }
  std::vector<std::string> describe(std::stop_token stop) override {
    return describe_account(*api_, std::move(stop));
  }

 private:
  void load(std::stop_token stop);

  std::shared_ptr<Api> api_;
  std::string endpoint_;
  std::unique_ptr<Source> csv_;
};

}  // namespace linkferry::raindrop
