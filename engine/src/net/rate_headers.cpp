#include "net/rate_headers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "linkferry/timestamp_text.hpp"

namespace linkferry {
namespace {

using std::chrono::milliseconds;
using SystemTime = std::chrono::system_clock::time_point;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  text = trimmed(text);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // A fraction ("12.5") is cut: all these numbers are seconds or counts.
  const bool is_whole = end == text.data() + text.size() || (end != text.data() && *end == '.');
  if (error != std::errc{} || !is_whole) return {};
  return value;
}

std::optional<unsigned> parse_month(std::string_view name) {
  constexpr std::array<std::string_view, 12> names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return {};
  return static_cast<unsigned>(found - names.begin()) + 1;
}

std::optional<std::chrono::seconds> parse_time_of_day(std::string_view text) {
  const auto hour = detail::take_digits(text, 2);
  if (!hour || *hour > 23 || !detail::take(text, ':')) return {};
  const auto minute = detail::take_digits(text, 2);
  if (!minute || *minute > 59 || !detail::take(text, ':')) return {};
  const auto second = detail::take_digits(text, 2);
  if (!second || *second > 60 || !text.empty()) return {};
  return std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second};
}

std::optional<std::chrono::sys_seconds> make_date(std::optional<int> year,
                                                  std::optional<unsigned> month,
                                                  std::optional<int> day, std::string_view time) {
  const auto of_day = parse_time_of_day(time);
  if (!year || !month || !day || !of_day) return {};
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{*month},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return {};
  return std::chrono::sys_days{date} + *of_day;
}

/// `22 Nov 2026 01:15:00 GMT`, after the day's name.
std::optional<std::chrono::sys_seconds> parse_fixed_date(std::string_view text) {
  const auto day = detail::take_digits(text, 2);
  if (!day || !detail::take(text, ' ')) return {};
  const auto month = parse_month(text.substr(0, 3));
  text.remove_prefix(std::min<std::size_t>(3, text.size()));
  if (!detail::take(text, ' ')) return {};
  const auto year = detail::take_digits(text, 4);
  if (!detail::take(text, ' ') || !text.ends_with(" GMT")) return {};
  return make_date(year, month, day, text.substr(0, text.size() - 4));
}

/// `22-Nov-26 01:15:00 GMT` of RFC 850: years from 70 on are of the last century.
std::optional<std::chrono::sys_seconds> parse_short_date(std::string_view text) {
  const auto day = detail::take_digits(text, 2);
  if (!day || !detail::take(text, '-')) return {};
  const auto month = parse_month(text.substr(0, 3));
  text.remove_prefix(std::min<std::size_t>(3, text.size()));
  if (!detail::take(text, '-')) return {};
  auto year = detail::take_digits(text, 2);
  if (!year || !detail::take(text, ' ') || !text.ends_with(" GMT")) return {};
  *year += *year < 70 ? 2000 : 1900;
  return make_date(year, month, day, text.substr(0, text.size() - 4));
}

/// `Nov 22 01:15:00 2026` of asctime, after the day's name; the day may be ` 2`.
std::optional<std::chrono::sys_seconds> parse_asctime(std::string_view text) {
  if (text.size() != 20 || text[3] != ' ' || text[6] != ' ' || text[15] != ' ') return {};
  std::string day(text.substr(4, 2));
  if (day[0] == ' ') day[0] = '0';
  std::string_view day_digits = day;
  std::string_view year = text.substr(16);
  const auto day_number = detail::take_digits(day_digits, 2);
  return make_date(detail::take_digits(year, 4), parse_month(text.substr(0, 3)), day_number,
                   text.substr(7, 8));
}

/// Rationale: the system clock counts nanoseconds, which end in the year 2262; servers may say any
/// year.
using Date = std::chrono::sys_time<milliseconds>;

/// What the server's clock says, so that only differences of its own dates count.
Date date_of(const HttpHeaders& headers, SystemTime local_date) {
  if (const auto field = headers.find("Date")) {
    if (const auto date = parse_http_date(trimmed(*field))) return *date;
  }
  return std::chrono::floor<milliseconds>(local_date);
}

std::optional<std::string_view> find_field(const HttpHeaders& headers, const std::string& name) {
  if (const auto found = headers.find("X-RateLimit-" + name)) return found;
  return headers.find("RateLimit-" + name);
}

std::optional<milliseconds> parse_reset(std::string_view text, Date server_date) {
  text = trimmed(text);
  constexpr std::uint64_t first_epoch = 1'000'000'000;
  Date reset;
  if (const auto number = parse_number(text)) {
    if (*number < first_epoch)
      return std::min(milliseconds(std::min<std::uint64_t>(*number, 86'400) * 1000),
                      RateLimit::longest_reset);
    if (*number > static_cast<std::uint64_t>(last_second)) return {};
    reset = Date(std::chrono::seconds(static_cast<std::int64_t>(*number)));
  } else {
    const Timestamp time = parse_rfc3339(text);
    if (!time.is_known() || time.precision == Precision::day) return {};
    // Rounded up: to ask a moment too early would cost a request.
    reset = Date(std::chrono::seconds(time.seconds) +
                 milliseconds((time.nanoseconds + 999'999) / 1'000'000));
  }
  return std::clamp(reset - server_date, milliseconds(0), RateLimit::longest_reset);
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos)
    return text.size() > 4 && text[3] == ' ' ? parse_asctime(text.substr(4)) : std::nullopt;
  text = trimmed(text.substr(comma + 1));
  if (const auto date = parse_fixed_date(text)) return date;
  return parse_short_date(text);
}

std::optional<milliseconds> read_retry_after(const HttpHeaders& headers, SystemTime local_date) {
  const auto field = headers.find("Retry-After");
  if (!field) return {};
  constexpr std::uint64_t year_seconds = 366ULL * 86'400;
  if (const auto seconds = parse_number(*field))
    return std::chrono::seconds(std::min(*seconds, year_seconds));
  const auto date = parse_http_date(trimmed(*field));
  if (!date) return {};
  return std::max(Date(*date) - date_of(headers, local_date), milliseconds(0));
}

RateLimit read_rate_limit(const HttpHeaders& headers, SystemTime local_date) {
  RateLimit found;
  if (const auto field = find_field(headers, "Limit")) found.limit = parse_number(*field);
  if (const auto field = find_field(headers, "Remaining")) found.remaining = parse_number(*field);
  if (const auto field = find_field(headers, "Reset"))
    found.reset_in = parse_reset(*field, date_of(headers, local_date));
  return found;
}

}  // namespace linkferry
