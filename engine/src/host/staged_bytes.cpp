#include "host/staged_bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "linkferry/failure.hpp"

namespace linkferry {

StagedBytes::StagedBytes(FileDescriptor file, std::string target)
    : file_(std::move(file)), target_(std::move(target)), buffer_(new char[buffer_bytes]) {}

void StagedBytes::fail(std::string_view what) const {
  throw Failure(FailureKind::failed, fmt::format("{}: {}: {}; what was there before is untouched",
                                                 target_, what, std::strerror(errno)));
}

void StagedBytes::write(std::string_view bytes) {
  // Rationale: to copy so much costs more than a call of the system.
  constexpr std::size_t large_bytes = 32 * 1024;
  if (bytes.size() >= large_bytes || bytes.size() > buffer_bytes - used_) flush();
  if (bytes.size() >= large_bytes) return write_out(bytes);
  if (bytes.empty()) return;
  std::memcpy(buffer_.get() + used_, bytes.data(), bytes.size());
  used_ += bytes.size();
}

void StagedBytes::flush() {
  const std::size_t size = std::exchange(used_, 0);
  write_out({buffer_.get(), size});
}

void StagedBytes::write_out(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0) {
      if (errno == EINTR) continue;
      fail(fmt::format("cannot be written beyond {} bytes", flushed_));
    }
    flushed_ += static_cast<std::uint64_t>(count);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::size_t StagedBytes::read_at(std::uint64_t offset, std::span<char> buffer) {
  if (used_ > 0 && offset + buffer.size() > flushed_) flush();
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const ssize_t count = ::pread(file_.get(), buffer.data() + filled, buffer.size() - filled,
                                  static_cast<off_t>(offset + filled));
    if (count == 0) break;
    if (count > 0) {
      filled += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      fail("cannot be read back while it is written");
    }
  }
  return filled;
}

}  // namespace linkferry
