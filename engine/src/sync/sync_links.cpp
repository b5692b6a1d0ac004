#include "sync/sync_links.hpp"

#include "pipeline/record_codec.hpp"

namespace linkferry {

SyncLinks::SyncLinks(LinkTable& links, BaseTable& bases, const std::string& from)
    : links_(links), bases_(bases), from_(from) {}

void SyncLinks::plan(const Key& key, const Ids& ids, const SyncBase& base) {
  bytes_.clear();
  for (const Text id : ids) encode(id, bytes_);
  encode(base, bytes_);
  planned_.push_back({key, spool_.append(bytes_)});
}

void SyncLinks::plan_loss(std::uint32_t row, std::size_t side, const Key& key) {
  losses_.push_back({row, side, key});
}

void SyncLinks::Observer::on_written(const JournalEntry& entry, const Outcome& outcome) {
  if (!is_taken(outcome)) {
    failed_.insert(entry.key, 0);
  } else if (entry.action == Action::create && !outcome.id.empty()) {
    if (!created_.insert(entry.key, static_cast<std::uint32_t>(records_.size())))
      records_.push_back(ids_.append(outcome.id));
  }
}

std::string SyncLinks::Observer::id_of(const Key& key) {
  const auto created = created_.find(key);
  if (!created) return {};
  std::uint64_t offset = records_[*created];
  std::string_view id;
  ids_.next(offset, id);
  return std::string(id);
}

void SyncLinks::settle_one(const Planned& planned) {
  std::uint64_t offset = planned.record;
  std::string_view bytes;
  spool_.next(offset, bytes);
  std::array<std::string, 2> ids;
  for (std::string& id : ids) id = decode_text(bytes);
  const SyncBase base = decode_base(bytes);
  const std::array<Key, 2> keys{base.from_key, planned.key};
  for (const std::size_t side : {from_side, to_side}) {
    if (observers_[side].has_failed(keys[side])) return;
    if (ids[side].empty()) ids[side] = observers_[side].id_of(keys[side]);
  }
  // It was known under another key, as the one side alone has it.
  if (const auto row = bases_.find(base.from_key); row && bases_.all()[*row].key != planned.key) {
    links_.drop(bases_.all()[*row].key);
    bases_.drop(*row);
  }
  links_.put(planned.key, {from_, ids[from_side], ids[to_side]}, false);
  bases_.put(planned.key, base);
}

void SyncLinks::settle() {
  for (const Loss& loss : losses_) {
    if (observers_[loss.side].has_failed(loss.key)) continue;
    links_.drop(bases_.all()[loss.row].key);
    bases_.drop(loss.row);
  }
  for (const Planned& planned : planned_) settle_one(planned);
  std::vector<Key> loose;
  for (const Link& link : links_.all()) {
    if (!link.is_dropped && !bases_.find(link.key)) loose.push_back(link.key);
  }
  for (const Key& key : loose) links_.drop(key);
}

}  // namespace linkferry
