#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "common/byte_scan.hpp"

namespace linkferry::common {

/// Writes text to where there is room for it, and for `scan_padding` bytes more. Escaped, a byte
/// takes up to `most_escaped` bytes.
class TextCursor {
 public:
  static constexpr std::size_t most_escaped = 6;
  static constexpr std::size_t number_bytes = 24;

  explicit TextCursor(char* at) : at_(at) {}
  char* at() const { return at_; }

  void append(std::string_view text) {
    if (text.empty()) return;  // an absent text has no address to copy from
    __builtin_memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  /// A constant: its size is known.
  template <std::size_t size>
  void append(const char (&literal)[size]) {
    __builtin_memcpy(at_, literal, size - 1);
    at_ += size - 1;
  }
  void append(char c) { *at_++ = c; }
  void append_blanks(std::size_t count) {
    __builtin_memset(
        at_, ' ', 32);  // there is room for more than needed, and 32 is what one line mostly needs
    if (count > 32) __builtin_memset(at_ + 32, ' ', count - 32);
    at_ += count;
  }
  /// A number in decimal between constants.
  template <std::size_t before_size, std::size_t after_size>
  void append_number(const char (&before)[before_size], std::int64_t number,
                     const char (&after)[after_size]) {
    __builtin_memcpy(at_, before, before_size - 1);
    char* const begin = at_ + before_size - 1;
    char* const end = is_ten_digits(number)
                          ? put_ten_digits(static_cast<std::uint64_t>(number), begin)
                          : put_any_number(number, begin);
    __builtin_memcpy(end, after, after_size - 1);
    at_ = end + after_size - 1;
  }
  /// With `& < > " '` as references, in an attribute the line feed too: an entry stays on one line.
  void append_escaped(std::string_view text, bool is_attribute) {
    at_ = is_attribute ? escape<true>(text, at_) : escape<false>(text, at_);
  }

 private:
  static char* put_any_number(std::int64_t number, char* out);
  static bool is_ten_digits(std::int64_t number) {
    return number >= 1'000'000'000 && number < 10'000'000'000;
  }
  /// The dates of this century.
  static char* put_ten_digits(std::uint64_t number, char* out) {
    const std::uint64_t front = number / 100'000'000;
    const std::uint64_t rest = number % 100'000'000;
    // Each step splits every part into two, until each byte is a digit; the constants divide by 100
    // and by 10.
    std::uint64_t v = rest / 10'000 | rest % 10'000 << 32;
    const std::uint64_t hundreds = (v * 10'486 >> 20) & 0x0000007F0000007F;
    v = hundreds | (v - hundreds * 100) << 16;
    const std::uint64_t tens = (v * 103 >> 10) & 0x000F000F000F000F;
    v = (tens | (v - tens * 10) << 8) + 0x3030303030303030;
    out[0] = static_cast<char>('0' + front / 10);
    out[1] = static_cast<char>('0' + front % 10);
    __builtin_memcpy(out + 2, &v, 8);
    return out + 10;
  }
  template <bool is_attribute>
  static char* escape(std::string_view text, char* out);

  char* at_;
};

/// Room that grows, for writing text without a check per byte.
///
/// Lifetime: what `view` returns is valid until the next append.
class TextBuffer {
 public:
  void clear() { at_ = begin_.get(); }
  std::size_t size() const { return static_cast<std::size_t>(at_ - begin_.get()); }
  bool is_empty() const { return at_ == begin_.get(); }
  std::string_view view() const { return {begin_.get(), size()}; }

  /// Lets `put` append up to `bytes` bytes to a `TextCursor&`, behind one look for room.
  template <class Put>
  void append_with(std::size_t bytes, Put put) {
    ensure(bytes);
    TextCursor cursor(at_);
    put(cursor);
    at_ = cursor.at();
  }
  void append(std::string_view text) {
    append_with(text.size(), [&](TextCursor& out) { out.append(text); });
  }
  template <std::size_t size>
  void append(const char (&literal)[size]) {
    append_with(size, [&](TextCursor& out) { out.append(literal); });
  }
  void append(char c) {
    append_with(1, [&](TextCursor& out) { out.append(c); });
  }
  void append_blanks(std::size_t count) {
    append_with(count, [&](TextCursor& out) { out.append_blanks(count); });
  }
  /// In decimal.
  void append_number(std::int64_t number) { append_number("", number, ""); }
  template <std::size_t before_size, std::size_t after_size>
  void append_number(const char (&before)[before_size], std::int64_t number,
                     const char (&after)[after_size]) {
    append_with(before_size + after_size + TextCursor::number_bytes,
                [&](TextCursor& out) { out.append_number(before, number, after); });
  }
  /// As `TextCursor::append_escaped`.
  void append_escaped(std::string_view text, bool is_attribute) {
    if (text.size() > piece_bytes) [[unlikely]]
      return append_escaped_pieces(text, is_attribute);
    append_with(text.size() * TextCursor::most_escaped,
                [&](TextCursor& out) { out.append_escaped(text, is_attribute); });
  }
  /// Takes room for that much more at once.
  void reserve(std::size_t size) { ensure(size); }
  /// Bytes for the caller to fill in.
  std::span<char> extend(std::size_t size) {
    ensure(size);
    at_ += size;
    return {at_ - size, size};
  }

 private:
  /// Longer texts are escaped in pieces, so that the room for the worst case stays small.
  static constexpr std::size_t piece_bytes = 4096;

  void ensure(std::size_t bytes) {
    if (static_cast<std::size_t>(end_ - at_) < bytes + scan_padding) [[unlikely]]
      grow(bytes);
  }
  void grow(std::size_t bytes);
  void append_escaped_pieces(std::string_view text, bool is_attribute);

  std::unique_ptr<char[]> begin_;
  char* at_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace linkferry::common
