#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "linkferry/source.hpp"

namespace linkferry::common {

/// A source over a file that is opened when it is first needed, so that making it never waits for a
/// pipe. What it asks before that it answers by the path: `-` can be read once only.
/// Thread: as Source.
class DeferredSource final : public Source {
 public:
  using Open = std::function<std::unique_ptr<Source>()>;

  DeferredSource(std::string path, Open open) : path_(std::move(path)), open_(std::move(open)) {}

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override {
    return source().read(batch, limit, std::move(stop));
  }
  bool rewind() override { return source_ ? source_->rewind() : !is_stream(); }
  bool skim() override { return (source_ || !is_stream()) && source().skim(); }
  void complete(Bookmark& bookmark, Text rest, Arena& arena) const override {
    if (source_) source_->complete(bookmark, rest, arena);
  }
  bool resume(std::string_view checkpoint) override {
    return (source_ || !is_stream()) && source().resume(checkpoint);
  }
  std::uint64_t total() const override { return source_ ? source_->total() : 0; }
  std::uint64_t progress() const override { return source_ ? source_->progress() : 0; }

 private:
  bool is_stream() const { return path_ == "-"; }
  Source& source() {
    if (!source_) source_ = open_();
    return *source_;
  }

  std::string path_;
  Open open_;
  std::unique_ptr<Source> source_;
};

}  // namespace linkferry::common
