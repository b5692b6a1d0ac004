#include "common/netscape_dates.hpp"

#include <chrono>

#include "common/html_text.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry::common {
namespace {

std::optional<unsigned> take_month(std::string_view& text) {
  constexpr std::string_view names = "janfebmaraprmayjunjulaugsepoctnovdec";
  for (unsigned month = 0; month < 12; ++month) {
    if (!starts_with_lower(text, names.substr(month * std::size_t{3}, 3))) continue;
    text.remove_prefix(3);
    return month + 1;
  }
  return {};
}

/// `10/Oct/2000:13:55:36 +0300`; without a zone it is UTC.
Timestamp parse_common_log(std::string_view text) {
  using linkferry::detail::take;
  using linkferry::detail::take_digits;
  const auto day = take_digits(text, 2);
  if (!day || !take(text, '/')) return {};
  const auto month = take_month(text);
  if (!month || !take(text, '/')) return {};
  const auto year = take_digits(text, 4);
  if (!year || !take(text, ':')) return {};
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return {};
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59 || !take(text, ':')) return {};
  const auto second = take_digits(text, 2);
  if (!second || *second > 60) return {};
  int zone = 0;
  if (take(text, ' ')) {
    const auto read = linkferry::detail::take_zone(text);
    if (!read) return {};
    zone = *read;
  }
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{*month},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!text.empty() || !date.ok()) return {};
  const std::int64_t midnight =
      std::chrono::sys_days{date}.time_since_epoch().count() * std::int64_t{86'400};
  const Timestamp time{midnight + *hour * 3600 + *minute * 60 + *second - zone, 0,
                       Precision::second};
  return time.seconds < first_second || time.seconds > last_second ? Timestamp{} : time;
}

bool is_zero(Text text) { return text.find_first_not_of("0") == Text::npos; }

}  // namespace

Timestamp detail::parse_other_date(Text text, bool& is_no_date) {
  text = trimmed(text);
  if (is_zero(text)) return {};
  Timestamp time = parse_epoch(text);
  if (!time.is_known()) time = parse_common_log(text);
  if (!time.is_known()) time = parse_rfc3339(text);
  if (!time.is_known()) is_no_date = true;
  return time;
}

}  // namespace linkferry::common
