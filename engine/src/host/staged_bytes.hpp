#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "host/file_descriptor.hpp"

namespace linkferry {

/// Bytes on their way into a temporary file: appended through a buffer, read back from any place.
class StagedBytes {
 public:
  /// `target` is what messages call the file.
  StagedBytes(FileDescriptor file, std::string target);

  /// Errors: Failure failed (disk full, …).
  void write(std::string_view bytes);
  void flush();
  std::uint64_t size_bytes() const { return flushed_ + used_; }
  std::size_t read_at(std::uint64_t offset, std::span<char> buffer);

  int descriptor() const { return file_.get(); }
  const std::string& target() const { return target_; }

  /// Throws Failure failed: "TARGET: WHAT: the reason that errno has; it is as it was".
  [[noreturn]] void fail(std::string_view what) const;

 private:
  void write_out(std::string_view bytes);

  static constexpr std::size_t buffer_bytes = 256 * 1024;

  FileDescriptor file_;
  std::string target_;
  std::unique_ptr<char[]> buffer_;
  std::size_t used_ = 0;
  std::uint64_t flushed_ = 0;
};

}  // namespace linkferry
