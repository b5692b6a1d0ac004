#include "pipeline/planned_updates.hpp"

#include <algorithm>

#include "pipeline/record_codec.hpp"

namespace linkferry {

void PlannedUpdates::add(std::uint32_t ordinal, const Bookmark& bookmark) {
  bytes_.clear();
  encode(bookmark, bytes_);
  updates_.push_back({ordinal, spool_.append(bytes_)});
}

void PlannedUpdates::rewind() {
  next_ = 0;
  if (!std::ranges::is_sorted(updates_, {}, &Update::ordinal))
    std::ranges::sort(updates_, {}, &Update::ordinal);
}

bool PlannedUpdates::take(std::uint32_t ordinal, Arena& arena, Bookmark& bookmark) {
  if (next_ == updates_.size() || updates_[next_].ordinal != ordinal) return false;
  std::uint64_t offset = updates_[next_].record;
  std::string_view bytes;
  spool_.next(offset, bytes);
  bytes = arena.copy(bytes);
  bookmark = decode_bookmark(bytes, arena);
  ++next_;
  return true;
}

}  // namespace linkferry
