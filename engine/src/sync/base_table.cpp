#include "sync/base_table.hpp"

namespace linkferry {

void BaseTable::load(const Key& key, std::string_view prints, std::int64_t id) {
  const auto row = static_cast<std::uint32_t>(rows_.size());
  if (index_.insert(key, row)) return;
  if (const Key from_key = decode_base(prints).from_key; from_key != key)
    from_index_.insert(from_key, row);
  rows_.push_back({key, id, prints_.append(prints), false, false});
  ++size_;
}

std::optional<std::uint32_t> BaseTable::find(const Key& key) const {
  auto row = index_.find(key);
  if (!row || rows_[*row].is_dropped) row = from_index_.find(key);
  if (row && rows_[*row].is_dropped) return {};
  return row;
}

std::string_view BaseTable::prints_of(const Row& row) {
  std::uint64_t offset = row.record;
  std::string_view prints;
  prints_.next(offset, prints);
  return prints;
}

void BaseTable::put(const Key& key, const SyncBase& base) {
  bytes_.clear();
  encode(base, bytes_);
  auto row = index_.find(key);
  if (!row) {
    row = static_cast<std::uint32_t>(rows_.size());
    index_.insert(key, *row);
    rows_.push_back({key});
    rows_.back().is_dropped = true;
  }
  if (base.from_key != key) from_index_.insert(base.from_key, *row);
  rows_[*row].record = prints_.append(bytes_);
  if (rows_[*row].is_dropped) ++size_;
  rows_[*row].is_dropped = false;
  rows_[*row].is_changed = true;
}

void BaseTable::drop(std::uint32_t row) {
  if (rows_[row].is_dropped) return;
  rows_[row].is_dropped = true;
  rows_[row].is_changed = true;
  --size_;
}

}  // namespace linkferry
