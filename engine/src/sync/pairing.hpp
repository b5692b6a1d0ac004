#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sync/side.hpp"
#include "sync/three_way.hpp"

namespace linkferry {

/// Which bookmarks of the two sides are the same: by the job's match key, by what either side's
/// sink could not hold twice, or since one side would hold the other's under that address.
///
/// Memory: some 100 bytes a bookmark that both sides have. Thread: one at a time.
class Pairing {
 public:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;

  struct Pair {
    std::array<std::uint32_t, 2> ordinal{none, none};
    std::uint32_t row = none;  ///< of the last sync, in the BaseTable
    bool is_changed = false;   ///< what `to` holds, since then
    bool is_waiting = false;   ///< what `from` holds waits in the spool, in `record`
    std::uint64_t record = 0;

    bool is_single() const { return ordinal[from_side] == none || ordinal[to_side] == none; }
  };

  Pairing(std::array<Side*, 2> sides, const ThreeWay& merger) : sides_(sides), merger_(merger) {}

  /// Takes in a bookmark; first all of `from`, then all of `to`. Null where the two sides cannot
  /// tell it from an earlier one. Lifetime: until the next `add`.
  Pair* add(std::size_t side, std::uint32_t ordinal, const Bookmark& bookmark, Arena& arena);

  /// Null where the bookmark is in no pair.
  Pair* find(std::size_t side, std::uint32_t ordinal);

 private:
  void collect_keys(const Bookmark& bookmark, Arena& arena);

  std::array<Side*, 2> sides_;
  const ThreeWay& merger_;
  std::vector<Pair> pairs_;
  std::array<std::vector<std::uint32_t>, 2> pair_of_;  ///< by ordinal
  KeyIndex index_;
  std::vector<Key> keys_;  ///< of the bookmark that is taken in
};

}  // namespace linkferry
