#include "pipeline/link_table.hpp"

namespace linkferry {

void LinkTable::set(Text& field, Text value) {
  if (field == value) return;
  field = texts_.copy(value);
}

Link* LinkTable::find_any(const Key& key) {
  const auto ordinal = index_.find(key);
  return ordinal ? &links_[*ordinal] : nullptr;
}

const Link* LinkTable::find(const Key& key) const {
  const auto ordinal = index_.find(key);
  return ordinal && !links_[*ordinal].is_dropped ? &links_[*ordinal] : nullptr;
}

void LinkTable::load(const Link& link) {
  Link* known = find_any(link.key);
  if (known == nullptr) {
    index_.insert(link.key, static_cast<std::uint32_t>(links_.size()));
    known = &links_.emplace_back();
    known->key = link.key;
    ++size_;
  } else if (known->is_dropped) {
    ++size_;
  }
  set(known->source, link.source);
  set(known->source_id, link.source_id);
  set(known->sink_id, link.sink_id);
  known->is_owned = link.is_owned;
  known->is_pending = link.is_pending;
  known->is_dropped = false;
  known->is_new = link.is_new;
  known->is_changed = link.is_changed;
  if (link.row != 0) known->row = link.row;
}

void LinkTable::put(const Key& key, const Ends& ends, bool creates) {
  const Link* known = find(key);
  if (known != nullptr && !known->is_pending && known->is_owned >= creates &&
      known->source == ends.source && known->source_id == ends.source_id &&
      known->sink_id == ends.sink_id) {
    return;
  }
  Link link{key, ends.source, ends.source_id, ends.sink_id};
  link.is_owned = creates || (known != nullptr && (known->is_owned || known->is_pending));
  link.is_changed = true;
  link.is_new = creates;
  load(link);
}

void LinkTable::drop(const Key& key) {
  Link* known = find_any(key);
  if (known == nullptr || known->is_dropped) return;
  known->is_dropped = true;
  known->is_changed = true;
  --size_;
}

}  // namespace linkferry
