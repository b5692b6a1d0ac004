#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

#include "linkferry/bookmark.hpp"

namespace linkferry::common {

/// Writes JSON into a buffer that grows. It knows texts and dates; commas and braces are the
/// caller's.
///
/// Thread: one at a time.
class JsonWriter {
 public:
  /// Appends bytes as they are.
  void raw(std::string_view bytes) {
    reserve(bytes.size());
    std::memcpy(end_, bytes.data(), bytes.size());
    end_ += bytes.size();
  }

  /// Appends a text in quotes. Escapes only what must be: quotes, backslashes and control
  /// characters; everything else stays UTF-8 as it is. Source: RFC 8259 section 7 (read
  /// 2026-11-22).
  void text(std::string_view text);

  /// Appends a known date in quotes, with the digits of its precision:
  /// `"2024-09-03T20:06:53.347Z"`, `"2024-09-03"`.
  void date(const Timestamp& time);

  /// Takes the newest `count` bytes off again.
  void drop_last(std::size_t count) { end_ -= count; }

  std::string_view bytes() const {
    return {start_.get(), static_cast<std::size_t>(end_ - start_.get())};
  }
  std::size_t size() const { return static_cast<std::size_t>(end_ - start_.get()); }
  /// Empties the buffer but keeps its room.
  void clear() { end_ = start_.get(); }

 private:
  /// Longer texts are escaped piece by piece, so that the room for the worst case stays small.
  static constexpr std::size_t piece_bytes = 16 * 1024;

  void reserve(std::size_t bytes) {
    if (static_cast<std::size_t>(limit_ - end_) < bytes) grow(bytes);
  }
  void grow(std::size_t bytes);

  std::unique_ptr<char[]> start_;
  char* end_ = nullptr;
  char* limit_ = nullptr;
};

}  // namespace linkferry::common
