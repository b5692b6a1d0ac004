#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "bkmark/bkmark_bulk.hpp"
#include "bkmark/bkmark_import.hpp"
#include "bkmark/bkmark_represent.hpp"
#include "bkmark/bkmark_source.hpp"
#include "bkmark/bkmark_writer.hpp"
#include "linkferry/sink.hpp"

namespace linkferry::bkmark {

/// A library of Bkmark. A live sink: each change is there when it was answered.
///
/// It has no unique key: how Bkmark compares addresses is not said. What it takes for the same is
/// found out when it says so.
class BkmarkSink : public Sink {
 public:
  struct Options {
    std::string endpoint;
    std::size_t concurrency = 1;  ///< changes that are carried out at the same time
    RepresentRules represent;
    WriteRules write;
    BulkUse bulk = BulkUse::documented;
    ImportUse import = ImportUse::automatic;
    std::size_t import_from = 500;
  };

  BkmarkSink(std::shared_ptr<Api> api, std::shared_ptr<Groups> groups, Options options);

  SinkKind kind() const override { return SinkKind::live; }
  Representation represent(const Bookmark& bookmark, Arena& arena) const override;
  std::unique_ptr<Source> existing() override;
  /// As many as possible while imports are left: there are five an hour, and after each the whole
  /// library is read.
  std::size_t preferred_changes() const override {
    return importer_.is_of_use() ? most_changes : usual_changes;
  }
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override;
  std::vector<std::string> describe(std::stop_token stop) override;

 private:
  void write_rest(std::span<const Change> changes, std::span<Outcome> outcomes,
                  const std::vector<bool>& is_done, std::stop_token stop);

  std::shared_ptr<Api> api_;
  std::shared_ptr<Groups> groups_;
  Options options_;
  Library library_;
  Writer writer_;
  Bulk bulk_;
  Importer importer_;
  std::atomic<unsigned> failures_{0};  ///< changes that failed in a row
};

std::unique_ptr<Sink> make_sink(const Settings& settings, Host& host);

}  // namespace linkferry::bkmark
