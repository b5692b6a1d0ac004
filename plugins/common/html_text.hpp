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

/// The same text with `scan_padding` zeros behind it, in `arena`.
Text padded(Text text, Arena& arena);

#if defined(__SSE2__)
namespace detail {

/// A text of 1 to 16 bytes in a block of 16, some of them more than once: for asking whether there
/// is such a byte, which needs neither shifts nor a mask.
inline __m128i load_repeating(const char* p, std::size_t size) {
  std::uint64_t front = 0;
  std::uint64_t back = 0;
  if (size >= 8) {
    __builtin_memcpy(&front, p, 8);
    __builtin_memcpy(&back, p + size - 8, 8);
    return _mm_set_epi64x(static_cast<long long>(back), static_cast<long long>(front));
  }
  if (size >= 4) {
    std::uint32_t part[2];
    __builtin_memcpy(&part[0], p, 4);
    __builtin_memcpy(&part[1], p + size - 4, 4);
    return _mm_set1_epi64x(static_cast<long long>(part[0] | std::uint64_t{part[1]} << 32));
  }
  const __m128i sides = _mm_unpacklo_epi8(_mm_set1_epi8(p[0]), _mm_set1_epi8(p[size - 1]));
  return _mm_unpacklo_epi8(sides, _mm_set1_epi8(p[size / 2]));
}

/// Whether `has(block)` is not 0 for one of the blocks of 16 that `text` consists of.
template <class Has>
inline bool has_in_blocks(Text text, Has has) {
  const char* p = text.data();
  if (text.size() < 16) return !text.empty() && has(load_repeating(p, text.size())) != 0;
  const char* const last = p + text.size() - 16;
  for (; p < last; p += 16) {
    if (has(load(p)) != 0) return true;
  }
  return has(load(last)) != 0;
}

}  // namespace detail
#endif

/// Whether there is a byte below 0x20 (a control character) in `text`.
inline bool has_control(Text text) {
#if defined(__SSE2__)
  return detail::has_in_blocks(text, [](__m128i block) {
    return _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1F)), block));
  });
#else
  bool is_found = false;
  for (const char c : text) is_found = is_found || static_cast<unsigned char>(c) < 0x20;
  return is_found;
#endif
}

/// Whether there is a `wanted` in `text`, which mostly is a short one.
template <char wanted>
inline bool has_byte(Text text) {
#if defined(__SSE2__)
  return detail::has_in_blocks(text, detail::mask_of<wanted>);
#else
  return text.find(wanted) != Text::npos;
#endif
}

/// Whether `one_line` would return `text` as it is.
inline bool is_one_line(Text text) {
  if (is_absent(text)) return true;
  if (text.empty() || is_blank(text.front()) || is_blank(text.back())) return false;
  return !has_control(text) || text.find_first_of("\n\r") == Text::npos;
}

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

}  // namespace linkferry::common
