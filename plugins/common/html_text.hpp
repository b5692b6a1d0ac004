#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/byte_scan.hpp"
#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

/// HTML text in and out: character references and blanks. Used by every format that looks like
/// HTML.
namespace linkferry::common {

/// Which `&…` count as character references.
/// Source: WHATWG HTML, section 13.2.5.72 "Character reference state", read 2026-11-22.
enum class References {
  text,       ///< as in text: 106 old names need no `;`
  attribute,  ///< as in attribute values: without `;`, and followed by `=`, a letter or a digit, it
              ///< is literal
  with_end,   ///< only those that end in `;`: URLs are often written with raw `&`
  none,       ///< the file does not escape
};

/// Decodes once. Returns `raw` itself when there is nothing to decode, else new text in `arena`.
/// Code points that are none become U+FFFD; 128 to 159 are read as windows-1252, as HTML says.
Text decode_references(Text raw, References rule, Arena& arena);

/// Without HTML's blanks at both ends; what is left empty is absent.
inline Text trimmed(Text text) {
  const char* p = text.data();
  const char* end = p + text.size();
  while (p < end && is_blank(*p)) ++p;
  while (end > p && is_blank(end[-1])) --end;
  if (p == end) return {};
  return {p, static_cast<std::size_t>(end - p)};
}

/// The same for a text of one line: line ends inside, with the blanks around them, become one
/// blank. Returns a part of `text` where that is enough, else new text in `arena`.
Text one_line(Text text, Arena& arena);

/// Whether there is a byte below 0x20 (a control character) in `text`.
inline bool has_control(Text text) {
  const char* p = text.data();
  const std::size_t size = text.size();
#if defined(__SSE2__)
  if (size >= 16) {
    const auto are = [](__m128i block) {
      return _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1F)), block)) !=
             0;
    };
    const char* const last = p + size - 16;
    for (; p < last; p += 16) {
      if (are(detail::load(p))) return true;
    }
    return are(detail::load(last));
  }
#endif
  constexpr std::uint64_t every = 0x0101010101010101;
  const auto are = [](std::uint64_t v) { return ((v - every * 0x20) & ~v & (every * 0x80)) != 0; };
  if (size >= 8) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < size; i += 8) {
      __builtin_memcpy(&word, p + (i + 8 <= size ? i : size - 8), 8);
      if (are(word)) return true;
    }
    return false;
  }
  bool is_found = false;
  for (std::size_t i = 0; i < size; ++i)
    is_found = is_found || static_cast<unsigned char>(p[i]) < 0x20;
  return is_found;
}

/// Whether `one_line` would return `text` as it is.
bool is_one_line(Text text);

/// Whether `text` begins with `prefix`, which is in lower case, in any case.
inline bool starts_with_lower(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    if (to_lower(text[i]) != prefix[i]) return false;
  }
  return true;
}

/// Whether both are equal but for the case of ASCII letters; `lower` is in lower case.
inline bool equals_lower(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() && starts_with_lower(text, lower);
}

/// Where `lower`, which is in lower case, begins in `text` in any case; npos when nowhere.
std::size_t find_lower(std::string_view text, std::string_view lower, std::size_t from = 0);

/// Room that grows, for writing text without a check per byte.
///
/// Lifetime: what `view` returns is valid until the next append.
class TextBuffer {
 public:
  void clear() { at_ = begin_.get(); }
  std::string_view view() const {
    return {begin_.get(), static_cast<std::size_t>(at_ - begin_.get())};
  }

  void append(std::string_view text) {
    if (text.empty()) return;  // an absent text has no address to copy from
    ensure(text.size());
    __builtin_memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  /// A constant: its size is known.
  template <std::size_t size>
  void append(const char (&literal)[size]) {
    ensure(size);
    __builtin_memcpy(at_, literal, size - 1);
    at_ += size - 1;
  }
  void append(char c) {
    ensure(1);
    *at_++ = c;
  }
  void append_blanks(std::size_t count) {
    ensure(count);
    __builtin_memset(
        at_, ' ', 32);  // there is room for more than needed, and 32 is what one line mostly needs
    if (count > 32) __builtin_memset(at_ + 32, ' ', count - 32);
    at_ += count;
  }
  /// In decimal.
  void append_number(std::int64_t number) {
    ensure(24);
    if (number >= 1'000'000'000 && number < 10'000'000'000) [[likely]] {
      append_ten_digits(static_cast<std::uint64_t>(number));
    } else {
      append_any_number(number);
    }
  }
  /// With `& < > " '` as references, in an attribute the line feed too: an entry stays on one line.
  void append_escaped(std::string_view text, bool is_attribute) {
    if (text.size() > piece_bytes) [[unlikely]]
      return append_escaped_pieces(text, is_attribute);
    ensure(text.size() * 6);
    is_attribute ? escape<true>(text) : escape<false>(text);
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
  void append_any_number(std::int64_t number);
  /// The dates of this century.
  void append_ten_digits(std::uint64_t number) {
    const std::uint64_t front = number / 100'000'000;
    const std::uint64_t rest = number % 100'000'000;
    // Each step splits every part into two, until each byte is a digit; the constants divide by 100
    // and by 10.
    std::uint64_t v = rest / 10'000 | rest % 10'000 << 32;
    const std::uint64_t hundreds = (v * 10'486 >> 20) & 0x0000007F0000007F;
    v = hundreds | (v - hundreds * 100) << 16;
    const std::uint64_t tens = (v * 103 >> 10) & 0x000F000F000F000F;
    v = (tens | (v - tens * 10) << 8) + 0x3030303030303030;
    at_[0] = static_cast<char>('0' + front / 10);
    at_[1] = static_cast<char>('0' + front % 10);
    __builtin_memcpy(at_ + 2, &v, 8);
    at_ += 10;
  }
  template <bool is_attribute>
  void escape(std::string_view text);

  std::unique_ptr<char[]> begin_;
  char* at_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace linkferry::common
