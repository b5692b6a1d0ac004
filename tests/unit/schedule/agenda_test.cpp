#include "schedule/agenda.hpp"

#include <map>

#include "schedules.hpp"

using namespace linkferry;
using namespace linkferry::test;
using namespace std::chrono_literals;

namespace {

class RememberedRuns final : public LastRuns {
 public:
  std::map<std::string, Moment> runs;

  std::optional<Moment> find(const std::string& job) override {
    const auto found = runs.find(job);
    return found == runs.end() ? std::nullopt : std::optional(found->second);
  }
};

using Names = std::vector<std::string>;

const Moment morning = at(2026, 11, 22, 8);

Schedule skipping(Schedule schedule) {
  schedule.missed = MissedRuns::skip;
  return schedule;
}

/// An agenda, and what it remembers.
struct Planned {
  RememberedRuns runs;
  Agenda agenda{runs, 7};

  /// Runs what is due, which takes no time.
  Names run_due(Moment now) {
    Names names = agenda.take_due(now);
    for (const auto& name : names) {
      agenda.on_started(name, now);
      agenda.on_ended(name, now, false);
    }
    return names;
  }
};

}  // namespace

TEST_CASE("a job with an interval that never ran is due at once, one by cron at its time",
          "[schedule][agenda]") {
  Planned planned;
  planned.agenda.plan({{"often", by_interval(30min)}, {"hourly", by_cron("15 * * * *")}}, morning);
  CHECK(planned.run_due(morning) == Names{"often"});
  CHECK(planned.agenda.next_run("often") == morning + 30min);
  CHECK(planned.agenda.next_run("hourly") == morning + 15min);
  CHECK(planned.agenda.earliest() == morning + 15min);
  CHECK(planned.run_due(morning + 15min) == Names{"hourly"});
  CHECK(planned.run_due(morning + 29min) == Names{});
  CHECK(planned.run_due(morning + 30min) == Names{"often"});
}

TEST_CASE("one run makes up for all that were missed while the daemon was not there",
          "[schedule][agenda]") {
  Planned planned;
  planned.runs.runs = {
      {"often", morning - 5h}, {"hourly", morning - 5h}, {"fresh", morning - 5min}};
  planned.agenda.plan({{"often", by_interval(30min)},
                       {"hourly", by_cron("15 * * * *")},
                       {"fresh", by_interval(30min)}},
                      morning);
  CHECK(planned.run_due(morning) == Names{"often", "hourly"});
  CHECK(planned.agenda.next_run("often") == morning + 30min);
  CHECK(planned.agenda.next_run("hourly") == morning + 15min);
  CHECK(planned.agenda.next_run("fresh") == morning + 25min);
}

TEST_CASE("missed runs that are to be skipped are", "[schedule][agenda]") {
  Planned planned;
  planned.runs.runs = {{"often", morning - 70min}, {"hourly", morning - 5h}};
  planned.agenda.plan(
      {{"often", skipping(by_interval(30min))}, {"hourly", skipping(by_cron("15 * * * *"))}},
      morning);
  CHECK(planned.run_due(morning) == Names{});
  CHECK(planned.agenda.next_run("often") == morning + 20min);
  CHECK(planned.agenda.next_run("hourly") == morning + 15min);
  // The machine sleeps for two hours.
  CHECK(planned.run_due(morning + 2h) == Names{});
  CHECK(planned.agenda.next_run("hourly") == morning + 2h + 15min);
  // A few seconds are no reason to skip.
  CHECK(planned.run_due(morning + 2h + 15min + 20s) == Names{"hourly"});
}

TEST_CASE("a job that runs is not due again before it has ended", "[schedule][agenda]") {
  const bool skips = GENERATE(false, true);
  Planned planned;
  const Schedule schedule = by_interval(30min);
  planned.agenda.plan({{"long", skips ? skipping(schedule) : schedule}}, morning);
  CHECK(planned.agenda.take_due(morning) == Names{"long"});
  planned.agenda.on_started("long", morning);
  CHECK(planned.agenda.take_due(morning + 40min) == Names{});
  CHECK_FALSE(planned.agenda.next_run("long"));
  CHECK_FALSE(planned.agenda.earliest());
  planned.agenda.on_ended("long", morning + 70min, false);
  CHECK(planned.agenda.next_run("long") == (skips ? morning + 90min : morning + 70min));
}

