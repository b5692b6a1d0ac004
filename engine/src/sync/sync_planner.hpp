#pragma once

#include <array>
#include <stop_token>
#include <string>
#include <vector>

#include "pipeline/filter.hpp"
#include "pipeline/run.hpp"
#include "pipeline/whole_bookmark.hpp"
#include "sync/pairing.hpp"
#include "sync/sync_deletions.hpp"
#include "sync/three_way.hpp"

namespace linkferry {

/// Plans a sync in two readings of each side: the first finds which bookmarks are the same and what
/// `to` has changed since the last sync; the second merges what either side has changed. Texts of
/// `from` that wait for `to` are spooled. Nothing is written. Thread: one at a time.
class SyncPlanner {
 public:
  SyncPlanner(const Job& job, std::array<Side*, 2> sides, std::array<SyncDeletions*, 2> deletions,
              BaseTable& bases, LinkTable& links, SyncLinks& planned, PlanObserver& observer,
              const RunOptions& options, RunSummary& summary);

  /// Errors: those of reading the sides.
  void plan();

 private:
  using Visit = std::function<void(std::uint32_t ordinal, const Bookmark&, Arena&)>;

  void read(std::size_t side);
  void read_batch(std::size_t side, PreparedBatch& prepared, std::uint32_t first_ordinal);
  void read_one(std::size_t side, std::uint32_t ordinal, const Bookmark& bookmark, Arena& arena);
  void note_rejections(std::size_t side, const PreparedBatch& prepared);
  void find_row(Pairing::Pair& pair, const Key& key);
  void settle(std::size_t side);
  void settle_one(std::size_t side, Pairing::Pair& pair, std::uint32_t ordinal,
                  const Bookmark& bookmark, Arena& arena);
  void settle_single(std::size_t side, const Pairing::Pair& pair, std::uint32_t ordinal,
                     const WholeBookmark& whole, Arena& arena);
  bool is_marked(std::size_t side, const Bookmark& bookmark, Arena& arena);
  void leave_apart(std::size_t side, const WholeBookmark& whole);
  void create(std::size_t side, const WholeBookmark& whole, Text reason, Arena& arena);
  void hold(Pairing::Pair& pair, const WholeBookmark& whole);
  void merge(const Pairing::Pair& pair, const WholeBookmark& to, Arena& arena);
  bool is_left_out(const BothBookmarks& now, Arena& arena);
  bool is_refused(const ThreeWay::Result& result, const BothBookmarks& now);
  void update(const Pairing::Pair& pair, std::size_t side, const ThreeWay::Result& result,
              const BothBookmarks& now, std::span<const Conflict> conflicts);
  void count_conflicts(std::span<const Conflict> conflicts);
  void forget_what_both_lost();

  WholeBookmark make_whole(std::size_t side, std::uint32_t ordinal, const Bookmark& bookmark,
                           Arena& arena);
  bool has_changed(std::size_t side, const Pairing::Pair& pair, const Bookmark& bookmark,
                   bool visits_count);
  Key key_of(std::size_t side, const Bookmark& bookmark, Arena& arena);
  void remember(const BothBookmarks& held, SyncBase base, Arena& arena);
  void count(Fate fate) { ++summary_.ledger[fate]; }
  void show(PlannedChange change, std::size_t read_from);

  const Job& job_;
  std::array<Side*, 2> sides_;
  std::array<SyncDeletions*, 2> deletions_;
  BaseTable& bases_;
  LinkTable& links_;
  SyncLinks& planned_;
  PlanObserver& observer_;
  const RunOptions& options_;
  RunSummary& summary_;
  Filter filter_;
  ThreeWay merger_;
  Pairing pairing_;
  std::vector<bool> is_row_taken_;
  Spool waiting_;  ///< of `from`
  std::string bytes_;
};

}  // namespace linkferry
