#include "cli/peeking_host.hpp"

#include <algorithm>
#include <cstring>

namespace linkferry {

namespace {

/// Bytes that were read already, then the rest of the file they came from.
class ReplayedFile final : public InputFile {
 public:
  ReplayedFile(std::string bytes, std::unique_ptr<InputFile> rest)
      : bytes_(std::move(bytes)), rest_(std::move(rest)) {}

  std::size_t read(std::span<char> buffer) override {
    if (used_ == bytes_.size()) return rest_->read(buffer);
    const std::size_t count = std::min(buffer.size(), bytes_.size() - used_);
    std::memcpy(buffer.data(), bytes_.data() + used_, count);
    used_ += count;
    if (used_ == bytes_.size()) {
      bytes_ = {};
      used_ = 0;
    }
    return count;
  }

  bool rewind() override { return false; }
  std::uint64_t size_bytes() const override { return 0; }
  const std::string& name() const override { return rest_->name(); }

 private:
  std::string bytes_;
  std::size_t used_ = 0;
  std::unique_ptr<InputFile> rest_;
};

}  // namespace

PeekingHost::Head PeekingHost::peek(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (const auto found = peeked_.find(path); found != peeked_.end()) {
    return {found->second.bytes, found->second.bytes.size() < head_bytes};
  }
  auto file = host_.open_file(path);
  std::string bytes(head_bytes, '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const std::size_t count = file->read(std::span(bytes).subspan(filled));
    if (count == 0) break;
    filled += count;
  }
  bytes.resize(filled);
  Head head{bytes, filled < head_bytes};
  if (!file->rewind()) peeked_[path] = {std::move(bytes), std::move(file)};
  return head;
}

std::unique_ptr<InputFile> PeekingHost::open_file(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto found = peeked_.find(path);
  if (found == peeked_.end()) return host_.open_file(path);
  auto file =
      std::make_unique<ReplayedFile>(std::move(found->second.bytes), std::move(found->second.rest));
  peeked_.erase(found);
  return file;
}

}  // namespace linkferry
