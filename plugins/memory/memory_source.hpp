#pragma once

#include <memory>
#include <string>

#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "linkferry/source.hpp"
#include "memory/memory_store.hpp"

namespace linkferry::memory {

/// Reads a store as it was when the source was made. A checkpoint is the number of bookmarks read.
class MemorySource : public Source {
 public:
  MemorySource(StoredBookmarks bookmarks, std::string endpoint)
      : bookmarks_(std::move(bookmarks)), endpoint_(std::move(endpoint)) {}

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override;
  bool rewind() override;
  bool resume(std::string_view checkpoint) override;
  std::uint64_t total() const override { return bookmarks_.size(); }
  std::uint64_t progress() const override { return next_; }

 private:
  StoredBookmarks bookmarks_;
  std::string endpoint_;
  std::size_t next_ = 0;
};

/// Option `name`.
std::unique_ptr<Source> make_source(const Settings& settings, Host& host);

}  // namespace linkferry::memory
