#include "cli/job_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <filesystem>

#include "cli/exit_code.hpp"
#include "cli/interruption.hpp"
#include "cli/open_endpoints.hpp"
#include "cli/output.hpp"
#include "net/redaction.hpp"
#include "pipeline/run.hpp"
#include "report/report.hpp"
#include "state/continued_source.hpp"
#include "state/state_store.hpp"

namespace linkferry {

namespace {

Timestamp now() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {now.time_since_epoch().count(), 0, Precision::second};
}

/// All the reports of one run, and where they go.
class ReportSet {
 public:
  ReportSet(Session& session, const JobRequest& request, const RunDisplay& display)
      : session_(session), request_(request), display_(display), started_at_(now()) {
    add_printed();
    const auto& files = session.line.reports.empty() ? request.job.reports : session.line.reports;
    for (const auto& file : files)
      add_file(file, report_format_of(file).value_or(ReportFormat::text));
    if (session.line.output) add_file(*session.line.output, ReportFormat::ndjson);
  }

  Reports& reports() { return reports_; }

  /// Makes the files visible.
  void commit() {
    for (auto& file : files_) file->commit();
  }

 private:
  void add_printed() {
    const CommandLine& line = session_.line;
    if (display_.prints_nothing || (line.is_quiet && !line.format)) return;
    const bool is_to_error = is_standard_stream(request_.sink);
    std::FILE* stream = is_to_error ? stderr : stdout;
    const auto& options = add_options(wants_color(line.color, stream), line.verbosity > 0);
    reports_.add(make_report(line.format.value_or(ReportFormat::text), options,
                             [this, is_to_error](std::string_view text) {
                               print_piece(redaction().apply(text), is_to_error);
                             }));
  }

  void print_piece(const std::string& text, bool is_to_error) {
    if (!is_to_error && display_.print) return display_.print(text);
    display_.progress.write([&] {
      if (is_to_error) {
        std::fwrite(text.data(), 1, text.size(), stderr);
      } else {
        print(text);
      }
    });
  }

  void add_file(const std::string& path, ReportFormat format) {
    const auto folder = std::filesystem::absolute(path).parent_path();
    std::error_code error;  // What went wrong is told by staging the file.
    std::filesystem::create_directories(folder, error);
    files_.push_back(session_.host.stage_file(path));
    StagedFile& file = *files_.back();
    reports_.add(make_report(format, add_options(false, true), [&file](std::string_view text) {
      file.write(redaction().apply(text));
    }));
  }

  const ReportOptions& add_options(bool has_color, bool shows_every_change) {
    return options_.emplace_back(
        ReportOptions{request_.job, started_at_, has_color, shows_every_change});
  }

  Session& session_;
  const JobRequest& request_;
  const RunDisplay& display_;
  Timestamp started_at_;
  std::deque<ReportOptions> options_;
  std::vector<std::unique_ptr<StagedFile>> files_;
  Reports reports_;
};

/// What the job remembers of the sources that can go on where an earlier run ended. The state is
/// opened for the first of them.
class Memory {
 public:
  Memory(Session& session, const JobRequest& request)
      : job_(request.job), is_full_(session.line.reads_everything) {}

  std::unique_ptr<Source> continue_source(const std::string& name, std::unique_ptr<Source> source) {
    if (job_.digest.empty() || !source->is_incremental()) return source;
    if (!store_) store_.emplace(default_state_file());
    auto last = is_full_ ? std::nullopt : store_->find_checkpoint(job_.name, job_.digest, name);
    auto continued = std::make_unique<ContinuedSource>(std::move(source), std::move(last));
    sources_.push_back({name, continued.get()});
    return continued;
  }

  /// Where nothing is, nothing can be left out because it was there once.
  void forget() {
    for (auto& [name, source] : sources_) source->forget();
  }

  /// After a run in which everything that was read has arrived.
  void store(Timestamp started_at) {
    for (const auto& [name, source] : sources_) {
      if (source->reached() && !source->reached()->empty())
        store_->store_checkpoint(job_.name, job_.digest, name,
                                 {*source->reached(), started_at.seconds});
    }
  }

