#include <fmt/format.h>

#include <filesystem>
#include <random>

#include "cli/commands.hpp"
#include "cli/daemon.hpp"
#include "cli/endpoints.hpp"
#include "cli/exit_code.hpp"
#include "config/settings.hpp"
#include "linkferry/failure.hpp"
#include "net/loopback_page.hpp"
#include "report/wording.hpp"
#include "schedule/health.hpp"
#include "state/history.hpp"
#include "state/job_lock.hpp"

namespace linkferry {

namespace {

namespace fs = std::filesystem;

void add_job(const CommandLine& line, const Config& config, const Job& job, Daemon::Work& work) {
  JobRequest request = make_request(line, config, job, false);
  const auto is_stream = [](const Endpoint& endpoint) { return is_standard_stream(endpoint); };
  if (is_stream(request.sink) || std::ranges::any_of(request.sources, is_stream)) {
    throw Failure(FailureKind::configuration,
                  fmt::format("job {} reads or writes a standard stream (-), which is there once "
                              "only; a daemon wants places that stay",
                              job.name));
  }
  work.jobs.push_back({job.name, *job.schedule});
  work.requests.emplace(job.name, std::move(request));
}

/// Those that are named, or all that have a schedule.
Daemon::Work make_work(const CommandLine& line, const Config& config) {
  const auto& names = line.arguments;
  Daemon::Work work;
  for (const auto& name : names) {
    const Job& job = config.job(name);
    if (!job.schedule) {
      throw Failure(FailureKind::usage, fmt::format("{}: job {} has no schedule; give it one, like "
                                                    "schedule: {{every: 30m}}",
                                                    config.file.string(), name));
    }
    if (!work.requests.contains(name)) add_job(line, config, job, work);
  }
  if (!names.empty()) return work;
  for (const auto& job : config.jobs) {
    if (job.schedule) add_job(line, config, job, work);
  }
  if (work.jobs.empty()) {
    throw Failure(FailureKind::configuration,
                  fmt::format("{}: no job has a schedule; give one, like schedule: {{every: 30m}}",
                              config.file.string()));
  }
  return work;
}

/// What the state tells of the jobs of a config, read when the first is asked for. One that cannot
/// be read tells of none: it decides only whether a run comes early, and the run says what is wrong
/// with it.
class StoredRuns final : public LastRuns {
 public:
  /// Of these jobs from now on. Another config may have jobs of the same names.
  void look_for(const Daemon::Work& work) {
    identities_.clear();
    for (const auto& [name, request] : work.requests) identities_[name] = request.job.identity;
    starts_.reset();
  }
  std::optional<Moment> find(const std::string& job) override {
    if (!starts_) starts_ = read_starts();
    const auto found = starts_->find(job);
    if (found == starts_->end()) return {};
    return found->second;
  }

 private:
  using Starts = std::map<std::string, Moment>;

  /// Of all jobs at once: who opens the state looks all of it over.
  Starts read_starts() const {
    Starts starts;
    if (!fs::exists(default_state_file())) return starts;
    try {
      StateStore store(default_state_file());
      History history(store);
      for (const auto& [job, identity] : identities_) {
        if (const auto started_at = history.last_start(job, identity))
          starts.emplace(job, std::chrono::seconds(*started_at));
      }
    } catch (const Failure&) {
      return {};
    }
    return starts;
  }

  std::map<std::string, std::string> identities_;  ///< by the name of the job
  std::optional<Starts> starts_;
};

/// Two daemons would run every job twice.
JobLock lock_config(const fs::path& config) {
  const std::string path = real_path(fs::absolute(config)).string();
  return {state_lock_folder(), "daemon " + path, fmt::format("the schedule of {}", path)};
}

/// Tells the daemon to read its config again at each SIGHUP, for as long as it lives.
class HangupReload {
 public:
  HangupReload(Interruption& interruption, Daemon& daemon) : interruption_(interruption) {
    interruption_.on_hangup([&daemon] { daemon.request_reload(); });
  }
  ~HangupReload() { interruption_.on_hangup({}); }
  HangupReload(const HangupReload&) = delete;
  HangupReload& operator=(const HangupReload&) = delete;

 private:
  Interruption& interruption_;
};

std::unique_ptr<LoopbackPage> serve_metrics(Session& session, const Daemon& daemon) {
  if (!session.line.metrics_port) return nullptr;
  auto page = std::make_unique<LoopbackPage>(
      *session.line.metrics_port, "/metrics", "text/plain; version=0.0.4; charset=utf-8",
      [&daemon] { return format_metrics(daemon.board().jobs(), daemon.started_at()); });
  session.logger.announce(LogLevel::info,
                          fmt::format("metrics on http://127.0.0.1:{}/metrics", page->port()),
                          fmt::format(",\"metrics_port\":{}", page->port()));
  return page;
}

}  // namespace

int daemon_command(Session& session, Interruption& interruption) {
  const Config config = session.load_config();
  Daemon::Work work = make_work(session.line, config);
  const JobLock lock = lock_config(config.file);
  StoredRuns last_runs;
  last_runs.look_for(work);
  session.logger.announce(
      LogLevel::info,
      fmt::format("{} on schedule, by {}", counted(work.jobs.size(), "job"), config.file.string()));
  Daemon daemon(session, last_runs, std::random_device{}());
  const HangupReload reload(interruption, daemon);
  const auto metrics = serve_metrics(session, daemon);
  daemon.run(std::move(work), [&] {
    // The same file, even if another would be found now.
    CatalogDirectory plugins(session.catalog);
    Daemon::Work again = make_work(session.line, load_config(config.file, plugins));
    last_runs.look_for(again);
    return again;
  });
  return exit_code::done;
}

}  // namespace linkferry
