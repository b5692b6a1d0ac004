#include <filesystem>

#include "cli/commands.hpp"
#include "cli/endpoints.hpp"
#include "cli/job_runner.hpp"

namespace linkferry {

namespace {

/// What reports call an endpoint.
std::string shown_name(const Endpoint& endpoint, const char* stream) {
  return is_standard_stream(endpoint) ? stream : endpoint.name;
}

}  // namespace

int copy_command(Session& session) {
  const CommandLine& line = session.line;
  EndpointFinder finder(session.catalog, session.host, std::filesystem::current_path());
  JobRequest request;
  request.job.name = "copy";
  request.job.match = line.match;
  request.job.on_match = line.on_match;
  request.is_dry_run = line.is_dry_run;
  request.accepts_partial = line.accepts_partial;
  request.finds_differences = line.has_detailed_exit_code;
  for (std::size_t i = 0; i + 1 < line.arguments.size(); ++i) {
    request.sources.push_back(finder.find_source(line.arguments[i]));
    request.sources.back().name = shown_name(request.sources.back(), "standard input");
    request.job.from.push_back(request.sources.back().name);
  }
  request.sink = finder.find_sink(line.arguments.back());
  request.sink.name = shown_name(request.sink, "standard output");
  request.job.to = request.sink.name;
  return run_request(session, request);
}

}  // namespace linkferry
