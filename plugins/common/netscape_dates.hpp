#pragma once

#include <cstdint>

#include "linkferry/bookmark.hpp"

namespace linkferry::common {

namespace detail {

/// The value of eight digits, or -1. All eight at once: each step joins neighbours.
inline std::int64_t eight_digits(const char* p) {
  std::uint64_t v = 0;
  __builtin_memcpy(&v, p, 8);
  constexpr std::uint64_t high = 0xF0F0F0F0F0F0F0F0;
  if (((v & high) | (((v + 0x0606060606060606) & high) >> 4)) != 0x3333333333333333) return -1;
  v = (v & 0x0F0F0F0F0F0F0F0F) * 2561 >> 8;
  v = (v & 0x00FF00FF00FF00FF) * 6553601 >> 16;
  return static_cast<std::int64_t>((v & 0x0000FFFF0000FFFF) * 42949672960001 >> 32);
}

Timestamp parse_other_date(Text text, bool& is_no_date);

}  // namespace detail

/// A date as bookmark files have them: a count since 1970 in seconds, milliseconds, microseconds or
/// nanoseconds (its size tells), `10/Oct/2000:13:55:36 +0300`, or RFC 3339. Blanks around it are
/// ignored. Unknown for `0`, for nothing and for what is no date; `is_no_date` is set in the last
/// case only. Source: exports of browsers and services; Common Log Format of the Apache HTTP
/// Server 2.4 documentation (read 2026-11-22).
inline Timestamp parse_netscape_date(Text text, bool& is_no_date) {
  if (text.size() != 10) return detail::parse_other_date(text, is_no_date);
  // Nearly all dates: ten digits are seconds of this century.
  const std::int64_t front = detail::eight_digits(text.data());
  const unsigned tens = static_cast<unsigned>(text[8]) - '0';
  const unsigned ones = static_cast<unsigned>(text[9]) - '0';
  if (front <= 0 || tens > 9 || ones > 9) return detail::parse_other_date(text, is_no_date);
  return {front * 100 + tens * 10 + ones, 0, Precision::second};
}

}  // namespace linkferry::common
