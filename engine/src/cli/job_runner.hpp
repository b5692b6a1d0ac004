#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/progress.hpp"
#include "config/endpoint.hpp"
#include "config/job.hpp"
#include "pipeline/plan.hpp"
#include "report/report.hpp"

namespace linkferry {

/// One job and its endpoints, in the order of the job.
struct JobRequest {
  Job job;
  std::vector<Endpoint> sources;
  Endpoint sink;
  bool is_dry_run = false;
  bool accepts_partial = false;             ///< writes what was read of an input that is cut off
  bool reads_everything = false;            ///< also of sources that could go on where they were
  bool only_compares = false;               ///< the exit code tells whether both sides agree
  bool finds_differences = false;           ///< differences have an exit code of their own
  std::optional<std::uint64_t> max_delete;  ///< lifts the limits of a mirror
  std::optional<std::string> plan_file;     ///< do exactly this plan
  std::optional<std::int64_t> undone_run;   ///< take back what this run did
};

/// The request that a job of a config file makes, with what the command line says of it.
JobRequest make_request(const CommandLine& line, const Config& config, const Job& job,
                        bool is_dry_run);

/// Where a run shows itself. Everything lent outlives the run.
struct RunDisplay {
  Progress& progress;
  /// Takes what would go to standard output, without secrets; empty: it goes there at once.
  ReportOutput print;
  bool prints_nothing = false;  ///< reports go to files only
};

/// What a run that came to its end came to.
struct JobResult {
  int code = 0;         ///< the exit code
  std::string problem;  ///< why it is neither 0 nor 2, in words
  RunSummary summary;
};

/// Opens both sides, runs the job, prints its report and writes those to files.
///
/// The report goes to standard output, to standard error when the bookmarks go to standard output.
/// Reports to files appear whole at the end, when the run came to one. --report wins over the job's
/// own reports. Errors: Failure. Thread: any, for jobs that have no endpoint in common; all plugins
/// are loaded, as load_config leaves them.
JobResult carry_out(Session& session, const JobRequest& request, const RunDisplay& display);

/// The same for the one job of a program: logs the problem, returns the exit code. Errors: Failure.
int run_request(Session& session, const JobRequest& request);

/// Whether an endpoint is standard input or output.
bool is_standard_stream(const Endpoint& endpoint);

}  // namespace linkferry
