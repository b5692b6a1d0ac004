#pragma once

#include <array>
#include <span>
#include <vector>

#include "config/job.hpp"
#include "host/sink_proxy.hpp"
#include "linkferry/arena.hpp"
#include "pipeline/plan.hpp"
#include "sync/sync_base.hpp"

namespace linkferry {

using BothBookmarks = std::array<Bookmark, 2>;

/// Merges what the two sides of a sync hold of one bookmark, field by field, against what they held
/// at the end of the last one.
///
/// What one side alone has changed goes to the other. What both have changed to different values is
/// a conflict, resolved by the rules; but dates for which nothing is stated: there the earlier
/// created_at counts and the later of the others. Two values are the same when either side would
/// hold the other's value as its own. Without a base, what only one side says goes to the other,
/// everything else that differs is a conflict, and a description or notes that lost are joined to
/// what won unless the rules name the field. Pure. Thread: any.
class ThreeWay {
 public:
  ThreeWay(const ConflictRules& rules, std::array<const SinkView*, 2> sinks)
      : rules_(rules), sinks_(sinks) {}

  struct Result {
    BothBookmarks wanted;  ///< as each side will hold it, with its own origin
    std::array<std::span<const Loss>, 2> losses;
    std::array<Text, 2> refusals;  ///< present: that side cannot hold it
    std::vector<Conflict> conflicts;
    SyncBase base;  ///< but for its `from_key`
  };

  /// `now`: as the sides hold it, represented. `last` may be null. Lifetime: texts are where those
  /// of `now` are or in `arena`; conflicts point to `now`.
  Result merge(const BothBookmarks& now, const SyncBase* last, Arena& arena) const;

  /// What both sides hold, to remember; but for its `from_key`.
  SyncBase base_of(const BothBookmarks& held, Arena& arena) const;

  /// What the side would hold of a bookmark of the other one.
  Representation as_held_by(std::size_t side, Bookmark bookmark, Arena& arena) const;

  /// The bookmark of `side` with what that side has no place for, taken from the other.
  Bookmark completed(std::size_t side, const BothBookmarks& now, Arena& arena) const;

 private:
  class OnePair;
  template <class Item>
  std::span<const Item> project(std::size_t side, Item item, std::span<const Item> Bookmark::*field,
                                const BothBookmarks& now, Arena& arena) const;

  const ConflictRules& rules_;
  std::array<const SinkView*, 2> sinks_;
};

/// Gives `to` what `from` says in the field.
void copy_field(Bookmark& to, const Bookmark& from, Field field);

}  // namespace linkferry