 private:
  struct Known {
    std::string name;
    ContinuedSource* source;
  };

  const Job& job_;
  bool is_full_;
  std::optional<StateStore> store_;
  std::vector<Known> sources_;
};

void check_standard_input(const JobRequest& request) {
  if (std::ranges::count_if(request.sources, &is_standard_stream) > 1) {
    throw Failure(FailureKind::usage,
                  "standard input (-) is named more than once; it can be read only once");
  }
}

/// An interruption by --max-duration is a limit that was reached.
Failure explained(const Failure& failure, const Session& session) {
  if (failure.kind() != FailureKind::interrupted || !session.time_limit.is_over() ||
      Interruption::signal() != 0) {
    return failure;
  }
  return {FailureKind::limit_reached,
          "the time of --max-duration is over; what a service has taken so far it keeps, a file "
          "stays as it was, and the next run goes on"};
}

JobResult result_of(RunSummary summary, const CommandLine& line) {
  JobResult result;
  if (!summary.blocked.empty()) {
    result.code = exit_code::blocked;
    result.problem = "nothing was written: " + summary.blocked;
  } else if (summary.has_failures) {
    result.code = exit_code::records_failed;
    result.problem = "done, but some records were not taken; the report names them";
  } else if (summary.ledger.has_changes() && line.has_detailed_exit_code) {
    result.code = exit_code::differences;
  }
  result.summary = std::move(summary);
  return result;
}

}  // namespace

bool is_standard_stream(const Endpoint& endpoint) {
  const ConfigNode* path = endpoint.options->find("path");
  return path != nullptr && path->text == "-";
}

JobRequest make_request(const Config& config, const Job& job, bool is_dry_run) {
  JobRequest request;
  request.job = job;
  // A config that was read has every endpoint that its jobs name.
  for (const auto& name : job.from) request.sources.push_back(*config.find_endpoint(name));
  request.sink = *config.find_endpoint(job.to);
  request.is_dry_run = is_dry_run;
  return request;
}

int run_request(Session& session, const JobRequest& request) {
  Progress progress(session.logger);
  const JobResult result = carry_out(session, request, {progress, {}, false});
  if (!result.problem.empty()) session.logger.log(LogLevel::error, result.problem);
  return result.code;
}

JobResult carry_out(Session& session, const JobRequest& request, const RunDisplay& display) {
  check_standard_input(request);
  for (const auto& source : request.sources) {
    session.host.log(LogLevel::info,
                     fmt::format("reads {} by the plugin {}", source.name, source.plugin));
  }
  session.host.log(LogLevel::info, fmt::format("writes {} by the plugin {}", request.sink.name,
                                               request.sink.plugin));
  Progress::Part progress(display.progress);
  OpenEndpoints open(session);
  Memory memory(session, request);
  const Timestamp started_at = now();
  std::vector<NamedSource> sources;
  for (const auto& endpoint : request.sources)
    sources.push_back(
        {endpoint.name, memory.continue_source(endpoint.name, open.source(endpoint))});
  OpenSink sink = open.sink(request.sink, request.is_dry_run ? MayWrite::no : MayWrite::yes);

  ReportSet reports(session, request, display);
  RunOptions options;
  options.accept_partial = session.line.accepts_partial;
  options.progress = &progress;
  options.on_empty_sink = [&memory] { memory.forget(); };
  options.stop = session.stop;
  RunSummary summary;
  try {
    summary = run_job(request.job, sources, sink, reports.reports(), options);
  } catch (const Failure& failure) {
    const Failure shown = explained(failure, session);
    display.progress.wipe();
    reports.reports().on_failed(shown.what());
    throw shown;
  }
  display.progress.wipe();
  reports.reports().on_finished(summary);
  flush_output();
  reports.commit();
  const bool has_arrived = !summary.is_dry_run && summary.blocked.empty() && !summary.has_failures;
  if (has_arrived && summary.truncated.empty()) memory.store(started_at);
  return result_of(std::move(summary), session.line);
}

}  // namespace linkferry
