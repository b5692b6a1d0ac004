#include "schedule/duration.hpp"

#include <charconv>
#include <cstdint>

namespace linkferry {

namespace {

struct Unit {
  char letter;
  std::int64_t seconds;
};
constexpr Unit units[] = {{'d', 86'400}, {'h', 3'600}, {'m', 60}, {'s', 1}};

}  // namespace

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  constexpr std::uint32_t most = 1'000'000;
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [letter, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || letter + 1 != end || number == 0 || number > most) return {};
  for (const Unit& unit : units) {
    if (unit.letter == *letter) return std::chrono::seconds(unit.seconds * number);
  }
  return {};
}

std::string format_duration(std::chrono::seconds duration) {
  for (const Unit& unit : units) {
    if (duration.count() % unit.seconds == 0 && duration.count() >= unit.seconds)
      return std::to_string(duration.count() / unit.seconds) + unit.letter;
  }
  return "0s";
}

}  // namespace linkferry
