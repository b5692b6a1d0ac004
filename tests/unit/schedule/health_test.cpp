#include "schedule/health.hpp"

#include <Poco/JSON/Parser.h>

#include "schedules.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

EndedRun ended_run(const std::string& outcome, int code) {
  EndedRun run;
  run.started_at = at(2026, 11, 22, 8);
  run.seconds = 1.25;
  run.code = code;
  run.outcome = outcome;
  run.ledger.read = 3;
  run.ledger[Fate::created] = 2;
  run.ledger[Fate::skipped] = 1;
  return run;
}

Poco::JSON::Object::Ptr parse(const std::string& text) {
  return Poco::JSON::Parser().parse(text).extract<Poco::JSON::Object::Ptr>();
}

}  // namespace

TEST_CASE("a health file says how each job ran and when it runs next", "[schedule][health]") {
  JobBoard board;
  board.show({{"so\"cial", "every 30m"}, {"new", "every 1h"}});
  board.on_next("so\"cial", at(2026, 11, 22, 8, 30));
  board.on_ended("so\"cial", ended_run("done", 0), at(2026, 11, 22, 8, 0, 1));
  auto failed = ended_run("failed", 66);
  failed.problem = "in.jsonl: gone";
  board.on_ended("so\"cial", failed, at(2026, 11, 22, 8, 0, 9));
  board.on_started("new");
  const auto health =
      parse(format_health(board.jobs(), at(2026, 11, 22, 7), at(2026, 11, 22, 8, 1)));
  CHECK(health->getValue<int>("version") == 1);
  CHECK(health->getValue<std::string>("started_at") == "2026-11-22T07:00:00Z");
  CHECK(health->getValue<std::string>("heartbeat_at") == "2026-11-22T08:01:00Z");
  CHECK(health->getValue<int>("heartbeat_seconds") == 10);
  const auto job = health->getArray("jobs")->getObject(0);
  CHECK(job->getValue<std::string>("job") == "so\"cial");
  CHECK(job->getValue<std::string>("state") == "waiting");
  CHECK(job->getValue<std::string>("next_run_at") == "2026-11-22T08:30:00Z");
  CHECK(job->getValue<std::string>("last_success_at") == "2026-11-22T08:00:01Z");
  const auto run = job->getObject("last_run");
  CHECK(run->getValue<std::string>("outcome") == "failed");
  CHECK(run->getValue<int>("exit_code") == 66);
  CHECK(run->getValue<std::string>("problem") == "in.jsonl: gone");
  CHECK(run->getObject("records")->getValue<int>("created") == 2);
  const auto other = health->getArray("jobs")->getObject(1);
  CHECK(other->getValue<std::string>("state") == "running");
  CHECK_FALSE(other->has("last_run"));
  CHECK_FALSE(other->has("next_run_at"));
}

TEST_CASE("metrics count runs, failures, time and records of each job", "[schedule][health]") {
  JobBoard board;
  board.show({{"social", "every 30m"}});
  board.on_next("social", at(2026, 11, 22, 8, 30));
  board.on_ended("social", ended_run("done", 0), at(2026, 11, 22, 8, 0, 1));
  board.on_ended("social", ended_run("done", 0), at(2026, 11, 22, 8, 0, 2));
  board.on_ended("social", ended_run("temporary", 5), at(2026, 11, 22, 8, 0, 3));
  const std::string text = format_metrics(board.jobs(), at(2026, 11, 22, 7));
  for (const char* line : {
           "# TYPE linkferry_job_runs_total counter\n",
           "\nlinkferry_job_runs_total{job=\"social\",outcome=\"done\"} 2\n",
           "\nlinkferry_job_runs_total{job=\"social\",outcome=\"temporary\"} 1\n",
           "\nlinkferry_job_failures_total{job=\"social\"} 1\n",
           "\nlinkferry_job_records_total{job=\"social\",fate=\"created\"} 6\n",
           "\nlinkferry_job_records_total{job=\"social\",fate=\"skipped\"} 3\n",
           "\nlinkferry_job_duration_seconds_sum{job=\"social\"} 3.750\n",
           "\nlinkferry_job_duration_seconds_count{job=\"social\"} 3\n",
           "\nlinkferry_job_running{job=\"social\"} 0\n",
           "\nlinkferry_job_last_success_timestamp_seconds{job=\"social\"} 1795334402\n",
           "\nlinkferry_job_next_run_timestamp_seconds{job=\"social\"} 1795336200\n",
       }) {
    INFO(line);
    CHECK(text.find(line) != std::string::npos);
  }
  CHECK(text.ends_with('\n'));
}

TEST_CASE("a job's name cannot break out of its label", "[schedule][health]") {
  JobBoard board;
  board.show({{"a\"} 1\nx\\", "every 30m"}});
  CHECK(format_metrics(board.jobs(), {})
            .find("linkferry_job_failures_total{job=\"a\\\"} 1\\nx\\\\\"} 0\n") !=
        std::string::npos);
}

TEST_CASE("a new config loses nothing of a job that stays", "[schedule][health]") {
  JobBoard board;
  board.show({{"kept", "every 30m"}, {"gone", "every 30m"}});
  board.on_ended("kept", ended_run("done", 0), {});
  board.show({{"new", "every 1h"}, {"kept", "every 1h"}});
  const auto jobs = board.jobs();
  REQUIRE(jobs.size() == 2);
  CHECK(jobs[1].schedule == "every 1h");
  CHECK(jobs[1].runs.at("done") == 1);
  CHECK(jobs[0].runs.empty());
}
