#pragma once

#include <cstdint>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"
#include "pipeline/ledger.hpp"

namespace linkferry {

/// Which bookmarks of the sink are to go. Thread: one at a time.
class Removals {
 public:
  virtual ~Removals() = default;
  virtual bool has_removals() const = 0;
  /// What becomes of the sink's bookmark: deleted, quarantined, or kept.
  virtual Fate fate_of(std::uint32_t ordinal) const = 0;
  /// What it becomes in quarantine. Lifetime: as `Sink::represent`.
  virtual Bookmark quarantined(const Bookmark& present, Arena& arena) const = 0;
};

}  // namespace linkferry
