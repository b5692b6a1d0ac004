#pragma once

#include <string>
#include <variant>

#include "schedule/schedule.hpp"
#include "support/catch.hpp"

namespace linkferry::test {

/// The cron expression; fails the test where it is none.
inline Cron cron_of(const std::string& text) {
  const auto parsed = Cron::parse(text);
  INFO(text);
  REQUIRE(std::holds_alternative<Cron>(parsed));
  return std::get<Cron>(parsed);
}

inline Zone zone_of(const std::string& name) {
  const auto zone = Zone::find(name);
  INFO(name);
  REQUIRE(zone);
  return *zone;
}

inline Schedule by_cron(const std::string& text, const std::string& zone = "UTC") {
  Schedule schedule;
  schedule.cron = cron_of(text);
  schedule.cron_text = text;
  schedule.zone = zone_of(zone);
  return schedule;
}

inline Schedule by_interval(std::chrono::seconds every) {
  Schedule schedule;
  schedule.every = every;
  return schedule;
}

/// A moment of UTC.
inline Moment at(int year, unsigned month, unsigned day, int hour = 0, int minute = 0,
                 int second = 0) {
  using namespace std::chrono;
  return sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day)) +
         hours(hour) + minutes(minute) + seconds(second);
}

}  // namespace linkferry::test
