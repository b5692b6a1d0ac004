#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/interruption.hpp"
#include "cli/job_outcome.hpp"
#include "cli/job_places.hpp"
#include "cli/job_runner.hpp"
#include "cli/output.hpp"
#include "linkferry/failure.hpp"
#include "net/redaction.hpp"
#include "report/wording.hpp"

namespace linkferry {

namespace {

std::vector<Job> wanted_jobs(const Config& config, const std::vector<std::string>& names) {
  if (names.empty()) return config.jobs;
  std::vector<Job> jobs;
  for (const auto& name : names) jobs.push_back(config.job(name));
  return jobs;
}

/// Several jobs of one program: side by side as far as --jobs and their places let them, each with
/// its report printed whole, and a summary at the end.
class SeveralJobs {
 public:
  SeveralJobs(Session& session, std::vector<JobRequest> requests)
      : session_(session), progress_(session.logger), requests_(std::move(requests)) {
    results_.resize(requests_.size());
  }

  /// Returns the worst exit code.
  int run() {
    const auto start = std::chrono::steady_clock::now();
    {
      Crew crew(session_.line.parallel_jobs);
      for (std::size_t i = 0; i < requests_.size(); ++i)
        crew.add(places_of(requests_[i]), [this, i] { run_one(i); });
    }
    print_summary(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    int worst = exit_code::done;
    for (const auto& result : results_) worst = worse_of(worst, result.code);
    return worst;
  }

 private:
  void run_one(std::size_t i) {
    const JobRequest& request = requests_[i];
    JobResult& result = results_[i];
    if (session_.stop.stop_requested()) {
      const auto kind = session_.time_limit.is_over() && Interruption::signal() == 0
                            ? FailureKind::limit_reached
                            : FailureKind::interrupted;
      result = {exit_code_of(kind, Interruption::signal()), "not begun", {}};
      return;
    }
    session_.logger.log(LogLevel::info, fmt::format("job {}", request.job.name));
    result = session_.line.parallel_jobs == 1
                 ? try_to_carry_out(session_, request, {progress_, {}, false})
                 : run_beside_others(request);
    if (!result.problem.empty())
      session_.logger.log(LogLevel::error,
                          fmt::format("job {}: {}", request.job.name, result.problem));
  }

  /// The printed report waits in a temporary file until it is whole.
  JobResult run_beside_others(const JobRequest& request) {
    std::unique_ptr<StagedFile> printed;
    const RunDisplay display{progress_,
                             [&](std::string_view text) {
                               if (printed == nullptr) printed = session_.host.stage_file("-");
                               printed->write(text);
                             },
                             false};
    JobResult result = try_to_carry_out(session_, request, display);
    if (printed == nullptr) return result;
    try {
      progress_.write([&] { printed->commit(); });
    } catch (const Failure& failure) {
      if (result.problem.empty()) result.problem = failure.what();
      result.code = worse_of(result.code, exit_code_of(failure.kind()));
    }
    return result;
  }

  /// One line a job and a total, where people read reports. Programs have a report of each job.
  void print_summary(double seconds) {
    const CommandLine& line = session_.line;
    const bool is_text = line.format.value_or(ReportFormat::text) == ReportFormat::text;
    if (!is_text || (line.is_quiet && !line.format)) return;
    std::vector<std::string> names;
    for (const auto& request : requests_) names.push_back(on_one_line(request.job.name, 100));
    std::size_t width = 0;
    for (const auto& name : names) width = std::max(width, name.size());
    std::string text =
        fmt::format("\n{} in {:.1f} s:\n", counted(requests_.size(), "job"), seconds);
    Ledger total;
    std::size_t done = 0;
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      const JobResult& result = results_[i];
      const bool is_done = outcome_of(result.code) == "done";
      done += is_done ? 1 : 0;
      total.read += result.summary.ledger.read;
      for (std::size_t fate = 0; fate < fate_count; ++fate)
        total.fates[fate] += result.summary.ledger.fates[fate];
      text += fmt::format(
          "  {:<{}}  {:<18}  {}\n", names[i], width, outcome_in_words(result.code),
          is_done ? short_books(result.summary.ledger) : on_one_line(result.problem, 200));
    }
    text += fmt::format("{} of {} done: {}\n", done, requests_.size(), short_books(total));
    progress_.write([&] { print_where_reports_go(redaction().apply(text)); });
  }

  void print_where_reports_go(const std::string& text) {
    const bool is_output_taken = std::ranges::any_of(
        requests_, [](const auto& request) { return is_standard_stream(request.sink); });
    if (!is_output_taken) return print(text);
    std::fwrite(text.data(), 1, text.size(), stderr);
  }

  Session& session_;
  Progress progress_;
  std::vector<JobRequest> requests_;
  std::vector<JobResult> results_;  ///< each is written by the thread that runs its job
};

}  // namespace

int plan_command(Session& session) {
  if (session.line.output == "-") {
    throw Failure(FailureKind::usage,
                  "--output - is standard output; for a plan there, use --format ndjson");
  }
  const Config config = session.load_config();
  return run_request(session, make_request(session.line, config,
                                           config.job(session.line.arguments.front()), true));
}

int verify_command(Session& session) {
  const Config config = session.load_config();
  JobRequest request =
      make_request(session.line, config, config.job(session.line.arguments.front()), true);
  request.reads_everything = true;
  request.only_compares = true;
  return run_request(session, request);
}

int run_command(Session& session) {
  const Config config = session.load_config();
  const auto jobs = wanted_jobs(config, session.line.arguments);
  if (jobs.size() > 1 && !session.line.reports.empty()) {
    throw Failure(
        FailureKind::usage,
        fmt::format("--report names one file for {} jobs, which would overwrite one another's "
                    "reports; name one job, or give each its `report` in the config file",
                    jobs.size()));
  }
  std::vector<JobRequest> requests;
  for (const auto& job : jobs)
    requests.push_back(make_request(session.line, config, job, session.line.is_dry_run));
  if (requests.size() == 1) return run_request(session, requests.front());
  return SeveralJobs(session, std::move(requests)).run();
}

}  // namespace linkferry
