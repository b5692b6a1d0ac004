#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "config/endpoint.hpp"
#include "config/job.hpp"

namespace linkferry {

/// One job and its endpoints, in the order of the job.
struct JobRequest {
  Job job;
  std::vector<Endpoint> sources;
  Endpoint sink;
  bool is_dry_run = false;
  bool accepts_partial = false;             ///< writes what was read of an input that is cut off
  bool reads_everything = false;            ///< also of sources that could go on where they were
  bool finds_differences = false;           ///< differences have an exit code of their own
  std::optional<std::uint64_t> max_delete;  ///< lifts the limits of a mirror
  std::optional<std::string> plan_file;     ///< do exactly this plan
  std::optional<std::int64_t> undone_run;   ///< take back what this run did
};

/// The request that a job of a config file makes, with what the command line says of it.
JobRequest make_request(const CommandLine& line, const Config& config, const Job& job,
                        bool is_dry_run);

/// Opens both sides, runs the job, prints its report and writes those to files.
///
/// The report goes to standard output, to standard error when the bookmarks go to standard output.
/// Reports to files appear whole at the end, when the run came to one. --report wins over the job's
/// own reports. Returns the exit code. Errors: Failure.
int run_request(Session& session, const JobRequest& request);

/// Whether an endpoint is standard input or output.
bool is_standard_stream(const Endpoint& endpoint);

}  // namespace linkferry
