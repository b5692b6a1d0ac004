#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/job_runner.hpp"
#include "cli/output.hpp"
#include "common/json_writer.hpp"
#include "config/job_names.hpp"
#include "config/problem.hpp"
#include "linkferry/failure.hpp"
#include "linkferry/timestamp_text.hpp"
#include "report/plan_guard.hpp"
#include "report/wording.hpp"
#include "state/history.hpp"

namespace linkferry {
namespace {

std::string_view name_of(RunOutcome outcome) {
  constexpr std::string_view names[] = {"not ended", "done",   "done in part",
                                        "blocked",   "failed", "interrupted"};
  return names[static_cast<std::size_t>(outcome)];
}

std::string time_text(std::int64_t seconds) {
  return format_rfc3339({seconds, 0, Precision::second});
}

std::string outcome_text(const PastRun& run) {
  std::string text(name_of(run.outcome));
  if (run.undone_by != 0) text += fmt::format(", taken back by run {}", run.undone_by);
  return text;
}

void print_run(const PastRun& run) {
  print(fmt::format("{:>6}  {}  {:<20} {:<7} {:>8} {:>8} {:>8} {:>7}  {}\n", run.id,
                    time_text(run.started_at), on_one_line(run.job, 40), run.kind,
                    grouped(static_cast<std::uint64_t>(run.created)),
                    grouped(static_cast<std::uint64_t>(run.updated)),
                    grouped(static_cast<std::uint64_t>(run.deleted)),
                    grouped(static_cast<std::uint64_t>(run.failed)), outcome_text(run)));
  if (run.unsure > 0) {
    print(fmt::format("        {} more may have arrived before it ended\n",
                      counted(static_cast<std::uint64_t>(run.unsure), "change")));
  }
  if (!run.message.empty()) print(fmt::format("        {}\n", on_one_line(run.message, 300)));
}

void put_run(common::JsonWriter& json, const PastRun& run) {
  json.raw(fmt::format(R"({{"run":{},"job":)", run.id));
  json.text(run.job);
  json.raw(R"(,"kind":)");
  json.text(run.kind);
  json.raw(fmt::format(R"(,"started_at":"{}")", time_text(run.started_at)));
  if (run.ended_at) json.raw(fmt::format(R"(,"ended_at":"{}")", time_text(*run.ended_at)));
  json.raw(fmt::format(R"(,"outcome":"{}","created":{},"updated":{},"deleted":{},"failed":{})",
                       name_of(run.outcome), run.created, run.updated, run.deleted, run.failed));
  if (run.unsure > 0) json.raw(fmt::format(R"(,"unsure":{})", run.unsure));
  if (!run.message.empty()) {
    json.raw(R"(,"message":)");
    json.text(run.message);
  }
  if (run.undone_by != 0) json.raw(fmt::format(R"(,"undone_by":{})", run.undone_by));
  json.raw("}\n");
}

std::int64_t run_number(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size() && number > 0) return number;
  throw Failure(
      FailureKind::usage,
      fmt::format("{} is no number of a run; `linkferry history` lists them", in_quotes(text)));
}

}  // namespace

int history_command(Session& session) {
  const std::string job =
      session.line.arguments.empty() ? std::string() : session.line.arguments.front();
  std::vector<PastRun> runs;
  if (std::filesystem::exists(default_state_file())) {
    StateStore store(default_state_file());
    runs = History(store).runs(job, session.line.shown_runs);
  }
  if (session.line.format == ReportFormat::ndjson || session.line.format == ReportFormat::json) {
    common::JsonWriter json;
    for (const PastRun& run : runs) put_run(json, run);
    print(json.bytes());
    return exit_code::done;
  }
  if (runs.empty()) {
    print(job.empty() ? std::string("No run of a job is remembered yet.\n")
                      : fmt::format("No run of the job {} is remembered.\n", job));
    return exit_code::done;
  }
  print(fmt::format("{:>6}  {:<20}  {:<20} {:<7} {:>8} {:>8} {:>8} {:>7}\n", "run", "started",
                    "job", "mode", "created", "updated", "deleted", "failed"));
  for (const PastRun& run : runs) print_run(run);
  return exit_code::done;
}

int undo_command(Session& session) {
  const std::int64_t number = run_number(session.line.arguments.front());
  std::optional<PastRun> run;
  if (std::filesystem::exists(default_state_file())) {
    StateStore store(default_state_file());
    run = History(store).find(number);
  }
  if (!run)
    throw Failure(FailureKind::usage,
                  fmt::format("there is no run {}; `linkferry history` lists them", number));
  if (run->undone_by != 0)
    throw Failure(FailureKind::usage,
                  fmt::format("run {} was taken back already, by run {}", number, run->undone_by));
  const Config config = session.load_config();
  const Job& job = config.job(run->job);
  if (job.identity != run->identity)
    throw Failure(FailureKind::configuration,
                  fmt::format("run {} of the job {} went between other places than the job names "
                              "now: its endpoints or its match have changed since; with those of "
                              "then it can be taken back",
                              number, run->job));
  JobRequest request = make_request(session.line, config, job, session.line.is_dry_run);
  request.undone_run = number;
  return run_request(session, request);
}

int apply_command(Session& session) {
  const std::string& file = session.line.arguments.front();
  const PlanHeader header = read_plan_header(file);
  const Config config = session.load_config();
  const auto job = std::ranges::find(config.jobs, header.job, &Job::name);
  if (job == config.jobs.end() || job->digest != header.digest)
    throw Failure(FailureKind::stale,
                  fmt::format("{}: this plan was made for the job {} as it was then, or in another "
                              "config file or by another version; make a new one",
                              file, header.job));
  JobRequest request = make_request(session.line, config, *job, false);
  request.plan_file = file;
  request.reads_everything = header.reads_everything;
  request.accepts_partial = header.accepts_partial;
  return run_request(session, request);
}

}  // namespace linkferry
