#include "cli/job_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <filesystem>
#include <map>

#include "cli/exit_code.hpp"
#include "cli/interruption.hpp"
#include "cli/job_memory.hpp"
#include "cli/open_endpoints.hpp"
#include "cli/output.hpp"
#include "net/redaction.hpp"
#include "pipeline/run.hpp"
#include "pipeline/undo.hpp"
#include "report/plan_guard.hpp"
#include "report/report.hpp"
#include "sync/sync_run.hpp"
#include "sync/sync_undo.hpp"

namespace linkferry {

namespace {

Timestamp now() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {now.time_since_epoch().count(), 0, Precision::second};
}

/// All the reports of one run, and where they go.
class ReportSet {
 public:
  ReportSet(Session& session, const JobRequest& request, const RunDisplay& display,
            std::int64_t state_serial)
      : session_(session),
        request_(request),
        display_(display),
        started_at_(now()),
        state_serial_(state_serial),
        plugins_(find_plugins()) {
    if (request.plan_file)
      reports_.add(std::make_unique<PlanGuard>(add_options(false, false), *request.plan_file));
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
    return options_.emplace_back(ReportOptions{request_.job, started_at_, has_color,
                                               shows_every_change, request_.reads_everything,
                                               request_.accepts_partial, state_serial_, plugins_});
  }

  std::vector<std::pair<std::string, std::string>> find_plugins() const {
    std::map<std::string, std::string> plugins;
    const auto add = [&](const Endpoint& endpoint) {
      const char* version = session_.catalog.load(endpoint.plugin).descriptor->version;
      plugins[endpoint.plugin] = version != nullptr ? version : "";
    };
    std::ranges::for_each(request_.sources, add);
    add(request_.sink);
    return {plugins.begin(), plugins.end()};
  }

  Session& session_;
  const JobRequest& request_;
  const RunDisplay& display_;
  Timestamp started_at_;
  std::int64_t state_serial_;
  std::vector<std::pair<std::string, std::string>> plugins_;
  std::deque<ReportOptions> options_;
  std::vector<std::unique_ptr<StagedFile>> files_;
  Reports reports_;
};

void check_standard_input(const JobRequest& request) {
  if (std::ranges::count_if(request.sources, &is_standard_stream) > 1) {
    throw Failure(FailureKind::usage,
                  "standard input (-) is named more than once; it can be read only once");
  }
  const bool has_stream =
      is_standard_stream(request.sink) || std::ranges::any_of(request.sources, &is_standard_stream);
  if (has_stream && request.job.mode == Mode::sync) {
    throw Failure(FailureKind::configuration,
                  fmt::format("the job {} syncs with standard input or output (-), which cannot be "
                              "both read and written; name a file",
                              request.job.name));
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

JobResult result_of(RunSummary summary, const JobRequest& request) {
  JobResult result;
  if (request.only_compares) {
    // Of what was not read nobody knows whether the other side has it.
    const bool is_whole = summary.truncated.empty() && summary.ledger[Fate::skipped] == 0;
    const bool agrees = is_whole && !summary.ledger.has_changes() && !summary.has_failures &&
                        summary.ledger.open_conflicts == 0;
    result.code = agrees ? exit_code::done : exit_code::differences;
  } else if (!summary.blocked.empty()) {
    result.code = exit_code::blocked;
    result.problem = "nothing was written: " + summary.blocked;
  } else if (summary.has_failures) {
    result.code = exit_code::records_failed;
    result.problem = "done, but some records were not taken; the report names them";
  } else if (summary.ledger.open_conflicts > 0) {
    result.code = exit_code::records_failed;
    result.problem = fmt::format("done, but {} conflicts wait for you; the report names them",
                                 summary.ledger.open_conflicts);
  } else if (summary.ledger.has_changes() && request.finds_differences) {
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

JobRequest make_request(const CommandLine& line, const Config& config, const Job& job,
                        bool is_dry_run) {
  JobRequest request;
  request.job = job;
  // A config that was read has every endpoint that its jobs name.
  for (const auto& name : job.from) request.sources.push_back(*config.find_endpoint(name));
  request.sink = *config.find_endpoint(job.to);
  request.is_dry_run = is_dry_run;
  request.accepts_partial = line.accepts_partial;
  request.reads_everything = line.reads_everything;
  request.finds_differences = line.has_detailed_exit_code;
  request.max_delete = line.max_delete;
  return request;
}

namespace {

/// Opens both sides and runs the job; or undoes what an earlier run did.
class JobRun {
 public:
  JobRun(Session& session, const JobRequest& request, const RunDisplay& display)
      : session_(session),
        request_(request),
        display_(display),
        progress_(display.progress),
        open_(session),
        memory_(request) {}

  JobResult run() {
    const MayWrite may_write = request_.is_dry_run ? MayWrite::no : MayWrite::yes;
    std::vector<NamedSource> sources = open_sources();
    OpenSink from;  // of a sync
    if (request_.job.mode == Mode::sync) from = open_.sink(request_.sources.front(), may_write);
    OpenSink sink = open_.sink(request_.sink, may_write);
    ReportSet reports(session_, request_, display_, memory_.serial());
    const RunOptions options = make_options(sink.view->kind());
    memory_.begin(now());
    RunSummary summary;
    try {
      if (request_.undone_run) {
        summary = undo(from, sink, reports.reports(), options);
      } else if (request_.job.mode == Mode::sync) {
        summary = run_sync(request_.job, from, sink, reports.reports(), options);
      } else {
        summary = run_job(request_.job, sources, sink, reports.reports(), options);
      }
    } catch (const Failure& failure) {
      const Failure shown = explained(failure, session_);
      display_.progress.wipe();
      memory_.fail(shown);
      reports.reports().on_failed(shown.what());
      throw shown;
    }
    display_.progress.wipe();
    memory_.finish(summary);
    reports.reports().on_finished(summary);
    flush_output();
    reports.commit();
    return result_of(std::move(summary), request_);
  }

 private:
  RunSummary undo(OpenSink& from, OpenSink& to, PlanObserver& observer, const RunOptions& options) {
    std::vector<UndoEntry> entries = memory_.entries_to_undo();
    if (request_.job.mode == Mode::sync)
      return undo_sync(request_.job, std::move(entries), from, to, observer, options);
    if (std::ranges::any_of(entries, [](const UndoEntry& e) { return !e.endpoint.empty(); })) {
      throw Failure(FailureKind::configuration,
                    fmt::format("run {} went both ways, and the job {} is no sync any more; with "
                                "`mode: sync` it can be taken back",
                                *request_.undone_run, request_.job.name));
    }
    return undo_run(request_.job, std::move(entries), to, observer, options);
  }

  std::vector<NamedSource> open_sources() {
    std::vector<NamedSource> sources;
    if (request_.undone_run || request_.job.mode == Mode::sync) return sources;
    for (const auto& endpoint : request_.sources)
      sources.push_back(
          {endpoint.name, memory_.continue_source(endpoint.name, open_.source(endpoint))});
    return sources;
  }

  RunOptions make_options(SinkKind kind) {
    RunOptions options;
    options.accept_partial = request_.accepts_partial;
    options.progress = &progress_;
    options.on_empty_sink = [this] { memory_.forget(); };
    options.memory = memory_.for_run(kind);
    options.max_delete = request_.max_delete;
    options.stop = session_.stop;
    return options;
  }

  Session& session_;
  const JobRequest& request_;
  const RunDisplay& display_;
  Progress::Part progress_;
  OpenEndpoints open_;
  JobMemoryKeeper memory_;
};

}  // namespace

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
  return JobRun(session, request, display).run();
}

}  // namespace linkferry
