#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/interruption.hpp"
#include "cli/job_runner.hpp"
#include "linkferry/failure.hpp"

namespace linkferry {

namespace {

std::vector<Job> wanted_jobs(const Config& config, const std::vector<std::string>& names) {
  if (names.empty()) return config.jobs;
  std::vector<Job> jobs;
  for (const auto& name : names) jobs.push_back(config.job(name));
  return jobs;
}

/// One job's failure does not stop the others.
int run_or_report(Session& session, const JobRequest& request) {
  try {
    return run_request(session, request);
  } catch (const Failure& failure) {
    session.logger.log(LogLevel::error,
                       fmt::format("job {}: {}", request.job.name, failure.what()));
    return exit_code_of(failure.kind(), Interruption::signal());
  }
}

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
  request.finds_differences = true;
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
  if (jobs.size() == 1)
    return run_request(session,
                       make_request(session.line, config, jobs.front(), session.line.is_dry_run));
  int worst = exit_code::done;
  for (const auto& job : jobs) {
    if (session.stop.stop_requested())
      return worse_of(worst, exit_code_of(FailureKind::interrupted, Interruption::signal()));
    session.logger.log(LogLevel::info, fmt::format("job {}", job.name));
    worst = worse_of(worst, run_or_report(session, make_request(session.line, config, job,
                                                                session.line.is_dry_run)));
  }
  return worst;
}

}  // namespace linkferry
