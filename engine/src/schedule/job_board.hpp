#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/ledger.hpp"
#include "schedule/zone.hpp"

namespace linkferry {

/// One run that has ended.
struct EndedRun {
  Moment started_at;
  double seconds = 0;
  int code = 0;
  std::string outcome;  ///< a word, as outcome_of
  std::string problem;  ///< UTF-8, without secrets; empty: none
  Ledger ledger;        ///< zero for a run that came to no end
};

/// What is known of one job since the daemon was started.
struct JobStatus {
  std::string job;
  std::string schedule;  ///< in words
  bool is_running = false;
  std::optional<Moment> next_run;  ///< nothing while it runs or waits for another job
  std::optional<EndedRun> last;
  std::optional<Moment> last_success;           ///< the end of the last run that was done
  std::map<std::string, std::uint64_t> runs{};  ///< by outcome
  double seconds = 0;                           ///< of all runs
  Ledger total{};                               ///< of all runs
};

/// How the jobs of a daemon are. Thread: any.
class JobBoard {
 public:
  /// Shows these jobs from now on; of those that were shown already nothing is lost.
  void show(const std::vector<std::pair<std::string, std::string>>& jobs_and_schedules);
  void on_next(const std::string& job, std::optional<Moment> next_run);
  void on_started(const std::string& job);
  void on_ended(const std::string& job, const EndedRun& run, Moment now);

  std::vector<JobStatus> jobs() const;

 private:
  JobStatus* find(const std::string& job);

  mutable std::mutex mutex_;
  std::vector<JobStatus> jobs_;
};

}  // namespace linkferry
