#include "schedule/cron.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace linkferry {

namespace {

/// What one field may hold.
struct Field {
  const char* name;
  int least;
  int most;
  std::string_view names;  ///< three letters each, of the values from `least` on; may be empty
};

constexpr std::array<Field, 5> fields = {{
    {"minute", 0, 59, ""},
    {"hour", 0, 23, ""},
    {"day of the month", 1, 31, ""},
    {"month", 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"},
    {"day of the week", 0, 7, "sunmontuewedthufrisat"},
}};
constexpr std::size_t weekday_field = 4;

struct BadField {
  std::string message;
};

[[noreturn]] void refuse(const Field& field, std::string_view part, const std::string& why) {
  throw BadField{fmt::format("the {} \"{}\" {}", field.name, part, why)};
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> split_fields(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
    text.remove_prefix(begin);
    if (text.empty()) return words;
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::optional<int> parse_number(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number > 1000) return {};
  return static_cast<int>(number);
}

std::optional<int> find_name(const Field& field, std::string_view text) {
  if (text.size() != 3) return {};
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  for (std::size_t at = 0; at < field.names.size(); at += 3) {
    if (field.names.substr(at, 3) == lower) return field.least + static_cast<int>(at / 3);
  }
  return {};
}

int parse_value(const Field& field, std::string_view text, std::string_view part) {
  if (const auto named = find_name(field, text)) return *named;
  const auto number = parse_number(text);
  if (!number) refuse(field, part, field.names.empty() ? "is no number" : "is no number or name");
  if (*number < field.least || *number > field.most)
    refuse(field, part, fmt::format("is not from {} to {}", field.least, field.most));
  return *number;
}

/// One item of a list: `*`, `5`, `1-5`, the latter two or `*` with `/2`.
std::vector<int> parse_item(const Field& field, std::string_view item) {
  const std::size_t slash = item.find('/');
  const std::string_view range = item.substr(0, slash);
  int first = field.least;
  int last = field.most;
  if (range != "*") {
    const std::size_t hyphen = range.find('-');
    first = parse_value(field, range.substr(0, hyphen), item);
    last = first;
    if (hyphen != std::string_view::npos) {
      last = parse_value(field, range.substr(hyphen + 1), item);
      // Sunday ends a week as well as it begins one.
      if (last < first && last == 0 && field.most == 7) last = 7;
      if (last < first) refuse(field, item, "ends before it begins");
    } else if (slash != std::string_view::npos) {
      refuse(field, item, "has a step but no range");
    }
  }
  int step = 1;
  if (slash != std::string_view::npos) {
    const auto number = parse_number(item.substr(slash + 1));
    if (!number || *number == 0) refuse(field, item, "has a step that is no number from 1 on");
    step = *number;
  }
  std::vector<int> values;
  for (int value = first; value <= last; value += step) values.push_back(value);
  return values;
}

template <std::size_t Size>
void parse_field(std::size_t index, std::string_view text, std::bitset<Size>& set) {
  for (const auto item : split(text, ',')) {
    for (const int value : parse_item(fields[index], item)) {
      // 7 is Sunday, as 0 is.
      set.set(static_cast<std::size_t>(index == weekday_field ? value % 7 : value));
    }
  }
}

/// The first place from `from` on that is set; nothing where there is none.
template <std::size_t Size>
std::optional<std::size_t> first_set(const std::bitset<Size>& set, std::size_t from) {
  for (std::size_t i = from; i < Size; ++i) {
    if (set.test(i)) return i;
  }
  return {};
}

}  // namespace

std::variant<Cron, Cron::Mistake> Cron::parse(std::string_view text) {
  const auto words = split_fields(text);
  if (words.size() != fields.size()) return Mistake{fmt::format("there are {}", words.size())};
  Cron cron;
  try {
    parse_field(0, words[0], cron.minutes_);
    parse_field(1, words[1], cron.hours_);
    parse_field(2, words[2], cron.days_);
    parse_field(3, words[3], cron.months_);
    parse_field(4, words[4], cron.weekdays_);
  } catch (const BadField& bad) {
    return Mistake{bad.message};
  }
  cron.needs_both_days_ = words[2].starts_with('*') || words[4].starts_with('*');
  if (!cron.find_after(LocalMinutes{})) return Mistake{"such a day never comes"};
  return cron;
}

bool Cron::matches_day(std::chrono::local_days day) const {
  const std::chrono::year_month_day date(day);
  if (!months_.test(static_cast<unsigned>(date.month()))) return false;
  const bool is_day = days_.test(static_cast<unsigned>(date.day()));
  const bool is_weekday = weekdays_.test(std::chrono::weekday(day).c_encoding());
  return needs_both_days_ ? is_day && is_weekday : is_day || is_weekday;
}

bool Cron::matches(LocalMinutes time) const {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const auto minute = static_cast<std::size_t>((time - day).count());
  return matches_day(day) && hours_.test(minute / 60) && minutes_.test(minute % 60);
}

std::optional<LocalMinutes> Cron::find_after(LocalMinutes time) const {
  using namespace std::chrono;
  constexpr days calendar_cycle{146'097};  // 400 years, after which everything comes again
  const LocalMinutes from = time + minutes(1);
  const local_days first_day = floor<days>(from);
  for (local_days day = first_day; day <= first_day + calendar_cycle; day += days(1)) {
    if (!matches_day(day)) continue;
    const std::size_t start =
        day == first_day ? static_cast<std::size_t>((from - day).count()) : std::size_t{0};
    for (auto hour = first_set(hours_, start / 60); hour; hour = first_set(hours_, *hour + 1)) {
      const auto minute = first_set(minutes_, *hour == start / 60 ? start % 60 : 0);
      if (minute) return LocalMinutes(day) + hours(*hour) + minutes(*minute);
    }
  }
  return {};
}

LocalMinutes Cron::next_after(LocalMinutes time) const {
  // `parse` has seen that there is one.
  return find_after(time).value_or(LocalMinutes::max());
}

}  // namespace linkferry
