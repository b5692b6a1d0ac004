#include "common/csv_reader.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace linkferry::common {
namespace {

constexpr std::ptrdiff_t mask_bytes = 64;
constexpr std::size_t excerpt_bytes = 200;
constexpr Text cell_too_large = "a cell is larger than 16 MiB";
constexpr Text row_too_large = "a row is larger than 32 MiB";
constexpr Text too_many_columns = "a row has more than 1,000 columns";

/// One bit for each comma, quote and line feed among the 64 bytes.
std::uint64_t special_bytes(const char* bytes) {
  std::uint64_t mask = 0;
#if defined(__SSE2__)
  const __m128i comma = _mm_set1_epi8(',');
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i line_feed = _mm_set1_epi8('\n');
  for (int i = 0; i < 4; ++i) {
    const __m128i part = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i));
    const __m128i found =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(part, comma), _mm_cmpeq_epi8(part, quote)),
                     _mm_cmpeq_epi8(part, line_feed));
    mask |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(found))) << (16 * i);
  }
#else
  for (int i = 0; i < 64; ++i) {
    const bool is_special = bytes[i] == ',' || bytes[i] == '"' || bytes[i] == '\n';
    mask |= static_cast<std::uint64_t>(is_special) << i;
  }
#endif
  return mask;
}

/// Makes each pair of quotes in [begin, end) one; returns the new end.
char* undouble_quotes(char* begin, const char* end) {
  char* out = begin;
  for (const char* from = begin; from != end;) {
    const void* const quote = std::memchr(from, '"', static_cast<std::size_t>(end - from));
    const char* const kept_to = quote == nullptr ? end : static_cast<const char*>(quote) + 1;
    std::memmove(out, from, static_cast<std::size_t>(kept_to - from));
    out += kept_to - from;
    from = quote == nullptr ? end : kept_to + 1;
  }
  return out;
}

/// Cuts at `size` bytes at most, never inside a character.
std::string_view cut_text(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return text.substr(0, size);
}

}  // namespace

CsvReader::CsvReader(Utf8Input& input)
    : input_(input), buffer_(block_bytes + mask_bytes), cells_(max_columns) {}

CsvResult CsvReader::next(CsvRow& row, Arena& arena) {
  for (;;) {
    begin_row();
    if (!walk_to_row_end()) return finish_last_row(row, arena);
    if (!is_blank_row()) return finish_row(row, arena);
    row_begin_ = cell_begin_;
    line_ += lines_in_row_;
  }
}

bool CsvReader::skip_to(const CsvPosition& position) {
  while (base_ + static_cast<std::uint64_t>(end_) < position.offset_bytes) {
    row_begin_ = cell_begin_ = scanned_ = end_;
    if (!fill()) return false;
  }
  if (position.offset_bytes < base_) return false;
  row_begin_ = scanned_ = static_cast<std::ptrdiff_t>(position.offset_bytes - base_);
  cell_begin_ = row_begin_;
  mask_ = 0;
  line_ = position.line;
  return true;
}

bool CsvReader::is_blank_row() const {
  return is_absent(problem_) && cell_count_ == 1 && cells_[0].close == none &&
         cells_[0].begin == cells_[0].end;
}

void CsvReader::begin_row() {
  cell_count_ = 0;
  cell_begin_ = row_begin_;
  quote_ = Quote::none;
  has_doubled_quotes_ = false;
  lines_in_row_ = 0;
  problem_ = {};
  row_position_ = position();
}

