#pragma once

#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "schedule/last_runs.hpp"
#include "schedule/schedule.hpp"

namespace linkferry {

/// A job and when it is to run.
struct ScheduledJob {
  std::string name;
  Schedule schedule;
};

/// When each job runs next. It knows no clock: every call says what time it is. Thread: one at a
/// time.
///
/// One run makes up for all that was due before its start. A job without an earlier run is due at
/// once where it has an interval, else by its cron expression. A job that runs, or waits to, is not
/// due; what falls due meanwhile is missed.
class Agenda {
 public:
  /// `last_runs` outlives this. `seed` decides about jitter.
  Agenda(LastRuns& last_runs, std::uint64_t seed) : last_runs_(last_runs), random_(seed) {}

  /// Takes these jobs in place of those it had. Of a job that stays, with the schedule that it had,
  /// nothing changes.
  void plan(const std::vector<ScheduledJob>& jobs, Moment now);

  /// The jobs that are to run now, in the order in which they fell due. From now on they are busy.
  std::vector<std::string> take_due(Moment now);

  /// Remembers the start.
  void on_started(const std::string& job, Moment now);
  /// `is_cut_short`: the daemon was told to stop, so that the run is to be made up for after its
  /// next start.
  void on_ended(const std::string& job, Moment now, bool is_cut_short);

  /// The clock was put back by more than runs are late: what was to be due by the old time is due
  /// as if all had been planned now.
  void on_clock_put_back(Moment now);

  /// The earliest time at which `take_due` has something; nothing while all are busy.
  std::optional<Moment> earliest() const;
  /// Of one job; nothing while it is busy and for jobs that are not planned.
  std::optional<Moment> next_run(std::string_view job) const;

 private:
  struct Entry {
    ScheduledJob job;
    std::optional<Moment> last;      ///< start of the last run
    std::optional<Moment> previous;  ///< of the one before it
    Moment due;
    bool is_busy = false;
    bool is_planned = true;  ///< false: it is gone from the config, and still runs
  };

  Entry* find(std::string_view job);
  /// When it is due, if it is free at `now`.
  Moment due_of(const Entry& entry, Moment now);
  Moment with_jitter(const Schedule& schedule, Moment due);

  LastRuns& last_runs_;
  std::mt19937_64 random_;
  std::vector<Entry> entries_;
};

}  // namespace linkferry
