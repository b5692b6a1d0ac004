#include "pipeline/spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "linkferry/failure.hpp"

namespace linkferry {
namespace {

constexpr std::size_t header_bytes = sizeof(std::uint32_t);
constexpr std::size_t read_ahead_bytes = 256 * 1024;

[[noreturn]] void fail(const std::string& folder, const char* what) {
  throw Failure(FailureKind::failed, std::string("cannot ") + what + " a temporary file in " +
                                         folder + ": " + std::strerror(errno) +
                                         "; TMPDIR can name a folder with more room");
}

std::string temporary_folder() {
  const char* folder = std::getenv("TMPDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/tmp";
}

int open_temporary_file() {
  std::string path = temporary_folder() + "/linkferry-XXXXXX";
  const int file = ::mkostemp(path.data(), O_CLOEXEC);
  if (file < 0) fail(temporary_folder(), "create");
  ::unlink(path.c_str());
  return file;
}

}  // namespace

Spool::~Spool() {
  if (file_ >= 0) ::close(file_);
}

std::uint64_t Spool::append(std::string_view record) {
  const std::uint64_t offset = size_;
  const auto length = static_cast<std::uint32_t>(record.size());
  const std::size_t limit = file_ < 0 ? memory_bytes : read_ahead_bytes;
  // Rationale: room for all at once is not moved while it grows, and takes no memory before it is
  // used.
  if (tail_.empty()) tail_.reserve(limit + read_ahead_bytes);
  tail_.append(reinterpret_cast<const char*>(&length), header_bytes);
  tail_.append(record);
  size_ += header_bytes + record.size();
  if (tail_.size() >= limit) flush();
  return offset;
}

void Spool::flush() {
  if (file_ < 0) file_ = open_temporary_file();
  for (std::size_t done = 0; done < tail_.size();) {
    const ::ssize_t written = ::pwrite(file_, tail_.data() + done, tail_.size() - done,
                                       static_cast<off_t>(file_size_ + done));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail(temporary_folder(), "write");
    done += static_cast<std::size_t>(written);
  }
  file_size_ += tail_.size();
  tail_.clear();
  tail_.shrink_to_fit();
}

bool Spool::next(std::uint64_t& offset, std::string_view& record) {
  if (offset >= size_) return false;
  std::uint32_t length = 0;
  std::memcpy(&length, view(offset, header_bytes).data(), header_bytes);
  record = view(offset + header_bytes, length);
  offset += header_bytes + length;
  return true;
}

std::string_view Spool::view(std::uint64_t offset, std::size_t size) {
  if (offset >= file_size_) return std::string_view(tail_).substr(offset - file_size_, size);
  if (offset < window_start_ || offset + size > window_start_ + window_size_)
    fill_window(offset, size);
  return {window_.get() + (offset - window_start_), size};
}

/// Reads far ahead only when the reader goes straight on; records that are picked here and there
/// get a page each.
void Spool::fill_window(std::uint64_t offset, std::size_t size) {
  constexpr std::size_t page_bytes = 4096;
  const bool goes_on = offset >= window_start_ && offset <= window_start_ + window_size_;
  const std::size_t wanted = std::max(size, goes_on ? read_ahead_bytes : page_bytes);
  if (wanted > window_room_) {
    window_.reset(new char[wanted]);
    window_room_ = wanted;
  }
  window_start_ = offset;
  window_size_ = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, file_size_ - offset));
  for (std::size_t done = 0; done < window_size_;) {
    const ::ssize_t got = ::pread(file_, window_.get() + done, window_size_ - done,
                                  static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail(temporary_folder(), "read");
    done += static_cast<std::size_t>(got);
  }
}

}  // namespace linkferry