/// Collects the cells of one row; false when the input ends first.
/// Rationale: the state of the cell is kept in locals, where the compiler keeps it in registers.
bool CsvReader::walk_to_row_end() {
  for (;;) {
    std::uint64_t mask = mask_;
    Quote quote = quote_;
    std::ptrdiff_t cell_begin = cell_begin_;
    const char* const block = buffer_.data() + block_;
    while (mask != 0) {
      const int bit = std::countr_zero(mask);
      const char byte = block[bit];
      const std::ptrdiff_t at = block_ + bit;
      mask &= mask - 1;
      if (quote == Quote::inside) {
        if (byte == '"') {
          quote = Quote::perhaps_closed;
          close_ = at;
        } else {
          lines_in_row_ += byte == '\n' ? 1 : 0;
        }
        continue;
      }
      if (byte == '"') {
        if (quote == Quote::perhaps_closed && at == close_ + 1) {
          quote = Quote::inside;
          has_doubled_quotes_ = true;
        } else if (at == cell_begin) {
          quote = Quote::inside;
        }
        continue;
      }
      // The start of a row that is being skipped may lie before the buffer.
      const bool is_crlf = byte == '\n' && at > 0 && at > cell_begin && block[bit - 1] == '\r';
      end_cell(cell_begin, at - (is_crlf ? 1 : 0), quote != Quote::none);
      cell_begin = at + 1;
      quote = Quote::none;
      if (byte == '\n') {
        mask_ = mask;
        cell_begin_ = cell_begin;
        ++lines_in_row_;
        return true;
      }
    }
    mask_ = 0;
    quote_ = quote;
    cell_begin_ = cell_begin;
    if (!load_block()) return false;
  }
}

inline void CsvReader::end_cell(std::ptrdiff_t begin, std::ptrdiff_t end, bool is_quoted) {
  const bool is_kept = cell_count_ < max_columns && is_absent(problem_) &&
                       static_cast<std::size_t>(end - begin) <= max_cell_bytes;
  if (is_kept) {
    cells_[cell_count_++] = {begin, end, is_quoted ? close_ : none, has_doubled_quotes_};
  } else if (is_absent(problem_)) {
    give_up_row(cell_count_ == max_columns ? too_many_columns : cell_too_large);
  }
  has_doubled_quotes_ = false;
}

/// Makes the mask of the next bytes; false at the end of the input.
bool CsvReader::load_block() {
  if (scanned_ == end_ && !fill()) return false;
  block_ = scanned_;
  mask_ = special_bytes(buffer_.data() + block_);
  const std::ptrdiff_t count = std::min(mask_bytes, end_ - scanned_);
  if (count < mask_bytes) mask_ &= (std::uint64_t{1} << count) - 1;
  scanned_ += count;
  return true;
}

/// Reads until the buffer is full, the input ends or somebody asks to stop; false when there was
/// nothing more.
bool CsvReader::fill() {
  if (is_at_end_) return false;
  make_room();
  const std::ptrdiff_t before = end_;
  const auto capacity = static_cast<std::ptrdiff_t>(buffer_.size()) - mask_bytes;
  while (capacity - end_ >= static_cast<std::ptrdiff_t>(Utf8Input::least_buffer_bytes)) {
    const std::size_t count =
        input_.read({buffer_.data() + end_, static_cast<std::size_t>(capacity - end_)});
    is_at_end_ = count == 0;
    if (is_at_end_) break;
    end_ += static_cast<std::ptrdiff_t>(count);
    if (input_.is_asked_to_stop()) break;
  }
  return end_ > before;
}

void CsvReader::make_room() {
  if (is_absent(problem_) && static_cast<std::size_t>(end_ - cell_begin_) > max_cell_bytes) {
    give_up_row(cell_too_large);
  }
  if (is_absent(problem_) && static_cast<std::size_t>(end_ - row_begin_) >= max_row_bytes) {
    give_up_row(row_too_large);
  }
  compact(is_present(problem_) ? scanned_ : row_begin_);
  const std::size_t size = buffer_.size() - mask_bytes;
  if (static_cast<std::size_t>(end_) * 2 > size) {
    buffer_.resize(std::min(size * 2, max_row_bytes) + mask_bytes);
  } else if (size > block_bytes && static_cast<std::size_t>(end_) < block_bytes / 2) {
    std::vector<char> smaller(block_bytes + mask_bytes);
    std::memcpy(smaller.data(), buffer_.data(), static_cast<std::size_t>(end_));
    buffer_ = std::move(smaller);
  }
}

