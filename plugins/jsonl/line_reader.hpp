#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "linkferry/arena.hpp"
#include "linkferry/host.hpp"

namespace linkferry::jsonl {

/// Longer lines are skipped, and said so. Room for a title of 1 MB, 10,000 tags and an icon.
inline constexpr std::size_t max_line_bytes = 64 * 1024 * 1024;

/// Some lines of a file.
struct Lines {
  /// Whole lines, each with its line feed but perhaps the last of the file, in the arena and with
  /// `common::JsonLine::padding_bytes` behind them. Of a line that is too long: its beginning.
  std::string_view text;
  bool is_too_long = false;
  bool is_last = false;  ///< the file ends here
};

/// Cuts a file into whole lines, whatever the sizes in which it comes.
///
/// Memory: 256 KiB, or the longest line (up to 64 MiB) until the next one is read. Thread: one at a
/// time.
class LineReader {
 public:
  explicit LineReader(std::unique_ptr<InputFile> file) : file_(std::move(file)) {}

  /// Up to `max_lines` of the lines that are there, at least one, at most about 256 KiB unless one
  /// line is longer; none at the end. A byte order mark at the front of the file is left out.
  /// Lifetime: the arena. Errors: those of the file.
  Lines read(Arena& arena, std::size_t max_lines);

  /// Goes to a byte of the file. False where the file cannot be read twice or is shorter, and then
  /// nothing has changed.
  bool seek(std::uint64_t offset);

  /// Where the next line begins, in bytes.
  std::uint64_t offset() const { return offset_; }
  const InputFile& file() const { return *file_; }

 private:
  bool fill();
  void skip_mark();
  std::size_t find_lines(std::size_t max_lines) const;
  Lines take(Arena& arena, std::size_t size, bool is_last);
  Lines skip_long_line(Arena& arena);

  std::unique_ptr<InputFile> file_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  ///< of what is not handed out yet
  std::size_t end_ = 0;
  std::size_t scanned_ = 0;  ///< no line feed from `begin_` up to here
  std::uint64_t offset_ = 0;
  bool is_at_end_ = false;
};

}  // namespace linkferry::jsonl
