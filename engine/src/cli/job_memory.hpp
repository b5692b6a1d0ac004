#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/job_runner.hpp"
#include "pipeline/run.hpp"
#include "pipeline/undo.hpp"
#include "state/continued_source.hpp"
#include "state/job_lock.hpp"
#include "state/job_state.hpp"
#include "state/state_store.hpp"

namespace linkferry {

/// What a job of a config file remembers from run to run; a job of a command line alone remembers
/// nothing. Holds the locks of the run: on the job, on the places that it writes (of a command line
/// on these alone), and its share of the state.
///
/// Errors: as StateStore and JobLock.
class JobMemoryKeeper {
 public:
  explicit JobMemoryKeeper(const JobRequest& request);

  /// The source, or one that goes on where the last run of the job ended.
  std::unique_ptr<Source> continue_source(const std::string& name, std::unique_ptr<Source> source);
  /// Where nothing is, nothing can be left out because it was there once.
  void forget();

  /// What the run may use; nothing where nothing is remembered. Lifetime: of this.
  JobMemory for_run(SinkKind kind);
  /// What the run that is to be undone has done. Errors: Failure usage when there is nothing to
  /// take back.
  std::vector<UndoEntry> entries_to_undo();

  /// As JobState has it; 0 where nothing is remembered.
  std::int64_t serial() const { return state_ ? state_->serial() : 0; }

  void begin(Timestamp started_at);
  void finish(const RunSummary& summary);
  void fail(const Failure& failure);

 private:
  struct Known {
    std::string name;
    ContinuedSource* source;
  };

  bool notes() const { return state_ && !request_.is_dry_run; }
  void lock(const std::filesystem::path& folder);
  void lock_sink_alone();

  const JobRequest& request_;
  const Job& job_;
  Timestamp started_at_;
  bool keeps_links_ = false;
  std::vector<JobLock> locks_;
  std::optional<StateStore> store_;
  std::optional<JobState> state_;
  std::vector<Known> sources_;
};

}  // namespace linkferry
