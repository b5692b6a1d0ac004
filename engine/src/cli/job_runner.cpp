#include "cli/job_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <filesystem>
#include <mutex>

#include "cli/exit_code.hpp"
#include "cli/interruption.hpp"
#include "cli/open_endpoints.hpp"
#include "cli/output.hpp"
#include "config/job_names.hpp"
#include "config/settings.hpp"
#include "net/redaction.hpp"
#include "pipeline/run.hpp"
#include "report/progress_line.hpp"
#include "report/report.hpp"
#include "state/continued_source.hpp"
#include "state/job_lock.hpp"
#include "state/job_state.hpp"
#include "state/state_store.hpp"
#include "sync/sync_run.hpp"

namespace linkferry {

namespace {

Timestamp now() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {now.time_since_epoch().count(), 0, Precision::second};
}

/// The progress line, safe from messages of other threads. It is not there when nobody would see
/// it.
class Progress final : public ProgressObserver {
 public:
  explicit Progress(Logger& logger) : logger_(logger) {
    if (logger.wants_progress()) line_.emplace();
    logger_.before_message([this] { wipe(); });
  }
  ~Progress() override { logger_.before_message({}); }

  void on_progress(std::string_view stage, std::uint64_t records, std::uint64_t done,
                   std::uint64_t total) override {
    const std::lock_guard lock(mutex_);
    if (line_) line_->on_progress(stage, records, done, total);
  }

  void wipe() {
    const std::lock_guard lock(mutex_);
    if (line_) line_->wipe();
  }

 private:
  Logger& logger_;
  std::mutex mutex_;
  std::optional<ProgressLine> line_;
};

/// All the reports of one run, and where they go.
class ReportSet {
 public:
  ReportSet(Session& session, const JobRequest& request, Progress& progress)
      : session_(session), request_(request), progress_(progress), started_at_(now()) {
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
    if (line.is_quiet && !line.format) return;
    const bool is_to_error = is_standard_stream(request_.sink);
    std::FILE* stream = is_to_error ? stderr : stdout;
    const auto& options = add_options(wants_color(line.color, stream), line.verbosity > 0);
    reports_.add(make_report(line.format.value_or(ReportFormat::text), options,
                             [this, is_to_error](std::string_view text) {
                               progress_.wipe();
                               const std::string shown = redaction().apply(text);
                               if (is_to_error) {
                                 std::fwrite(shown.data(), 1, shown.size(), stderr);
                               } else {
                                 print(shown);
                               }
                             }));
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
  Progress& progress_;
  Timestamp started_at_;
  std::deque<ReportOptions> options_;
  std::vector<std::unique_ptr<StagedFile>> files_;
  Reports reports_;
};

/// Where an endpoint is, whatever it is called.
std::string place_of(const Endpoint& endpoint) {
  std::string place = endpoint.plugin;
  for (const char* option : {"path", "url"}) {
    const ConfigNode* node = endpoint.options->find(option);
    if (node == nullptr) continue;
    place += " " + (option == std::string_view("path") ? resolve_path(node->text, endpoint.base)
                                                       : node->text);
  }
  return place;
}

/// What a job of a config file remembers from run to run; a job of a command line alone remembers
/// nothing. Holds the locks of the run.
class Memory {
 public:
  Memory(Session& session, const JobRequest& request)
      : job_(request.job),
        is_full_(session.line.reads_everything),
        is_dry_run_(request.is_dry_run) {
    if (job_.digest.empty()) return;
    const auto file = default_state_file();
    // A plan leaves nothing behind, not even an empty state.
    if (is_dry_run_ && !std::filesystem::exists(file)) return;
    if (!is_dry_run_) lock(file.parent_path() / "locks", request);
    store_.emplace(file);
    state_.emplace(*store_, job_.name, job_.identity);
  }

  std::unique_ptr<Source> continue_source(const std::string& name, std::unique_ptr<Source> source) {
    // What a mirror has to know is what is no longer there.
    if (!state_ || job_.mode == Mode::mirror || !source->is_incremental()) return source;
    auto last = is_full_ ? std::nullopt : store_->find_checkpoint(job_.name, job_.digest, name);
    auto continued = std::make_unique<ContinuedSource>(std::move(source), std::move(last));
    sources_.push_back({name, continued.get()});
    return continued;
  }

  /// Where nothing is, nothing can be left out because it was there once.
  void forget() {
    for (auto& [name, source] : sources_) source->forget();
  }

  JobMemory for_run() {
    if (!state_) return {};
    JobMemory memory;
    if (!is_dry_run_) memory.journal = &*state_;
    memory.links = &state_->links();
    memory.bases = &state_->bases();
    return memory;
  }

  void begin(Timestamp started_at) {
    if (!state_ || is_dry_run_) return;
    started_at_ = started_at;
    state_->begin(name_of(job_.mode), started_at.seconds);
  }

