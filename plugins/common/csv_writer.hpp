#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "linkferry/bookmark.hpp"
#include "linkferry/host.hpp"

namespace linkferry::common {

/// Writes CSV that `CsvReader` reads back byte for byte: commas, LF at the end of each row, and
/// quotes only around cells that hold a quote, a comma, a line feed or a carriage return.
///
/// Memory: one block. Thread: one thread at a time. Source: RFC 4180, read 2026-11-22.
class CsvWriter {
 public:
  static constexpr std::size_t block_bytes = 256 * 1024;

  /// `file` must outlive the writer.
  explicit CsvWriter(StagedFile& file) : file_(file) {}

  /// Appends a cell to the row. Absent is written as empty.
  void cell(Text text);

  /// The same for several texts with `separator` between them.
  void joined_cell(std::span<const Text> parts, std::string_view separator);

  /// Ends the row, which must have at least two cells (one empty cell alone would be a blank line).
  /// Errors: those of the file.
  void end_row();

  /// Hands everything to the file; to be called before it is committed. Errors: those of the file.
  void flush();

 private:
  void ensure(std::size_t bytes) {
    if (buffer_.size() - size_ < bytes) grow(bytes);
  }
  void grow(std::size_t bytes);

  StagedFile& file_;
  std::vector<char> buffer_;
  std::size_t size_ = 0;
  std::string joined_;
  bool is_row_empty_ = true;
};

}  // namespace linkferry::common
