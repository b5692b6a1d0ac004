#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "config/job.hpp"
#include "linkferry/sink.hpp"
#include "pipeline/ledger.hpp"

namespace linkferry {

/// Where a record was read: the endpoint's name, and the line where there is one.
struct Place {
  Text endpoint;
  std::uint64_t line = 0;
  Text url;
};

/// A field that both sides of a sync have changed, each in its own way.
struct Conflict {
  Field field = Field::title;
  ConflictPolicy resolved = ConflictPolicy::newer;  ///< by what; `ask`: not resolved
  std::array<const Bookmark*, 2> sides{};           ///< as `from` and `to` hold it before the run
};

/// One line of a plan: what is to become of one bookmark. Views are valid during the call that
/// hands it over.
struct PlannedChange {
  Fate fate = Fate::created;           ///< created, updated, unchanged, filtered, skipped or failed
  const Bookmark* bookmark = nullptr;  ///< as the sink will hold it; as read for filtered and
                                       ///< skipped; null when it could not be read
  const Bookmark* present = nullptr;   ///< what the sink holds now, for updated
  std::span<const Field> differing = {};  ///< fields in which `bookmark` and `present` differ
  std::span<const Place> parents =
      {};  ///< the records it was made from, the first first; more than one is a merge
  std::span<const Loss> losses = {};
  Text reason = {};  ///< why it was skipped, filtered, kept or failed; for a record not read, with
                     ///< an excerpt
  Text endpoint = {};                        ///< of a sync: the side that it goes to; else absent
  std::span<const Conflict> conflicts = {};  ///< of a sync: what both sides have changed
};

/// Looks on while a plan is made. Thread: the thread that runs the job.
class PlanObserver {
 public:
  virtual ~PlanObserver() = default;
  /// Unchanged records are not handed over, only counted, unless they are in conflict.
  virtual void on_change(const PlannedChange& change) = 0;
  virtual void on_folder(const Folder& /*created*/) {}
  /// Whether `RunSummary::fingerprints` is to be filled.
  virtual bool wants_fingerprints() const { return false; }
  /// The plan is complete, and nothing is written yet: what is to come is known.
  virtual void on_planned(const struct RunSummary& /*summary*/) {}
};

/// What a run tells at its end.
struct RunSummary {
  Ledger ledger;
  bool is_dry_run = false;
  bool is_written = false;             ///< the sink was changed
  bool has_failures = false;           ///< some records were rejected or failed at the sink
  std::vector<std::string> truncated;  ///< inputs that were cut off, with where
  std::string blocked;  ///< why nothing was written although there was something to do; empty:
                        ///< nothing held it
  std::vector<std::string>
      problems;  ///< one line for each change that the sink refused or failed, at most 1,000
  /// Each side by the name of its endpoint, and a hash of its bookmarks in any order; of a source,
  /// as the sink would hold them. Only where it is wanted; none of an undo.
  std::vector<std::pair<std::string, std::uint64_t>> fingerprints;
  double seconds = 0;
};

}  // namespace linkferry
