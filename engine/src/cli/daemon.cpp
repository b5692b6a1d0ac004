#include "cli/daemon.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "cli/exit_code.hpp"
#include "cli/job_outcome.hpp"
#include "cli/job_places.hpp"
#include "host/staged_file.hpp"
#include "linkferry/timestamp_text.hpp"
#include "net/redaction.hpp"
#include "report/wording.hpp"
#include "schedule/health.hpp"

namespace linkferry {

namespace {

using SystemClock = std::chrono::system_clock;

Moment now() { return std::chrono::floor<std::chrono::seconds>(SystemClock::now()); }

std::string in_utc(Moment moment) {
  return format_rfc3339({moment.time_since_epoch().count(), 0, Precision::second});
}

bool is_done(const EndedRun& run) { return run.outcome == "done"; }
bool is_cut_short(const EndedRun& run) { return run.outcome == "interrupted"; }

LogLevel level_of(const EndedRun& run) {
  if (is_done(run) || is_cut_short(run)) return LogLevel::info;
  return run.code == exit_code::temporary ? LogLevel::warning : LogLevel::error;
}

/// `,"job":"social","outcome":"done",…` for a log in JSON.
std::string members_of(const std::string& job, const EndedRun& run,
                       std::optional<Moment> next_run) {
  std::string members = fmt::format(
      ",\"job\":{},\"outcome\":\"{}\",\"exit_code\":{},\"started_at\":\"{}\",\"seconds\":{:.3f},"
      "\"read\":{}",
      json_text(job), run.outcome, run.code, in_utc(run.started_at), run.seconds, run.ledger.read);
  for (std::size_t i = 0; i < fate_count; ++i)
    members += fmt::format(",\"{}\":{}", name_of(static_cast<Fate>(i)), run.ledger.fates[i]);
  if (next_run) members += fmt::format(",\"next_run_at\":\"{}\"", in_utc(*next_run));
  return members;
}

/// Why a run is not done. What a report names, which a daemon does not print, is told by its first
/// problem.
std::string problem_of(const JobResult& result) {
  const auto& problems = result.summary.problems;
  const std::string text = result.code == exit_code::records_failed && !problems.empty()
                               ? fmt::format("{} not taken, the first: {}",
                                             counted(problems.size(), "record"), problems.front())
                               : result.problem;
  return escape_for_terminal(redaction().apply(text));
}

}  // namespace

Daemon::Daemon(Session& session, LastRuns& last_runs, std::uint64_t seed)
    : session_(session),
      progress_(session.logger),
      started_at_(now()),
      agenda_(last_runs, seed),
      crew_(session.line.parallel_jobs) {}

std::string Daemon::shown(Moment moment) const { return format_local(moment, zone_); }

void Daemon::request_reload() {
  const std::lock_guard lock(mutex_);
  wants_reload_ = true;
  changed_.notify_all();
}

void Daemon::adopt(Work work) {
  const std::lock_guard lock(mutex_);
  agenda_.plan(work.jobs, now());
  requests_ = std::move(work.requests);
  std::vector<std::pair<std::string, std::string>> shown_jobs;
  for (const auto& job : work.jobs) shown_jobs.emplace_back(job.name, describe(job.schedule));
  board_.show(shown_jobs);
  for (const auto& job : work.jobs) board_.on_next(job.name, agenda_.next_run(job.name));
}

void Daemon::tell_start() {
  for (const auto& job : board_.jobs()) {
    session_.logger.announce(
        LogLevel::info,
        fmt::format("job {}: {}{}", job.job, job.schedule,
                    job.next_run ? "; next run " + shown(*job.next_run) : "; running now"),
        fmt::format(
            ",\"job\":{}{}", json_text(job.job),
            job.next_run ? fmt::format(",\"next_run_at\":\"{}\"", in_utc(*job.next_run)) : ""));
  }
}

void Daemon::reload_by(const std::function<Work()>& reload) {
  try {
    adopt(reload());
    session_.logger.announce(LogLevel::info, "the config file was read again");
    tell_start();
  } catch (const Failure& failure) {
    session_.logger.announce(
        LogLevel::error,
        fmt::format(
            "the config file was read again and is not used; the jobs stay as they were: {}",
            failure.what()));
  }
}

void Daemon::run(Work work, const std::function<Work()>& reload) {
  adopt(std::move(work));
  write_health();
  tell_start();
  Moment next_heartbeat = now() + heartbeat_interval;
  Moment last_look = now();
  while (!session_.stop.stop_requested()) {
    const Moment earlier = std::exchange(last_look, now());
    if (last_look + heartbeat_interval < earlier) {
      const std::lock_guard lock(mutex_);
      agenda_.on_clock_put_back(last_look);
      next_heartbeat = last_look;
    }
    start_due();
    keep_health(next_heartbeat);
    std::unique_lock lock(mutex_);
    const Moment wake = std::min(agenda_.earliest().value_or(next_heartbeat), next_heartbeat);
    // Never longer than this, by a clock that nobody sets.
    const SystemClock::duration wait =
        std::min<SystemClock::duration>(wake - SystemClock::now(), heartbeat_interval);
    changed_.wait_for(lock, session_.stop, wait, [this] { return wants_reload_ || has_ended_; });
    if (std::exchange(has_ended_, false)) next_heartbeat = now();
    const bool reloads = std::exchange(wants_reload_, false);
    lock.unlock();
    if (reloads && !session_.stop.stop_requested()) reload_by(reload);
  }
  crew_.wait();
  keep_health(next_heartbeat = now());
  session_.logger.announce(LogLevel::info, "stopped");
}

void Daemon::start_due() {
  const std::lock_guard lock(mutex_);
  for (const auto& job : agenda_.take_due(now())) {
    const JobRequest& request = requests_.at(job);
    board_.on_next(job, {});
    add_to_crew(request);
  }
  for (const auto& [job, request] : requests_) board_.on_next(job, agenda_.next_run(job));
}

void Daemon::remember_start(const std::string& job, Moment started_at) {
  const std::lock_guard lock(mutex_);
  agenda_.on_started(job, started_at);
  board_.on_started(job);
}

void Daemon::add_to_crew(const JobRequest& request) {
  Places places = places_of(request);
  crew_.add(places, [this, job = request.job.name, places] { run_as_it_is_now(job, places); });
}

/// While it waited for its places, the config may have been read again.
void Daemon::run_as_it_is_now(const std::string& job, const Places& places) {
  std::optional<JobRequest> request;
  {
    const std::lock_guard lock(mutex_);
    const auto found = requests_.find(job);
    if (found == requests_.end()) return agenda_.on_ended(job, now(), false);
    request = found->second;
  }
  if (places_of(*request) != places) return add_to_crew(*request);
  run_job(*request);
}

void Daemon::run_job(const JobRequest& request) {
  const std::string& job = request.job.name;
  if (session_.stop.stop_requested()) return;  // It has not begun, so that nothing was lost.
  EndedRun run;
  run.started_at = now();
  remember_start(job, run.started_at);
  const auto start = std::chrono::steady_clock::now();
  const JobResult result = try_to_carry_out(session_, request, {progress_, {}, true});
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  run.code = result.code;
  run.outcome = outcome_of(result.code);
  run.problem = problem_of(result);
  run.ledger = result.summary.ledger;
  end_job(job, run);
}

void Daemon::end_job(const std::string& job, const EndedRun& run) {
  std::optional<Moment> next_run;
  {
    const std::lock_guard lock(mutex_);
    agenda_.on_ended(job, now(), is_cut_short(run));
    next_run = session_.stop.stop_requested() ? std::nullopt : agenda_.next_run(job);
    board_.on_ended(job, run, now());
    board_.on_next(job, next_run);
    has_ended_ = true;
  }
  tell_end(job, run, next_run);
  changed_.notify_all();
}

void Daemon::tell_end(const std::string& job, const EndedRun& run, std::optional<Moment> next_run) {
  std::string text =
      fmt::format("job {}: {} in {:.1f} s; {}", job, outcome_in_words(run.code), run.seconds,
                  run.problem.empty() ? short_books(run.ledger) : run.problem);
  if (next_run) text += "; next run " + shown(*next_run);
  session_.logger.announce(level_of(run), text, members_of(job, run, next_run));
}

void Daemon::write_health() {
  if (!session_.line.health_file) return;
  const auto file = stage_output_file(*session_.line.health_file);
  file->write(format_health(board_.jobs(), started_at_, now()));
  file->commit();
}

void Daemon::keep_health(Moment& next_heartbeat) {
  if (now() < next_heartbeat) return;
  next_heartbeat = now() + heartbeat_interval;
  try {
    write_health();
    is_health_told_ = false;
  } catch (const Failure& failure) {
    // Once is enough, until it works again.
    if (!std::exchange(is_health_told_, true))
      session_.logger.log(LogLevel::warning, failure.what());
  }
}

}  // namespace linkferry
