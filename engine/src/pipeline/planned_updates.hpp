#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"
#include "pipeline/spool.hpp"

namespace linkferry {

/// The updates, each with the ordinal of the bookmark of the sink that it changes.
class PlannedUpdates {
 public:
  void add(std::uint32_t ordinal, const Bookmark& bookmark);
  bool is_empty() const { return updates_.empty(); }
  /// Starts a walk.
  void rewind();
  /// The new content of that bookmark, where it has one. Ordinals of one walk only go up.
  bool take(std::uint32_t ordinal, Arena& arena, Bookmark& bookmark);
  /// A copy of an updated bookmark in another folder, which the update has taken in.
  void add_copy(std::uint32_t ordinal) { copies_.insert(ordinal); }
  bool is_copy(std::uint32_t ordinal) const { return copies_.contains(ordinal); }

 private:
  struct Update {
    std::uint32_t ordinal;
    std::uint64_t record;  ///< in the spool
  };

  std::vector<Update> updates_;
  std::unordered_set<std::uint32_t> copies_;
  Spool spool_;
  std::string bytes_;
  std::size_t next_ = 0;
};

}  // namespace linkferry
