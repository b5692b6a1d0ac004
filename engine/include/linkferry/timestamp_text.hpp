#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "linkferry/bookmark.hpp"

/// Dates as texts. Strict: what is not a date from the first byte to the last is no date.
namespace linkferry {

/// The years that RFC 3339 can write.
inline constexpr std::int64_t first_second = -62'135'596'800;  ///< 0001-01-01T00:00:00Z
inline constexpr std::int64_t last_second = 253'402'300'799;   ///< 9999-12-31T23:59:59Z

namespace detail {

/// Reads exactly `count` digits at the front and takes them off; nothing when they are not there.
inline std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return {};
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return {};
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

inline bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

/// `Z`, `+02:00`, `+0200` or `+02` as seconds east of UTC.
inline std::optional<int> take_zone(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return 0;
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return {};
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto hours = take_digits(text, 2);
  if (!hours || *hours > 23) return {};
  take(text, ':');
  int minutes = 0;
  if (!text.empty()) {
    const auto read = take_digits(text, 2);
    if (!read || *read > 59) return {};
    minutes = *read;
  }
  return sign * (*hours * 3600 + minutes * 60);
}

/// `.5` up to `.123456789` (further digits are cut) into nanoseconds and the precision they show.
inline bool take_fraction(std::string_view& text, Timestamp& time) {
  if (!take(text, '.') && !take(text, ',')) return true;
  std::size_t digits = 0;
  std::uint32_t value = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (digits < 9) value = value * 10 + static_cast<std::uint32_t>(text.front() - '0'), ++digits;
    text.remove_prefix(1);
  }
  if (digits == 0) return false;
  time.precision = digits <= 3   ? Precision::millisecond
                   : digits <= 6 ? Precision::microsecond
                                 : Precision::nanosecond;
  for (; digits < 9; ++digits) value *= 10;
  time.nanoseconds = value;
  return true;
}

}  // namespace detail

/// Reads `2024-09-03`, `2024-09-03T20:06:53Z`, `2024-09-03 20:06:53.347+02:00`. A time without a
/// zone is read as UTC. Unknown (never an error) for anything else, impossible days included.
/// Source: RFC 3339 section 5.6 with the blank for `T`, and the zone forms of ISO 8601 (read
/// 2026-11-22).
inline Timestamp parse_rfc3339(std::string_view text) {
  const auto year = detail::take_digits(text, 4);
  if (!year || !detail::take(text, '-')) return {};
  const auto month = detail::take_digits(text, 2);
  if (!month || !detail::take(text, '-')) return {};
  const auto day = detail::take_digits(text, 2);
  if (!day) return {};
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return {};
  Timestamp time{std::chrono::sys_days{date}.time_since_epoch().count() * std::int64_t{86'400}, 0,
                 Precision::day};
  if (text.empty()) return time;
  if (!detail::take(text, 'T') && !detail::take(text, 't') && !detail::take(text, ' ')) return {};
  const auto hour = detail::take_digits(text, 2);
  if (!hour || *hour > 23 || !detail::take(text, ':')) return {};
  const auto minute = detail::take_digits(text, 2);
  if (!minute || *minute > 59) return {};
  int second = 0;
  if (detail::take(text, ':')) {
    const auto read = detail::take_digits(text, 2);
    if (!read || *read > 60) return {};
    second = *read;
  }
  time.precision = Precision::second;
  if (!detail::take_fraction(text, time)) return {};
  int zone = 0;
  if (!text.empty()) {
    const auto read = detail::take_zone(text);
    if (!read) return {};
    zone = *read;
  }
  if (!text.empty()) return {};
  time.seconds += *hour * 3600 + *minute * 60 + second - zone;
  if (time.seconds < first_second || time.seconds > last_second) return {};
  return time;
}

/// `2024-09-03T20:06:53.347Z`, with the digits of the precision; `2024-09-03` for a day. Empty for
/// unknown.
inline std::string format_rfc3339(const Timestamp& time) {
  if (!time.is_known()) return {};
  using namespace std::chrono;
  const sys_seconds instant{seconds{time.seconds}};
  const sys_days midnight = floor<days>(instant);
  const year_month_day date{midnight};
  const hh_mm_ss clock{instant - midnight};
  std::string text(32, '\0');
  char* out = text.data();
  const auto put = [&out](std::uint64_t value, int width) {
    for (int i = width - 1; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
    out += width;
  };
  put(static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
  *out++ = '-';
  put(static_cast<unsigned>(date.month()), 2);
  *out++ = '-';
  put(static_cast<unsigned>(date.day()), 2);
  if (time.precision != Precision::day) {
    *out++ = 'T';
    put(static_cast<std::uint64_t>(clock.hours().count()), 2);
    *out++ = ':';
    put(static_cast<std::uint64_t>(clock.minutes().count()), 2);
    *out++ = ':';
    put(static_cast<std::uint64_t>(clock.seconds().count()), 2);
    if (time.precision >= Precision::millisecond) {
      *out++ = '.';
      if (time.precision == Precision::millisecond) put(time.nanoseconds / 1'000'000, 3);
      if (time.precision == Precision::microsecond) put(time.nanoseconds / 1'000, 6);
      if (time.precision == Precision::nanosecond) put(time.nanoseconds, 9);
    }
    *out++ = 'Z';
  }
  text.resize(static_cast<std::size_t>(out - text.data()));
  return text;
}

/// Reads a count since 1970 whose unit shows in its size: seconds, milliseconds, microseconds or
/// nanoseconds. Unknown for `0`, for the empty text and for what is no number or out of range.
/// Negative is before 1970. Source: the units seen in real exports; |v| < 1e11 s, < 1e14 ms, < 1e17
/// us, else ns.
inline Timestamp parse_epoch(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value == 0) return {};
  const std::uint64_t size =
      value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  Timestamp time;
  std::int64_t per_second = 1;
  if (size < 100'000'000'000ULL) {
    time.precision = Precision::second;
  } else if (size < 100'000'000'000'000ULL) {
    time.precision = Precision::millisecond, per_second = 1'000;
  } else if (size < 100'000'000'000'000'000ULL) {
    time.precision = Precision::microsecond, per_second = 1'000'000;
  } else {
    time.precision = Precision::nanosecond, per_second = 1'000'000'000;
  }
  time.seconds = value / per_second;
  std::int64_t rest = value % per_second;
  if (rest < 0) rest += per_second, --time.seconds;
  time.nanoseconds = static_cast<std::uint32_t>(rest * (1'000'000'000 / per_second));
  if (time.seconds < first_second || time.seconds > last_second) return {};
  return time;
}

/// The same instant with no more than `precision`; finer digits are cut (towards the past).
inline Timestamp cut_to(Timestamp time, Precision precision) {
  if (time.precision <= precision) return time;
  if (precision == Precision::day) {
    std::int64_t days = time.seconds / 86'400;
    if (time.seconds % 86'400 < 0) --days;
    return {days * 86'400, 0, Precision::day};
  }
  const std::uint32_t unit = precision == Precision::second        ? 1'000'000'000
                             : precision == Precision::millisecond ? 1'000'000
                                                                   : 1'000;
  time.nanoseconds = time.nanoseconds / unit * unit;
  time.precision = precision;
  return time;
}

}  // namespace linkferry
