#include "schedule/schedule.hpp"

#include <algorithm>
#include <random>
#include <set>

#include "schedules.hpp"

using namespace linkferry;
using namespace linkferry::test;
using namespace std::chrono_literals;

namespace {

/// What the clocks of a zone show, minute by minute.
class Walk {
 public:
  Walk(const Zone& zone, Moment begin, Moment end) : begin_(begin) {
    for (Moment minute = begin; minute < end; minute += 1min)
      shown_.push_back(zone.local_at(minute));
  }

  /// What the rule says: `cron` is due where the clocks show a time that it has; a time of the day
  /// only when it is shown for the first time, and right after a time of its own was left out.
  std::vector<Moment> due(const Cron& cron, Moment from) const {
    std::vector<Moment> moments;
    std::set<LocalMinutes> seen;
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      bool is_due = cron.matches(shown_[i]);
      if (!cron.is_every_hour() && !seen.empty()) {
        is_due = is_due && !seen.contains(shown_[i]);
        for (auto time = *seen.rbegin() + 1min; time < shown_[i]; time += 1min)
          is_due = is_due || cron.matches(time);
      }
      seen.insert(shown_[i]);
      const Moment minute = begin_ + std::chrono::minutes(i);
      if (is_due && minute > from) moments.push_back(minute);
    }
    return moments;
  }

 private:
  Moment begin_;
  std::vector<LocalMinutes> shown_;
};

std::string random_field(std::mt19937& random, int least, int most) {
  const auto number = [&](int from, int to) {
    return std::to_string(std::uniform_int_distribution<int>(from, to)(random));
  };
  switch (random() % 5) {
    case 0:
    case 1:
      return "*";
    case 2:
      return number(least, most);
    case 3:
      return "*/" + number(1, (most - least) / 2);
    default: {
      const int middle = (least + most) / 2;
      return number(least, middle) + "-" + number(middle, most) + "," + number(least, most);
    }
  }
}

}  // namespace

TEST_CASE("an interval counts from the start of the last run", "[schedule]") {
  CHECK(next_due(by_interval(30min), at(2026, 11, 22, 8, 7, 5)) == at(2026, 11, 22, 8, 37, 5));
}

TEST_CASE("missed runs are left out in whole steps", "[schedule]") {
  const Moment last = at(2026, 11, 22, 8);
  CHECK(next_due_after(by_interval(30min), last, at(2026, 11, 22, 9, 40)) ==
        at(2026, 11, 22, 10, 0));
  CHECK(next_due_after(by_interval(30min), last, at(2026, 11, 22, 9, 30)) ==
        at(2026, 11, 22, 10, 0));
  CHECK(next_due_after(by_cron("15 * * * *"), last, at(2026, 11, 22, 9, 40)) ==
        at(2026, 11, 22, 10, 15));
  // A clock that was put back.
  CHECK(next_due_after(by_interval(30min), last, at(2026, 11, 21)) == at(2026, 11, 21, 0, 30));
}

TEST_CASE("a cron expression is read by the clocks of its zone", "[schedule][zone]") {
  const Moment after = at(2026, 11, 22, 8);
  CHECK(next_due(by_cron("0 12 * * *", "Europe/Berlin"), after) == at(2026, 11, 22, 11));
  CHECK(next_due(by_cron("0 12 * * *", "America/New_York"), after) == at(2026, 11, 22, 17));
  CHECK(next_due(by_cron("0 12 * * *", "Asia/Kathmandu"), after) == at(2026, 11, 23, 6, 15));
}

TEST_CASE("a time of the day that is left out counts right after the gap, once",
          "[schedule][zone]") {
  // Berlin, 2026-03-29: from 02:00 to 03:00 at 01:00 UTC.
  const auto half_past_two = by_cron("30 2 * * *", "Europe/Berlin");
  CHECK(next_due(half_past_two, at(2026, 3, 28, 12)) == at(2026, 3, 29, 1, 0));
  CHECK(next_due(half_past_two, at(2026, 3, 29, 1, 0)) == at(2026, 3, 30, 0, 30));
  const auto several = by_cron("*/10 2 * * *", "Europe/Berlin");
  CHECK(next_due(several, at(2026, 3, 29, 0, 59)) == at(2026, 3, 29, 1, 0));
  CHECK(next_due(several, at(2026, 3, 29, 1, 0)) == at(2026, 3, 30, 0, 0));
  // Samoa left out a whole day, 2011-12-30, at 10:00 UTC.
  const auto noon = by_cron("0 12 * * *", "Pacific/Apia");
  CHECK(next_due(noon, at(2011, 12, 29, 23)) == at(2011, 12, 30, 10, 0));
  CHECK(next_due(noon, at(2011, 12, 30, 10, 0)) == at(2011, 12, 30, 22, 0));
}

