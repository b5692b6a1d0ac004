#pragma once

#include <memory>
#include <optional>
#include <string>

#include "linkferry/source.hpp"
#include "state/state_store.hpp"

namespace linkferry {

/// A source that goes on where an earlier run of the same job came to the end, and knows how far it
/// is now.
///
/// Thread: as Source; the other calls before the first `read` and after the last.
class ContinuedSource final : public Source {
 public:
  /// `last`: how far the earlier run came; nothing: all is read.
  ContinuedSource(std::unique_ptr<Source> source, std::optional<Checkpoint> last);

  /// Reads from the front after all. Before the first `read`.
  void forget() { last_.reset(); }

  /// The checkpoint behind the last record; nothing before the reading has come to its end.
  const std::optional<std::string>& reached() const { return reached_; }

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override;
  void acknowledge(std::string_view checkpoint) override { source_->acknowledge(checkpoint); }
  void look_up(std::span<const Text> ids, std::span<Absence> absences,
               std::stop_token stop) override {
    source_->look_up(ids, absences, std::move(stop));
  }
  std::uint64_t total() const override { return source_->total(); }
  std::uint64_t progress() const override { return source_->progress(); }

 private:
  void begin();

  std::unique_ptr<Source> source_;
  std::optional<Checkpoint> last_;
  std::optional<std::string> reached_;
  std::string notice_;
  bool is_begun_ = false;
  bool is_told_ = false;
};

}  // namespace linkferry
