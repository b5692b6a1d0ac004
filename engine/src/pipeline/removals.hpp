#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "config/job.hpp"
#include "host/sink_proxy.hpp"
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

/// What the sink would hold of a bookmark in quarantine. Lifetime: as `Sink::represent`.
Bookmark put_in_quarantine(const Bookmark& present, Quarantine quarantine, const SinkView& sink,
                           Arena& arena);

/// The fields that quarantine changes; none: it is there already. Errors: Failure configuration
/// when the sink cannot hold the mark.
std::vector<Field> fields_of_quarantine(const Bookmark& marked, const Bookmark& present,
                                        const Job& job, std::string_view endpoint);

}  // namespace linkferry