/// The rest of the row is walked over, but not kept.
void CsvReader::give_up_row(Text problem) {
  problem_ = problem;
  const auto size = static_cast<std::size_t>(end_ - row_begin_);
  skipped_ = cut_text({buffer_.data() + row_begin_, size}, excerpt_bytes);
  cell_count_ = 0;
}

/// Forgets the bytes before `keep_from`. What is remembered of the row may then lie before the
/// buffer.
void CsvReader::compact(std::ptrdiff_t keep_from) {
  if (keep_from == 0) return;
  std::memmove(buffer_.data(), buffer_.data() + keep_from,
               static_cast<std::size_t>(end_ - keep_from));
  base_ += static_cast<std::uint64_t>(keep_from);
  end_ -= keep_from;
  scanned_ -= keep_from;
  row_begin_ -= keep_from;
  cell_begin_ -= keep_from;
  close_ -= keep_from;
  for (Cell& cell : std::span(cells_.data(), cell_count_)) {
    cell.begin -= keep_from;
    cell.end -= keep_from;
    if (cell.close != none) cell.close -= keep_from;
  }
}

CsvResult CsvReader::finish_row(CsvRow& row, Arena& arena) {
  row.position = row_position_;
  row.cells.clear();
  const bool is_rejected = is_present(problem_);
  if (is_rejected) {
    row.problem = problem_;
    row.excerpt = arena.copy(skipped_);
  } else {
    take_cells(row, arena);
  }
  row_begin_ = cell_begin_;
  line_ += lines_in_row_;
  return is_rejected ? CsvResult::rejected : CsvResult::row;
}

CsvResult CsvReader::finish_last_row(CsvRow& row, Arena& arena) {
  row.position = row_position_;
  row.cells.clear();
  if (quote_ == Quote::inside) {
    row.excerpt = excerpt(arena);
    row_begin_ = cell_begin_ = end_;
    return CsvResult::cut_off;
  }
  if (is_absent(problem_) && row_begin_ == end_) return CsvResult::end;
  const bool ends_in_cr =
      end_ > 0 && end_ > cell_begin_ && buffer_[static_cast<std::size_t>(end_ - 1)] == '\r';
  end_cell(cell_begin_, end_ - (ends_in_cr ? 1 : 0), quote_ != Quote::none);
  cell_begin_ = end_;
  if (is_blank_row()) {
    row_begin_ = end_;
    return CsvResult::end;
  }
  return finish_row(row, arena);
}

/// Copies the row as it is and takes the quotes off in the copy.
///
/// Rationale: a copy of the row costs some 10 ns; views into the read buffer would make every batch
/// carry the tail of the buffer over, which costs more at the batch sizes in use.
void CsvReader::take_cells(CsvRow& row, Arena& arena) {
  const auto size = static_cast<std::size_t>(cells_[cell_count_ - 1].end - row_begin_);
  char* const copy = static_cast<char*>(arena.allocate(size + 1, 1));
  std::memcpy(copy, buffer_.data() + row_begin_, size);
  row.cells.resize(cell_count_);
  for (std::size_t i = 0; i < cell_count_; ++i) {
    const Cell& cell = cells_[i];
    char* const begin = copy + (cell.begin - row_begin_);
    if (cell.close == none) {
      row.cells[i] = {begin, static_cast<std::size_t>(cell.end - cell.begin)};
      continue;
    }
    char* const close = copy + (cell.close - row_begin_);
    char* end = close;
    if (cell.has_doubled_quotes) end = undouble_quotes(begin + 1, close);
    const auto tail = static_cast<std::size_t>(cell.end - cell.close - 1);
    if (tail != 0) std::memmove(end, close + 1, tail);
    end += tail;
    row.cells[i] = {begin + 1, static_cast<std::size_t>(end - begin - 1)};
  }
}

Text CsvReader::excerpt(Arena& arena) const {
  if (is_present(problem_)) return arena.copy(skipped_);
  const auto size = static_cast<std::size_t>(end_ - row_begin_);
  return arena.copy(cut_text({buffer_.data() + row_begin_, size}, excerpt_bytes));
}

}  // namespace linkferry::common
