#include "schedule/cron.hpp"

#include "schedules.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

LocalMinutes local(int year, unsigned month, unsigned day, int hour = 0, int minute = 0) {
  return LocalMinutes(std::chrono::floor<std::chrono::minutes>(at(year, month, day, hour, minute))
                          .time_since_epoch());
}

std::string mistake_in(const std::string& text) {
  const auto parsed = Cron::parse(text);
  const auto* mistake = std::get_if<Cron::Mistake>(&parsed);
  return mistake == nullptr ? "" : mistake->message;
}

struct Case {
  const char* text;
  LocalMinutes after;
  LocalMinutes next;
};

}  // namespace

TEST_CASE("a cron expression says when it is due next", "[schedule][cron]") {
  // 2026-11-22 is a Sunday.
  const auto [text, after, next] = GENERATE(values<Case>({
      {"* * * * *", local(2026, 11, 22, 8, 0), local(2026, 11, 22, 8, 1)},
      {"15 * * * *", local(2026, 11, 22, 8, 15), local(2026, 11, 22, 9, 15)},
      {"15 * * * *", local(2026, 11, 22, 8, 14), local(2026, 11, 22, 8, 15)},
      {"*/20 * * * *", local(2026, 11, 22, 8, 40), local(2026, 11, 22, 9, 0)},
      {"5-10/2 * * * *", local(2026, 11, 22, 8, 6), local(2026, 11, 22, 8, 7)},
      {"0,30 * * * *", local(2026, 11, 22, 8, 0), local(2026, 11, 22, 8, 30)},
      {"0 0-23/2 * * *", local(2026, 11, 22, 22, 0), local(2026, 11, 23, 0, 0)},
      {"15 14 1 * *", local(2026, 11, 22), local(2026, 12, 1, 14, 15)},
      {"0 22 * * 1-5", local(2026, 11, 20, 22, 0), local(2026, 11, 23, 22, 0)},
      {"0 22 * * Mon-FRI", local(2026, 11, 20, 22, 0), local(2026, 11, 23, 22, 0)},
      {"5 4 * * sun", local(2026, 11, 22, 4, 5), local(2026, 11, 29, 4, 5)},
      {"5 4 * * 0", local(2026, 11, 16), local(2026, 11, 22, 4, 5)},
      {"5 4 * * 7", local(2026, 11, 16), local(2026, 11, 22, 4, 5)},
      {"5 4 * * sat-sun", local(2026, 11, 21, 4, 5), local(2026, 11, 22, 4, 5)},
      {"5 4 * * 5-7", local(2026, 11, 21, 4, 5), local(2026, 11, 22, 4, 5)},
      {"0 0 1 jan *", local(2026, 11, 22), local(2027, 1, 1)},
      {"0 0 * feb,dec *", local(2026, 11, 22), local(2026, 12, 1)},
      {"0 0 29 2 *", local(2026, 11, 22), local(2028, 2, 29)},
      {"0 0 29 2 *", local(2096, 11, 22), local(2104, 2, 29)},
      {"0 0 31 * *", local(2026, 11, 22), local(2026, 12, 31)},
      {"  0\t0  31 *  * ", local(2026, 11, 22), local(2026, 12, 31)},
  }));
  INFO(text);
  CHECK(cron_of(text).next_after(after) == next);
}

TEST_CASE("of two restricted day fields either will do, beside a star both must",
          "[schedule][cron]") {
  const auto either = cron_of("30 4 1,15 * 5");
  CHECK(either.next_after(local(2026, 11, 22)) == local(2026, 11, 27, 4, 30));  // a Friday
  CHECK(either.next_after(local(2026, 11, 28)) == local(2026, 12, 1, 4, 30));   // a Tuesday
  const auto both = cron_of("0 0 */2 * mon");
  CHECK(both.next_after(local(2026, 11, 22)) == local(2026, 11, 23));  // an odd day
  CHECK(both.next_after(local(2026, 11, 23)) == local(2026, 12, 7));   // not the 30th
}

TEST_CASE("a cron expression of every hour is one whatever its spelling", "[schedule][cron]") {
  CHECK(cron_of("5 * * * *").is_every_hour());
  CHECK(cron_of("5 0-23 * * *").is_every_hour());
  CHECK_FALSE(cron_of("5 */2 * * *").is_every_hour());
}

TEST_CASE("what is no cron expression is refused with the field that is wrong",
          "[schedule][cron]") {
  const auto [text, message] = GENERATE(table<const char*, const char*>({
      {"", "there are 0"},
      {"* * * *", "there are 4"},
      {"* * * * * *", "there are 6"},
      {"@daily", "there are 1"},
      {"60 * * * *", "the minute \"60\" is not from 0 to 59"},
      {"* 24 * * *", "the hour \"24\" is not from 0 to 23"},
      {"* * 0 * *", "the day of the month \"0\" is not from 1 to 31"},
      {"* * * 13 *", "the month \"13\" is not from 1 to 12"},
      {"* * * * 8", "the day of the week \"8\" is not from 0 to 7"},
      {"* * * janu *", "the month \"janu\" is no number or name"},
      {"-1 * * * *", "the minute \"-1\" is no number"},
      {"1,,2 * * * *", "the minute \"\" is no number"},
      {"5-1 * * * *", "the minute \"5-1\" ends before it begins"},
      {"* * * * fri-mon", "the day of the week \"fri-mon\" ends before it begins"},
      {"5/2 * * * *", "the minute \"5/2\" has a step but no range"},
      {"*/0 * * * *", "the minute \"*/0\" has a step that is no number from 1 on"},
      {"*/x * * * *", "the minute \"*/x\" has a step that is no number from 1 on"},
      {"99999999999999999999 * * * *", "the minute \"99999999999999999999\" is no number"},
      {"0 0 30 2 *", "such a day never comes"},
      {"0 0 31 2,4,6 *", "such a day never comes"},
  }));
  INFO(text);
  CHECK(mistake_in(text) == message);
}
