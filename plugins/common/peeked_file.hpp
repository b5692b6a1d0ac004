#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "linkferry/host.hpp"

namespace linkferry::common {

/// A file whose beginning was looked at; reading it starts at the first byte all the same, pipes
/// included. Thread: one at a time.
class PeekedFile : public InputFile {
 public:
  static constexpr std::size_t head_bytes = 64 * 1024;

  /// Reads the head. Errors: Failure input.
  explicit PeekedFile(std::unique_ptr<InputFile> file)
      : file_(std::move(file)), head_(head_bytes, '\0') {
    std::size_t size = 0;
    while (size < head_.size()) {
      const std::size_t count = file_->read({head_.data() + size, head_.size() - size});
      is_whole_ = count == 0;
      if (is_whole_) break;
      size += count;
    }
    head_.resize(size);
  }

  /// The first bytes of the file; `is_whole` when that is all of it.
  std::string_view head() const { return head_; }
  bool is_whole() const { return is_whole_; }

  std::size_t read(std::span<char> buffer) override {
    if (at_ == head_.size()) return file_->read(buffer);
    const std::size_t count = head_.copy(buffer.data(), buffer.size(), at_);
    at_ += count;
    return count;
  }

  bool rewind() override {
    if (!file_->rewind()) return false;
    at_ = head_.size();
    return true;
  }

  std::uint64_t size_bytes() const override { return file_->size_bytes(); }
  const std::string& name() const override { return file_->name(); }

 private:
  std::unique_ptr<InputFile> file_;
  std::string head_;
  std::size_t at_ = 0;
  bool is_whole_ = false;
};

}  // namespace linkferry::common