TEST_CASE("a run that was cut short is made up for after the next start", "[schedule][agenda]") {
  Planned planned;
  planned.runs.runs = {{"again", morning - 30min}};
  planned.agenda.plan({{"again", by_interval(30min)}, {"first", by_interval(30min)}}, morning);
  for (const auto& job : planned.agenda.take_due(morning)) {
    planned.agenda.on_started(job, morning);
    planned.agenda.on_ended(job, morning + 1min, true);
    CHECK(planned.agenda.next_run(job) == morning + 1min);
  }
}

TEST_CASE("jitter makes a run later, by no more than it says, and differs", "[schedule][agenda]") {
  Schedule schedule = by_interval(30min);
  schedule.jitter = 2min;
  Planned planned;
  planned.runs.runs = {{"job", morning}};
  planned.agenda.plan({{"job", schedule}}, morning);
  std::vector<std::chrono::seconds> delays;
  Moment last = morning;
  for (int i = 0; i < 50; ++i) {
    const Moment due = planned.agenda.next_run("job").value();
    delays.push_back(due - last - 30min);
    CHECK(planned.run_due(due - 1s) == Names{});
    CHECK(planned.run_due(due) == Names{"job"});
    last = due;
  }
  CHECK(*std::ranges::min_element(delays) >= 0s);
  CHECK(*std::ranges::max_element(delays) <= 2min);
  CHECK(*std::ranges::max_element(delays) > *std::ranges::min_element(delays));
}

TEST_CASE("a new config changes what is new in it, and nothing else", "[schedule][agenda]") {
  Planned planned;
  planned.runs.runs = {{"kept", morning - 10min}, {"changed", morning - 10min}};
  planned.agenda.plan({{"kept", by_interval(30min)}, {"changed", by_interval(30min)}}, morning);
  CHECK(planned.agenda.next_run("changed") == morning + 20min);
  planned.agenda.plan(
      {{"kept", by_interval(30min)}, {"changed", by_interval(15min)}, {"added", by_interval(1h)}},
      morning + 1min);
  CHECK(planned.agenda.next_run("kept") == morning + 20min);
  CHECK(planned.agenda.next_run("changed") == morning + 5min);
  CHECK(planned.agenda.next_run("added") == morning + 1min);
}

TEST_CASE("a job that is gone from the config ends its run and is not due again",
          "[schedule][agenda]") {
  Planned planned;
  planned.agenda.plan({{"old", by_interval(30min)}}, morning);
  CHECK(planned.agenda.take_due(morning) == Names{"old"});
  planned.agenda.on_started("old", morning);
  planned.agenda.plan({}, morning);
  planned.agenda.on_ended("old", morning + 1min, false);
  CHECK(planned.run_due(morning + 10h) == Names{});
}

TEST_CASE("a clock that is put back stops no job", "[schedule][agenda]") {
  Planned planned;
  planned.runs.runs = {{"job", morning + 100h}};
  planned.agenda.plan({{"job", by_interval(30min)}}, morning);
  CHECK(planned.run_due(morning) == Names{"job"});
}

TEST_CASE("a clock that is put back while a daemon waits stops no job either",
          "[schedule][agenda]") {
  Planned planned;
  planned.agenda.plan({{"job", by_interval(30min)}, {"nightly", by_cron("0 3 * * *")}}, morning);
  CHECK(planned.run_due(morning) == Names{"job"});
  const Moment before = morning - 100h;
  CHECK(planned.agenda.next_run("job") == morning + 30min);
  planned.agenda.on_clock_put_back(before);
  CHECK(planned.agenda.next_run("job") == before);
  CHECK(planned.agenda.next_run("nightly").value() < before + 24h);
}
