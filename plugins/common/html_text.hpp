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

/// Whether there is a byte below 0x20 (a control character) in `text`.
inline bool has_control(Text text) {
  const char* p = text.data();
  const std::size_t size = text.size();
#if defined(__SSE2__)
  const auto mask_of = [](__m128i block) {
    return static_cast<unsigned>(
        _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1F)), block)));
  };
  if (size < 16) return (mask_of(detail::load_part(p, size)) & ((1U << size) - 1)) != 0;
  const char* const last = p + size - 16;
  for (; p < last; p += 16) {
    if (mask_of(detail::load(p)) != 0) return true;
  }
  return mask_of(detail::load(last)) != 0;
#else
  bool is_found = false;
  for (std::size_t i = 0; i < size; ++i)
    is_found = is_found || static_cast<unsigned char>(p[i]) < 0x20;
  return is_found;
#endif
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

}  // namespace linkferry::common
