#pragma once

#include <deque>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "pipeline/change_output.hpp"
#include "pipeline/claims.hpp"
#include "pipeline/existing_content.hpp"
#include "pipeline/mirror.hpp"
#include "pipeline/planned_updates.hpp"
#include "pipeline/run.hpp"

namespace linkferry {

/// Turns what the sources hold into a plan, in readings of the sources: `scan` learns which records
/// are the same, `plan` makes the changes. `resolve` then reads the sink's content again and
/// settles what both sides have.
///
/// Thread: one at a time.
class Planner {
 public:
  Planner(const Job& job, std::span<NamedSource> sources, SinkView& sink, ExistingContent& existing,
          KeyMaker& keys, PlanObserver& observer, const RunOptions& options, RunSummary& summary);

  void scan();
  /// What is new goes to `creates`.
  void plan(ChangeOutput& creates);
  void resolve();

  PlannedUpdates& updates() { return updates_; }
  /// What the sources have of what the sink holds. Kept only where the job remembers.
  Claims& claims() { return claims_; }
  /// One for each source.
  std::span<const SourceCount> counts() const { return counts_; }

 private:
  /// So many are merged at a time.
  static constexpr std::size_t merge_chunk = 1024;

  /// A bookmark of the source that the sink has, and that differs.
  struct Candidate {
    std::uint32_t ordinal = 0;  ///< of the sink's bookmark
    std::uint64_t record = 0;   ///< in the spool
  };

  std::vector<Source*> from_start();
  void collect_missing();
  void plan_batch(PreparedBatch& prepared, std::uint32_t first_ordinal, ChangeOutput& creates);
  void plan_bookmark(PreparedBatch& prepared, std::size_t i, std::uint32_t ordinal);
  void plan_merged(const Bookmark& bookmark, std::uint32_t ordinal, Arena& arena);
  Bookmark merge_later(const Bookmark& first, std::uint32_t ordinal, Arena& now, Arena& kept);
  void plan_folder(const Folder& folder, Arena& arena);
  void hold_back(const Folder& folder, std::string_view endpoint);
  void note_held_back();
  void plan_folders_of(const Bookmark& bookmark, Arena& arena);
  void settle(const Bookmark& bookmark, Arena& arena);
  bool welcome_back(const Bookmark& wanted, Arena& arena);
  Bookmark released(const Bookmark& present, Arena& arena) const;
  void claim(const Bookmark& bookmark, std::uint32_t ordinal);
  void claim_left_out(const Bookmark& bookmark, Arena& arena);
  const Origin* origin_of(const Bookmark& bookmark, Arena& arena) const;
  bool remembers() const { return options_.memory.links != nullptr; }
  void add_fingerprint(const Bookmark& wanted);
  void note_date(Bookmark& wanted, const Bookmark& read, Arena& arena) const;
  void add_candidate(std::uint32_t ordinal, const Representation& wanted);
  void resolve_bookmark(std::uint32_t ordinal, const Bookmark& present, Arena& arena);
  void resolve_candidate(std::string_view record, const Bookmark& present, Bookmark& current,
                         Arena& arena, bool& is_updated);
  void count(Fate fate) { ++summary_.ledger[fate]; }
  void report_unread(const PreparedBatch& prepared);
  void note_truncation(const PreparedBatch& prepared);
  void report_progress(std::string_view stage, const PreparedBatch& prepared,
                       std::uint64_t records);
  std::string_view name_of_source(std::size_t source) const { return sources_[source].name; }

  const Job& job_;
  std::span<NamedSource> sources_;
  SinkView& sink_;
  ExistingContent& existing_;
  KeyMaker& keys_;
  PlanObserver& observer_;
  const RunOptions& options_;
  const bool wants_fingerprints_;
  RunSummary& summary_;
  Preparer preparer_;

  std::vector<std::unique_ptr<Repeatable>> repeatables_;
  Duplicates duplicates_;
  std::uint32_t scanned_ = 0;
  Claims claims_;
  std::vector<SourceCount> counts_;
  std::size_t source_ = 0;  ///< of the batch that is planned

  std::vector<Change> changes_;
  Arena representations_;  ///< of the bookmarks of one batch
  std::deque<Folder> represented_folders_;
  std::unordered_map<std::uint64_t, std::string>
      held_back_;  ///< folder records by their path's hash
  std::vector<Place> parents_;
  std::vector<Bookmark> group_;
  std::vector<Duplicates::Later> later_;
  std::vector<Candidate> candidates_;
  Spool candidate_spool_;
  std::string bytes_;
  PlannedUpdates updates_;
};

}  // namespace linkferry
