#include "pipeline/planned_updates.hpp"

#include "pipeline/record_codec.hpp"

namespace linkferry {

void PlannedUpdates::add(std::uint32_t ordinal, const Bookmark& bookmark) {
  bytes_.clear();
  encode(bookmark, bytes_);
  ordinals_.push_back(ordinal);
  spool_.append(bytes_);
}

bool PlannedUpdates::take(std::uint32_t ordinal, Arena& arena, Bookmark& bookmark) {
  if (next_ == ordinals_.size() || ordinals_[next_] != ordinal) return false;
  std::string_view bytes;
  spool_.next(offset_, bytes);
  bytes = arena.copy(bytes);
  bookmark = decode_bookmark(bytes, arena);
  ++next_;
  return true;
}

}  // namespace linkferry
