#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "cli/job_runner.hpp"
#include "schedule/agenda.hpp"
#include "schedule/crew.hpp"
#include "schedule/job_board.hpp"

namespace linkferry {

/// Runs jobs when they are due, until it is told to stop.
///
/// Rationale: Poco::Util::ServerApplication waits for signals in its own way, which knows no second
/// signal that ends a program at once, and Poco::Util::Timer runs all its tasks in one thread. A
/// loop that waits for the next due time, a signal or the end of a run is shorter than either, and
/// what it decides (Agenda, Crew) is tested without clocks and processes.
class Daemon {
 public:
  /// The jobs to run; those of a config.
  struct Work {
    std::map<std::string, JobRequest> requests;  ///< by the name of the job
    std::vector<ScheduledJob> jobs;
  };

  /// Everything lent outlives this.
  Daemon(Session& session, LastRuns& last_runs, std::uint64_t seed);

  /// Until the session's stop is requested and what ran then has ended. `reload` reads the config
  /// again; what it throws is told, and the old jobs stay. Errors: Failure failed, when the health
  /// file cannot be written at the start.
  void run(Work work, const std::function<Work()>& reload);

  /// Thread: any.
  void request_reload();
  const JobBoard& board() const { return board_; }
  Moment started_at() const { return started_at_; }

 private:
  void adopt(Work work);
  void reload_by(const std::function<Work()>& reload);
  void start_due();
  void add_to_crew(const JobRequest& request);
  void run_as_it_is_now(const std::string& job, const Places& places);
  void run_job(const JobRequest& request);
  void end_job(const std::string& job, const EndedRun& run);
  void remember_start(const std::string& job, Moment started_at);
  void tell_start();
  void tell_end(const std::string& job, const EndedRun& run, std::optional<Moment> next_run);
  void write_health();
  void keep_health(Moment& next_heartbeat);
  std::string shown(Moment moment) const;

  Session& session_;
  Progress progress_;
  JobBoard board_;
  Moment started_at_;
  Zone zone_ = Zone::local();
  bool is_health_told_ = false;  ///< that the health file cannot be written

  std::mutex mutex_;  ///< of all that follows
  std::condition_variable_any changed_;
  bool wants_reload_ = false;
  bool has_ended_ = false;  ///< some run, since the loop looked last
  Agenda agenda_;
  std::map<std::string, JobRequest> requests_;

  Crew crew_;  ///< the last, so that its threads end first
};

}  // namespace linkferry
