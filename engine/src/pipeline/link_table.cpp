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
  return ordinal && is_live(links_[*ordinal]) ? &links_[*ordinal] : nullptr;
}

Removed LinkTable::removed(const Key& key) const {
  const auto ordinal = index_.find(key);
  if (!ordinal || links_[*ordinal].is_dropped) return Removed::no;
  const bool may_be_marked = is_live(links_[*ordinal]) && marks_.contains(hash_of(key));
  return may_be_marked ? Removed::quarantined : links_[*ordinal].removed;
}

bool LinkTable::is_marked(const Key& key, std::uint64_t content) const {
  const auto mark = marks_.find(hash_of(key));
  return mark != marks_.end() && mark->second == content;
}

void LinkTable::load(const Link& link) {
  Link* known = find_any(link.key);
  if (known == nullptr) {
    index_.insert(link.key, static_cast<std::uint32_t>(links_.size()));
    known = &links_.emplace_back();
    known->key = link.key;
  } else if (is_live(*known)) {
    --size_;
  }
  set(known->source, link.source);
  set(known->source_id, link.source_id);
  set(known->sink_id, link.sink_id);
  known->is_owned = link.is_owned;
  known->is_pending = link.is_pending;
  known->removed = link.removed;
  known->is_dropped = false;
  known->is_new = link.is_new;
  known->is_changed = link.is_changed;
  if (link.row != 0) known->row = link.row;
  if (is_live(*known)) ++size_;
}

const Link* LinkTable::find_deleted(const Key& key) const {
  const auto ordinal = index_.find(key);
  if (!ordinal || links_[*ordinal].is_dropped) return nullptr;
  return links_[*ordinal].removed == Removed::deleted ? &links_[*ordinal] : nullptr;
}

std::optional<std::uint64_t> LinkTable::expected(const Key& key) const {
  const auto found = expected_.find(hash_of(key));
  if (found == expected_.end()) return {};
  return found->second;
}

void LinkTable::put(const Key& key, const Ends& ends, bool creates) {
  const Link* known = find(key);
  if (known != nullptr && (!creates || known->is_new) && known->is_owned >= creates &&
      known->source == ends.source && known->source_id == ends.source_id &&
      known->sink_id == ends.sink_id) {
    return;
  }
  // What comes back out of quarantine is as much its own as it was.
  const Link* const before = removed(key) == Removed::quarantined ? find_any(key) : known;
  Link link{key, ends.source, ends.source_id, ends.sink_id};
  link.is_owned = creates || (before != nullptr && before->is_owned);
  link.is_changed = true;
  link.is_new = creates;
  load(link);
}

void LinkTable::drop(const Key& key) {
  Link* known = find_any(key);
  if (known == nullptr || known->is_dropped) return;
  if (is_live(*known)) --size_;
  known->is_dropped = true;
  known->is_changed = true;
}

void LinkTable::settle(const Key& key, std::uint64_t content) {
  if (is_marked(key, content)) remove(key, Removed::quarantined);
  Link* known = find_any(key);
  if (known == nullptr || known->is_dropped || !known->is_pending) return;
  const auto expected = expected_.find(hash_of(key));
  const bool is_it = expected == expected_.end() || expected->second == content;
  if (!is_it && !known->is_owned) return drop(key);
  // What was deleted before had another id.
  if (is_it) set(known->sink_id, {});
  known->is_pending = false;
  known->is_owned = true;
  known->is_changed = true;
}

void LinkTable::remove(const Key& key, Removed how) {
  Link* known = find_any(key);
  if (known == nullptr || !is_live(*known)) return;
  known->removed = how;
  known->is_changed = true;
  --size_;
}

}  // namespace linkferry
