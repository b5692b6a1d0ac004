#include "jsonl/line_reader.hpp"

#include <algorithm>
#include <cstring>

#include "common/json_line.hpp"

namespace linkferry::jsonl {
namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;
constexpr std::size_t kept_of_long_line = 1024;
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// Sizes that repeat, so that the arena can use its blocks again.
std::size_t round_up(std::size_t bytes) {
  constexpr std::size_t step = 64 * 1024;
  return (bytes + step - 1) / step * step;
}

}  // namespace

Lines LineReader::read(Arena& arena, std::size_t max_lines) {
  if (offset_ == 0 && begin_ == 0) skip_mark();
  for (;;) {
    const std::size_t size = find_lines(max_lines);
    if (size != 0) return take(arena, size, is_at_end_ && begin_ + size == end_);
    if (is_at_end_) return take(arena, end_ - begin_, true);
    if (end_ - begin_ > max_line_bytes) return skip_long_line(arena);
    scanned_ = end_;
    fill();
  }
}

bool LineReader::seek(std::uint64_t offset) {
  const std::uint64_t size = file_->size_bytes();
  if ((size != 0 && offset > size) || !file_->rewind()) return false;
  begin_ = end_ = scanned_ = 0;
  offset_ = 0;
  is_at_end_ = false;
  while (offset_ < offset) {
    if (begin_ == end_ && !fill()) break;
    const std::size_t step =
        static_cast<std::size_t>(std::min<std::uint64_t>(end_ - begin_, offset - offset_));
    begin_ += step;
    offset_ += step;
  }
  scanned_ = begin_;
  return true;
}

/// Appends what the file gives next to the buffer. False at its end.
bool LineReader::fill() {
  if (begin_ != 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    scanned_ -= std::min(begin_, scanned_);
    begin_ = 0;
  }
  if (end_ == 0 && buffer_.size() > buffer_bytes) std::vector<char>().swap(buffer_);
  if (end_ == buffer_.size())
    buffer_.resize(std::clamp(end_ * 2, buffer_bytes, max_line_bytes + buffer_bytes));
  const std::size_t count = file_->read({buffer_.data() + end_, buffer_.size() - end_});
  end_ += count;
  is_at_end_ = count == 0;
  return !is_at_end_;
}

void LineReader::skip_mark() {
  while (end_ < byte_order_mark.size() && fill()) {
  }
  if (std::string_view(buffer_.data(), end_).starts_with(byte_order_mark)) {
    begin_ = scanned_ = byte_order_mark.size();
    offset_ = begin_;
  }
}

/// How many bytes of the buffer are whole lines, of those asked for.
std::size_t LineReader::find_lines(std::size_t max_lines) const {
  const char* const start = buffer_.data() + begin_;
  const char* const end = buffer_.data() + end_;
  const char* line = start;
  const char* from = buffer_.data() + std::max(scanned_, begin_);
  for (std::size_t i = 0; i < max_lines && from < end; ++i) {
    const void* const found = std::memchr(from, '\n', static_cast<std::size_t>(end - from));
    if (found == nullptr) break;
    line = from = static_cast<const char*>(found) + 1;
  }
  return static_cast<std::size_t>(line - start);
}

Lines LineReader::take(Arena& arena, std::size_t size, bool is_last) {
  const std::size_t room = round_up(size + common::JsonLine::padding_bytes);
  char* const copy = static_cast<char*>(arena.allocate(room, 1));
  if (size != 0) std::memcpy(copy, buffer_.data() + begin_, size);
  std::memset(copy + size, '\n', common::JsonLine::padding_bytes);
  arena.shrink_last(room, size + common::JsonLine::padding_bytes);
  begin_ += size;
  offset_ += size;
  scanned_ = begin_;
  return {{copy, size}, false, is_last};
}

Lines LineReader::skip_long_line(Arena& arena) {
  Lines lines = take(arena, std::min(kept_of_long_line, end_ - begin_), false);
  lines.is_too_long = true;
  for (;;) {
    const char* const start = buffer_.data() + begin_;
    const void* const found = begin_ == end_ ? nullptr : std::memchr(start, '\n', end_ - begin_);
    const std::size_t size =
        found == nullptr ? end_ - begin_
                         : static_cast<std::size_t>(static_cast<const char*>(found) - start) + 1;
    begin_ += size;
    offset_ += size;
    scanned_ = begin_;
    if (found != nullptr || !fill()) break;
  }
  lines.is_last = is_at_end_ && begin_ == end_;
  return lines;
}

}  // namespace linkferry::jsonl
