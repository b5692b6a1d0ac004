#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "host/sink_proxy.hpp"
#include "pipeline/journal.hpp"
#include "pipeline/link_table.hpp"
#include "pipeline/plan.hpp"
#include "pipeline/record_keys.hpp"
#include "pipeline/spool.hpp"

namespace linkferry {

/// What is known of a change beside it.
struct ChangeFacts {
  Fate fate = Fate::created;         ///< what the plan counted it as
  const Bookmark* before = nullptr;  ///< what the sink holds now; null for what is created
};

/// Where the planner puts what is to be changed, in order.
class ChangeOutput {
 public:
  virtual ~ChangeOutput() = default;
  /// `facts`: one for each change; none where all are created, or only kept.
  virtual void put(std::span<const Change> changes, std::span<const ChangeFacts> facts = {}) = 0;
  /// How many creates `put` should get at once; at least 1.
  virtual std::size_t preferred_changes() const { return Sink::usual_changes; }
};

/// Hears what became of each change. Thread: the one that runs the job.
class WriteObserver {
 public:
  virtual ~WriteObserver() = default;
  virtual void on_written(const JournalEntry& entry, const Outcome& outcome) = 0;
};

class BaseTable;

/// What a job remembers; all null where it remembers nothing.
struct JobMemory {
  Journal* journal = nullptr;
  LinkTable* links = nullptr;
  BaseTable* bases = nullptr;         ///< of a sync
  WriteObserver* observer = nullptr;  ///< of a sync, which keeps the links itself
  Text endpoint = {};                 ///< of a sync: the side that is written
};

/// Whether the sink holds now what it should.
inline bool is_taken(const Outcome& outcome) {
  return outcome.result == Result::done || outcome.result == Result::already_so;
}

/// Carries out changes, notes them in the journal before and after, and corrects the books where
/// the sink did not take one.
class ChangeWriter final : public ChangeOutput {
 public:
  ChangeWriter(SinkWriter& writer, SinkKind kind, KeyMaker& keys, JobMemory memory,
               RunSummary& summary, std::stop_token stop)
      : writer_(writer),
        kind_(kind),
        keys_(keys),
        memory_(memory),
        summary_(summary),
        stop_(std::move(stop)) {}

  /// Errors: what the sink and the journal throw; Failure interrupted after a stop request.
  void put(std::span<const Change> changes, std::span<const ChangeFacts> facts = {}) override;
  std::size_t preferred_changes() const override {
    return kind_ == SinkKind::live ? writer_.preferred_changes() : Sink::usual_changes;
  }

 private:
  void note_before(std::span<const Change> changes, std::span<const ChangeFacts> facts);
  void note_after(std::span<const Change> changes, std::span<const ChangeFacts> facts);
  void link(const JournalEntry& entry, Fate fate, const Outcome& outcome);
  void book(const Change& change, Fate fate, const Outcome& outcome);

  SinkWriter& writer_;
  SinkKind kind_;
  KeyMaker& keys_;
  JobMemory memory_;
  RunSummary& summary_;
  std::stop_token stop_;
  std::vector<Outcome> outcomes_;
  std::vector<JournalEntry> entries_;
  std::vector<Outcome> noted_;
  Arena keys_arena_;
};

/// Keeps changes on disk until the plan is complete.
class ChangeSpool final : public ChangeOutput {
 public:
  void put(std::span<const Change> changes, std::span<const ChangeFacts> facts = {}) override;
  bool is_empty() const { return spool_.is_empty(); }

  /// Hands all of them to `output`, as many at a time as it prefers, fewer where they are large.
  void replay(ChangeOutput& output);

 private:
  Spool spool_;
  std::string bytes_;
};

/// Planned changes that nobody will carry out: those of a dry run.
class NoOutput final : public ChangeOutput {
 public:
  void put(std::span<const Change> /*changes*/, std::span<const ChangeFacts> /*facts*/) override {}
};

}  // namespace linkferry
