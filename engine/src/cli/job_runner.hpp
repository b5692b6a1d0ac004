#pragma once

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
};

/// The request that a job of a config file makes.
JobRequest make_request(const Config& config, const Job& job, bool is_dry_run);

/// Opens both sides, runs the job, prints its report and writes those to files.
///
/// The report goes to standard output, to standard error when the bookmarks go to standard output.
/// Reports to files appear whole at the end, when the run came to one. --report wins over the job's
/// own reports. Returns the exit code. Errors: Failure.
int run_request(Session& session, const JobRequest& request);

/// Whether an endpoint is standard input or output.
bool is_standard_stream(const Endpoint& endpoint);

}  // namespace linkferry
