#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/undo.hpp"
#include "state/job_state.hpp"

namespace linkferry {

/// One run, as it is remembered. The counts of one that did not come to its end are those of its
/// journal: what has arrived.
struct PastRun {
  std::int64_t id = 0;
  std::string job;
  std::string identity;         ///< of the job then
  std::string kind;             ///< copy, mirror, sync or undo
  std::int64_t started_at = 0;  ///< seconds since 1970, UTC
  std::optional<std::int64_t> ended_at;
  RunOutcome outcome = RunOutcome::running;
  std::int64_t created = 0;
  std::int64_t updated = 0;
  std::int64_t deleted = 0;
  std::int64_t failed = 0;
  std::int64_t unsure = 0;     ///< more changes that may have arrived before it was stopped
  std::string message;         ///< why it was blocked or failed
  std::int64_t undone_by = 0;  ///< the run that has taken it back; 0: none
};

/// What linkferry remembers of past runs. Thread: one at a time. Errors: as StateStore.
class History {
 public:
  explicit History(StateStore& store);

  /// The newest first, of all jobs where `job` is empty.
  std::vector<PastRun> runs(std::string_view job, std::size_t limit);
  std::optional<PastRun> find(std::int64_t run);
  /// When the job was started last, in seconds since 1970, UTC; runs that somebody stopped or that
  /// were killed do not count. Nothing: never under this identity.
  std::optional<std::int64_t> last_start(std::string_view job, std::string_view identity);

  /// What the run did and may be taken back. Errors: Failure usage when nothing is remembered of it
  /// any more.
  std::vector<UndoEntry> entries_to_undo(std::int64_t run);
  void note_undone(std::int64_t run, std::int64_t by);

  /// Forgets everything about the jobs of this name: the next run takes both sides as they are, and
  /// deletes nothing. Returns whether there was something.
  bool forget(std::string_view job);

 private:
  std::vector<PastRun> select(std::string_view where, std::string_view job, std::int64_t number,
                              std::size_t limit);
  void count_unended(std::vector<PastRun>& runs);
  Database& database_;
};

}  // namespace linkferry
