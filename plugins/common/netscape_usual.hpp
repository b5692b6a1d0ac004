#pragma once

#include <cstring>
#include <string_view>

#include "common/netscape_attributes.hpp"

/// The attributes as browsers write them: `NAME="value"` with one blank before it, in upper case.
/// Rationale: nearly all tags are so, and then a comparison finds what is searched for elsewhere.
namespace linkferry::common {
namespace detail {

struct UsualName {
  NetscapeAttribute attribute = NetscapeAttribute::other;
  std::size_t size = 0;  ///< of `NAME="`
};

inline UsualName usual_name(const char* p) {
  const auto begins = [p](std::string_view literal) {
    return std::memcmp(p, literal.data(), literal.size()) == 0;
  };
  switch (*p) {
    case 'A':
      if (begins("ADD_DATE=\"")) return {NetscapeAttribute::add_date, 10};
      break;
    case 'H':
      if (begins("HREF=\"")) return {NetscapeAttribute::href, 6};
      break;
    case 'I':
      if (begins("ICON=\"")) return {NetscapeAttribute::icon, 6};
      if (begins("ICON_URI=\"")) return {NetscapeAttribute::icon_uri, 10};
      break;
    case 'L':
      if (begins("LAST_MODIFIED=\"")) return {NetscapeAttribute::last_modified, 15};
      break;
    case 'P':
      if (begins("PRIVATE=\"")) return {NetscapeAttribute::is_private, 9};
      break;
    case 'T':
      if (begins("TAGS=\"")) return {NetscapeAttribute::tags, 6};
      if (begins("TOREAD=\"")) return {NetscapeAttribute::to_read, 8};
      break;
    default:
      break;
  }
  return {};
}

/// Both dates as Firefox writes them; 0 stands for any digit.
inline constexpr std::string_view usual_dates =
    "ADD_DATE=\"0000000000\" LAST_MODIFIED=\"0000000000\"";

/// Whether `p` begins like `usual_dates`, and ends or goes on as usual. Padded.
inline bool begins_usual_dates(const char* p) {
  const char next = p[usual_dates.size()];
  if (next != ' ' && next != '>') return false;
#if defined(__SSE2__)
  static_assert(usual_dates.size() == 48);
  // Rationale: three steps of 16 bytes instead of a search for two names and two quotes. A byte is
  // at most as much above its pattern as it may be: 9 for a digit, else 0.
  __m128i fits = _mm_set1_epi8(-1);
  for (std::size_t i = 0; i < usual_dates.size(); i += 16) {
    const __m128i pattern = load(usual_dates.data() + i);
    const __m128i most =
        _mm_and_si128(_mm_cmpeq_epi8(pattern, _mm_set1_epi8('0')), _mm_set1_epi8(9));
    const __m128i above = _mm_sub_epi8(load(p + i), pattern);
    fits = _mm_and_si128(fits, _mm_cmpeq_epi8(_mm_min_epu8(above, most), above));
  }
  return _mm_movemask_epi8(fits) == 0xFFFF;
#else
  return static_cast<void>(p), false;
#endif
}

}  // namespace detail

/// Reads usual attributes up to the `>`, and moves behind it. False where something else comes;
/// then `p` stands before that. `notes` and `present` are of the attributes before.
[[gnu::always_inline]] inline bool NetscapeAttributes::take_usual(const char*& start,
                                                                  const char* end, ScanNotes notes,
                                                                  std::uint32_t present) {
  constexpr std::size_t first_date = detail::usual_dates.find('0');
  constexpr std::size_t second_date = detail::usual_dates.size() - 11;
  constexpr std::uint32_t dates = 1U << static_cast<unsigned>(NetscapeAttribute::add_date) |
                                  1U << static_cast<unsigned>(NetscapeAttribute::last_modified);
  const auto keep = [&](NetscapeAttribute name, Text value) {
    const std::uint32_t bit = 1U << static_cast<unsigned>(name);
    if ((present & bit) == 0) known_[static_cast<std::size_t>(name)] = value;
    present |= bit;
  };
  const char* p = start;
  for (;;) {
    if (*p == ' ') ++p;
    const detail::UsualName name = detail::usual_name(p);
    if (name.attribute == NetscapeAttribute::other) break;
    if (name.attribute == NetscapeAttribute::add_date && (present & dates) == 0 &&
        detail::begins_usual_dates(p)) {
      known_[static_cast<std::size_t>(NetscapeAttribute::add_date)] = {p + first_date, 10};
      known_[static_cast<std::size_t>(NetscapeAttribute::last_modified)] = {p + second_date, 10};
      present |= dates;
      has_usual_dates_ = true;
      p += detail::usual_dates.size();
      continue;
    }
    const char* const begin = p + name.size;
    const char* const q = find_noting<'"', '<'>(begin, end, notes);
    if (*q != '"' || (q[1] != ' ' && q[1] != '>')) break;
    keep(name.attribute, {begin, static_cast<std::size_t>(q - begin)});
    p = q + 1;
  }
  const bool is_closed = *p == '>';
  start = p + (is_closed ? 1 : 0);
  notes_ = notes;
  present_ = present;
  return is_closed;
}

[[gnu::always_inline]] inline bool NetscapeAttributes::parse_usual(const char*& p,
                                                                   const char* end) {
  others_.clear();
  is_repaired_ = has_usual_dates_ = false;
  return take_usual(p, end, {}, 0);
}

}  // namespace linkferry::common
