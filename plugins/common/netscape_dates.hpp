#pragma once

#include <cstdint>

#include "linkferry/bookmark.hpp"

namespace linkferry::common {

namespace detail {

inline std::uint64_t load_eight(const char* p) {
  std::uint64_t v = 0;
  __builtin_memcpy(&v, p, 8);
  return v;
}

inline bool are_digits(std::uint64_t v) {
  constexpr std::uint64_t high = 0xF0F0F0F0F0F0F0F0;
  return ((v & high) | (((v + 0x0606060606060606) & high) >> 4)) == 0x3333333333333333;
}

/// The value of eight digits, all at once: each step joins neighbours.
inline std::int64_t value_of_digits(std::uint64_t v) {
  v = (v & 0x0F0F0F0F0F0F0F0F) * 2561 >> 8;
  v = (v & 0x00FF00FF00FF00FF) * 6553601 >> 16;
  return static_cast<std::int64_t>((v & 0x0000FFFF0000FFFF) * 42949672960001 >> 32);
}

Timestamp parse_other_date(Text text, bool& is_no_date);

}  // namespace detail

/// The date that ten digits are, of which the first is not 0: seconds since 1970.
inline void read_usual_date(const char* p, Timestamp& time) {
  // Field by field: the whole would go by way of the stack.
  time.seconds =
      detail::value_of_digits(detail::load_eight(p)) * 100 + (p[8] - '0') * 10 + (p[9] - '0');
  time.nanoseconds = 0;
  time.precision = Precision::second;
}

/// Reads such a date, as nearly all are; false for any other.
inline bool parse_usual_date(Text text, Timestamp& time) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() != 10 || text[0] == '0' || !detail::are_digits(detail::load_eight(text.data())) ||
      !is_digit(text[8]) || !is_digit(text[9])) {
    return false;
  }
  read_usual_date(text.data(), time);
  return true;
}

/// A date as bookmark files have them: a count since 1970 in seconds, milliseconds, microseconds or
/// nanoseconds (its size tells), `10/Oct/2000:13:55:36 +0300`, or RFC 3339. Blanks around it are
/// ignored. Unknown for `0`, for nothing and for what is no date; `is_no_date` is set in the last
/// case only. Source: exports of browsers and services; Common Log Format of the Apache HTTP
/// Server 2.4 documentation (read 2026-11-22).
inline Timestamp parse_netscape_date(Text text, bool& is_no_date) {
  Timestamp time;
  return parse_usual_date(text, time) ? time : detail::parse_other_date(text, is_no_date);
}

}  // namespace linkferry::common