TEST_CASE("a time of the day that comes twice counts once", "[schedule][zone]") {
  // Berlin, 2026-10-25: from 03:00 back to 02:00 at 01:00 UTC.
  const auto half_past_two = by_cron("30 2 * * *", "Europe/Berlin");
  CHECK(next_due(half_past_two, at(2026, 10, 24, 12)) == at(2026, 10, 25, 0, 30));
  CHECK(next_due(half_past_two, at(2026, 10, 25, 0, 30)) == at(2026, 10, 26, 1, 30));
  // Also when asked between the two.
  CHECK(next_due(half_past_two, at(2026, 10, 25, 1, 10)) == at(2026, 10, 26, 1, 30));
}

TEST_CASE("a schedule of every hour keeps its interval when clocks are changed",
          "[schedule][zone]") {
  const auto hourly = by_cron("30 * * * *", "Europe/Berlin");
  CHECK(next_due(hourly, at(2026, 3, 29, 0, 30)) == at(2026, 3, 29, 1, 30));
  CHECK(next_due(hourly, at(2026, 10, 25, 0, 30)) == at(2026, 10, 25, 1, 30));
}

TEST_CASE("the next time is the one that a walk through all minutes finds", "[schedule][zone]") {
  struct Change {
    const char* zone;
    Moment around;
  };
  const auto [zone_name, around] = GENERATE(values<Change>({
      {"Europe/Berlin", at(2026, 3, 29, 1)},
      {"Europe/Berlin", at(2026, 10, 25, 1)},
      {"America/New_York", at(2027, 3, 14, 7)},
      {"America/St_Johns", at(2026, 11, 1, 4, 30)},
      {"Australia/Lord_Howe", at(2026, 4, 4, 15)},  // half an hour
      {"Australia/Lord_Howe", at(2026, 10, 3, 15, 30)},
      {"Antarctica/Troll", at(2026, 3, 29, 1)},  // two hours
      {"Europe/Dublin", at(2026, 10, 25, 1)},
      {"Asia/Kathmandu", at(2026, 5, 1)},
      {"UTC", at(2026, 12, 31)},
  }));
  const Zone zone = zone_of(zone_name);
  const Walk walk(zone, around - 40h, around + 12h);
  std::mt19937 random(20261122);
  for (int round = 0; round < 100; ++round) {
    // Days of every kind, and the hours at which clocks are changed.
    const std::string text = random_field(random, 0, 59) + " " + random_field(random, 0, 5) + " " +
                             random_field(random, 1, 31) + " * " + random_field(random, 0, 7);
    if (!std::holds_alternative<Cron>(Cron::parse(text))) continue;
    INFO(zone_name << " " << text);
    const Schedule schedule = by_cron(text, zone_name);
    std::vector<Moment> found;
    for (Moment next = next_due(schedule, around - 12h); next < around + 12h;
         next = next_due(schedule, next))
      found.push_back(next);
    REQUIRE(found == walk.due(*schedule.cron, around - 12h));
  }
}

TEST_CASE("zones are known by their names in the IANA database only", "[schedule][zone]") {
  CHECK(Zone::find("Europe/Berlin"));
  CHECK(Zone::find("UTC"));
  for (const char* name : {"Europe/Berln", "", "GMT+3", "CEST", "Etc/Unknown"}) {
    INFO(name);
    CHECK_FALSE(Zone::find(name));
  }
}

TEST_CASE("a moment is shown as the clocks of a zone show it", "[schedule][zone]") {
  CHECK(format_local(at(2026, 11, 22, 8, 5), zone_of("Europe/Berlin")) ==
        "2026-11-22 09:05 +01:00");
  CHECK(format_local(at(2026, 11, 22, 1, 5, 7), zone_of("America/St_Johns")) ==
        "2026-11-21 21:35:07 -03:30");
}

TEST_CASE("a schedule is told in words", "[schedule]") {
  Schedule schedule = by_interval(30min);
  CHECK(describe(schedule) == "every 30m");
  schedule.jitter = 90s;
  CHECK(describe(schedule) == "every 30m, up to 90s later");
  CHECK(describe(by_cron("15 * * * *", "Europe/Berlin")) == "cron \"15 * * * *\" in Europe/Berlin");
}
