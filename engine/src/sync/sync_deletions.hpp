#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/plan.hpp"
#include "pipeline/removals.hpp"
#include "sync/side.hpp"
#include "sync/sync_links.hpp"

namespace linkferry {

/// What becomes of the bookmarks of one side that the other side had at the end of the last sync,
/// and has no more, while this side has not changed them since.
///
/// They go as those of a mirror do: after a whole list that is not empty, within the limits, and
/// unless the side that has lost them can tell that nobody dropped them. Thread: one at a time.
class SyncDeletions final : public Removals {
 public:
  SyncDeletions(const Job& job, Side& side, Side& there, LinkTable& links, BaseTable& bases,
                SyncLinks& planned, PlanObserver& observer, Ledger& ledger)
      : job_(job),
        side_(side),
        there_(there),
        links_(links),
        bases_(bases),
        planned_(planned),
        observer_(observer),
        ledger_(ledger) {}

  /// A bookmark that may have to go, in the order of the ordinals. `row`: in the BaseTable;
  /// `copies`: of it, in other folders.
  void add(std::uint32_t ordinal, std::uint32_t row, const std::vector<std::uint32_t>& copies);

  /// Decides, after the last `add`: the ledger counts, the observer sees. Errors: those of asking
  /// and reading the sides; Failure configuration where the side cannot hold the mark of
  /// quarantine.
  void plan(std::stop_token stop);

  /// Why the deletions are too many, or have no ground; empty: they may go.
  std::string reason_to_hold(std::optional<std::uint64_t> max_delete) const;

  bool has_removals() const override { return removals_ > 0; }
  Fate fate_of(std::uint32_t ordinal) const override;
  Bookmark quarantined(const Bookmark& present, Arena& arena) const override;

 private:
  struct Candidate {
    std::uint32_t ordinal = 0;
    std::uint32_t row = 0;
    std::uint32_t first = 0;  ///< of a copy: the ordinal that it is a copy of; else its own
    Fate fate = Fate::kept;
    Text reason = {};  ///< why it is kept

    bool is_copy() const { return first != ordinal; }
  };

  Candidate* find(std::uint32_t ordinal);
  void decide();
  void ask(std::stop_token stop);
  void announce(std::stop_token stop);
  void announce_one(Candidate& candidate, const Bookmark& present, Arena& arena);
  std::vector<Loss> losses_of(const Bookmark& present, Arena& arena) const;
  void remember_mark(const Candidate& candidate, const Bookmark& marked, Arena& arena);
  Text id_there(const Candidate& candidate) const;

  const Job& job_;
  Side& side_;
  Side& there_;
  LinkTable& links_;
  BaseTable& bases_;
  SyncLinks& planned_;
  PlanObserver& observer_;
  Ledger& ledger_;
  std::vector<Candidate> candidates_;
  std::uint64_t removals_ = 0;
};

}  // namespace linkferry
