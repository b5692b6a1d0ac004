#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/charset.hpp"
#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry::common {

/// A place in a CSV file from which reading can go on: the first byte of a row.
struct CsvPosition {
  std::uint64_t offset_bytes = 0;
  std::uint64_t line = 1;
};

/// One row. Cells live in the arena that was given to `next`; the vector is used again by the next
/// row.
struct CsvRow {
  std::vector<Text> cells;  ///< quotes taken off; an empty cell is present and empty
  CsvPosition position;     ///< of the row's first byte
  Text problem;             ///< of a rejected row: why
  Text excerpt;             ///< of a rejected row: its first 200 bytes at most
};

enum class CsvResult {
  row,
  rejected,  ///< a row that breaks a limit was skipped; `problem` and `excerpt` are set, the cells
             ///< are not
  end,
  cut_off,  ///< the input ends inside a quoted cell; `position` and `excerpt` tell where that row
            ///< began
};

/// Reads CSV row by row: commas, quotes that are doubled inside quoted cells, line breaks inside
/// quoted cells, LF or CRLF.
///
///     title,url,time_added,tags,status
///     "A ""quoted"" title, with
///     two lines",https://example.org/,1600322788,a|b,unread
///
/// Lenient where producers and people are careless: blank lines and a missing line break at the end
/// are passed over; a quote inside an unquoted cell is text; text behind a closing quote belongs to
/// the cell. Memory: one row, at most `max_row_bytes`, and never less than `block_bytes`. Time:
/// linear in the input. Thread: one thread at a time. Source: RFC 4180, read 2026-11-22.
class CsvReader {
 public:
  static constexpr std::size_t block_bytes = 256 * 1024;
  static constexpr std::size_t max_cell_bytes = 16 * 1024 * 1024;
  static constexpr std::size_t max_row_bytes = 32 * 1024 * 1024;
  static constexpr std::size_t max_columns = 1000;

  /// Reads `input` from where it is, which must be its first byte. `input` must outlive the reader.
  explicit CsvReader(Utf8Input& input);

  /// The next row. Errors: those of `input`. Lifetime: the cells are valid until `arena` is
  /// cleared.
  CsvResult next(CsvRow& row, Arena& arena);

  /// Where the row after the last one begins.
  CsvPosition position() const { return {base_ + static_cast<std::uint64_t>(row_begin_), line_}; }

  /// Goes forward to a position that `position` or a row of the same input gave.
  /// False when the input ends before it; then `next` says `end`.
  bool skip_to(const CsvPosition& position);

 private:
  enum class Quote : std::uint8_t { none, inside, perhaps_closed };
  static constexpr std::ptrdiff_t none = PTRDIFF_MIN;

  /// Offsets into the buffer. A plain cell is begin to end; a quoted one begin + 1 to close, then
  /// close + 1 to end.
  struct Cell {
    std::ptrdiff_t begin;
    std::ptrdiff_t end;
    std::ptrdiff_t close;  ///< the closing quote; `none` for a plain cell
    bool has_doubled_quotes;
  };

  void begin_row();
  bool walk_to_row_end();
  bool is_blank_row() const;
  void end_cell(std::ptrdiff_t begin, std::ptrdiff_t end, bool is_quoted);
  bool load_block();
  bool fill();
  void make_room();
  void give_up_row(Text problem);
  void compact(std::ptrdiff_t keep_from);
  CsvResult finish_row(CsvRow& row, Arena& arena);
  CsvResult finish_last_row(CsvRow& row, Arena& arena);
  void take_cells(CsvRow& row, Arena& arena);
  Text excerpt(Arena& arena) const;

  Utf8Input& input_;
  std::vector<char> buffer_;
  std::uint64_t base_ = 0;  ///< offset of the buffer's first byte in the input
  std::ptrdiff_t end_ = 0;  ///< of the bytes in the buffer
  bool is_at_end_ = false;

  std::ptrdiff_t block_ = 0;    ///< the 64 bytes that `mask_` is about
  std::ptrdiff_t scanned_ = 0;  ///< up to where masks were made
  std::uint64_t mask_ = 0;      ///< the commas, quotes and line feeds not yet looked at

  std::ptrdiff_t row_begin_ = 0;
  std::ptrdiff_t cell_begin_ = 0;
  std::ptrdiff_t close_ = 0;
  Quote quote_ = Quote::none;
  bool has_doubled_quotes_ = false;
  std::vector<Cell> cells_;  ///< room for `max_columns`
  std::size_t cell_count_ = 0;
  std::uint64_t line_ = 1;
  std::uint64_t lines_in_row_ = 0;
  CsvPosition row_position_;
  Text problem_;         ///< present while a row is being skipped
  std::string skipped_;  ///< the beginning of that row
};

/// The names in the first row, in lower case and without blanks around them.
class CsvHeader {
 public:
  static constexpr std::size_t none = SIZE_MAX;

  CsvHeader() = default;
  explicit CsvHeader(std::span<const Text> cells);

  /// The column of that name (given in lower case), the first of several; `none` when there is
  /// none.
  std::size_t find(std::string_view name) const;
  bool has(std::string_view name) const { return find(name) != none; }
  const std::vector<std::string>& names() const { return names_; }

  /// The names joined by commas, for messages; at most some 200 bytes.
  std::string describe() const;

 private:
  std::vector<std::string> names_;
};

/// Reads the header off the beginning of a file, for recognition; empty when there is no whole
/// first row.
CsvHeader read_csv_header(std::string_view head, bool is_whole);

}  // namespace linkferry::common