  void finish(const RunSummary& summary) {
    if (!state_ || is_dry_run_) return;
    const RunOutcome outcome = !summary.blocked.empty() ? RunOutcome::blocked
                               : summary.has_failures   ? RunOutcome::partly_done
                                                        : RunOutcome::done;
    state_->finish(outcome, summary.ledger, summary.blocked, outcome != RunOutcome::blocked);
    // After a run in which everything that was read has arrived.
    if (outcome != RunOutcome::done || !summary.truncated.empty()) return;
    for (const auto& [name, source] : sources_) {
      if (source->reached() && !source->reached()->empty())
        store_->store_checkpoint(job_.name, job_.digest, name,
                                 {*source->reached(), started_at_.seconds});
    }
  }

  void fail(const Failure& failure) {
    if (!state_ || is_dry_run_) return;
    const bool was_stopped =
        failure.kind() == FailureKind::interrupted || failure.kind() == FailureKind::limit_reached;
    state_->finish(was_stopped ? RunOutcome::interrupted : RunOutcome::failed, {}, failure.what(),
                   false);
  }

 private:
  struct Known {
    std::string name;
    ContinuedSource* source;
  };

  void lock(const std::filesystem::path& folder, const JobRequest& request) {
    locks_.emplace_back(folder, "job " + job_.name, fmt::format("the job {}", job_.name));
    locks_.emplace_back(folder, "place " + place_of(request.sink),
                        fmt::format("{} (endpoint of the job {})", request.sink.name, job_.name));
    if (job_.mode != Mode::sync) return;
    const Endpoint& from = request.sources.front();
    locks_.emplace_back(folder, "place " + place_of(from),
                        fmt::format("{} (endpoint of the job {})", from.name, job_.name));
  }

  const Job& job_;
  bool is_full_;
  bool is_dry_run_;
  Timestamp started_at_;
  std::vector<JobLock> locks_;
  std::optional<StateStore> store_;
  std::optional<JobState> state_;
  std::vector<Known> sources_;
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

int exit_code_of(const RunSummary& summary, Session& session) {
  if (!summary.blocked.empty()) {
    session.logger.log(LogLevel::error, "nothing was written: " + summary.blocked);
    return exit_code::blocked;
  }
  if (summary.has_failures) {
    session.logger.log(LogLevel::error,
                       "done, but some records were not taken; the report names them");
    return exit_code::records_failed;
  }
  if (summary.ledger.open_conflicts > 0) {
    session.logger.log(LogLevel::error,
                       fmt::format("done, but {} conflicts wait for you; the report names them",
                                   summary.ledger.open_conflicts));
    return exit_code::records_failed;
  }
  const bool has_differences = summary.ledger.has_changes();
  return has_differences && session.line.has_detailed_exit_code ? exit_code::differences
                                                                : exit_code::done;
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
  check_standard_input(request);
  for (const auto& source : request.sources) {
    session.logger.log(LogLevel::info,
                       fmt::format("reads {} by the plugin {}", source.name, source.plugin));
  }
  session.logger.log(LogLevel::info, fmt::format("writes {} by the plugin {}", request.sink.name,
                                                 request.sink.plugin));
  Progress progress(session.logger);
  OpenEndpoints open(session);
  Memory memory(session, request);
  std::vector<NamedSource> sources;
  const bool is_sync = request.job.mode == Mode::sync;
  const MayWrite may_write = request.is_dry_run ? MayWrite::no : MayWrite::yes;
  OpenSink from;  // of a sync
  for (const auto& endpoint : request.sources) {
    if (is_sync) {
      from = open.sink(endpoint, may_write);
    } else {
      sources.push_back(
          {endpoint.name, memory.continue_source(endpoint.name, open.source(endpoint))});
    }
  }
  OpenSink sink = open.sink(request.sink, may_write);

  ReportSet reports(session, request, progress);
  RunOptions options;
  options.accept_partial = session.line.accepts_partial;
  options.progress = &progress;
  options.on_empty_sink = [&memory] { memory.forget(); };
  options.memory = memory.for_run();
  options.max_delete = session.line.max_delete;
  options.stop = session.stop;
  memory.begin(now());
  RunSummary summary;
  try {
    summary = is_sync ? run_sync(request.job, from, sink, reports.reports(), options)
                      : run_job(request.job, sources, sink, reports.reports(), options);
  } catch (const Failure& failure) {
    const Failure shown = explained(failure, session);
    progress.wipe();
    memory.fail(shown);
    reports.reports().on_failed(shown.what());
    throw shown;
  }
  progress.wipe();
  memory.finish(summary);
  reports.reports().on_finished(summary);
  flush_output();
  reports.commit();
  return exit_code_of(summary, session);
}

}  // namespace linkferry
