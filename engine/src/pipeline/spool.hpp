#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace linkferry {

/// Bytes that wait during one run: in memory up to `memory_bytes`, beyond it in an unlinked
/// temporary file ($TMPDIR or /tmp), so that nothing is left behind however the run ends.
///
/// Holds records: each `append` is read back whole. Thread: one at a time.
class Spool {
 public:
  static constexpr std::size_t memory_bytes = 4 * 1024 * 1024;

  Spool() = default;
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  /// Returns where the record is, for `read`. Errors: Failure failed (disk full).
  std::uint64_t append(std::string_view record);

  /// The record at `offset` (0 is the first) and, in `offset`, where the next one begins.
  /// At the end: false. Lifetime: `record` is valid until the next call.
  bool next(std::uint64_t& offset, std::string_view& record);

  bool is_empty() const { return size_ == 0; }

 private:
  void flush();
  std::string_view view(std::uint64_t offset, std::size_t size);
  void fill_window(std::uint64_t offset, std::size_t size);

  std::string tail_;  ///< what is not in the file yet, from `file_size_` on
  int file_ = -1;
  std::uint64_t file_size_ = 0;
  std::uint64_t size_ = 0;
  std::unique_ptr<char[]> window_;  ///< a piece of the file, read ahead
  std::size_t window_room_ = 0;
  std::size_t window_size_ = 0;
  std::uint64_t window_start_ = 0;
};

}  // namespace linkferry
