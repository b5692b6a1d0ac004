#include "sync/undone_bases.hpp"

#include <algorithm>

namespace linkferry {
namespace {

bool contains(const std::vector<Print>& prints, Print print) {
  return std::ranges::find(prints, print) != prints.end();
}

void add_once(std::vector<Print>& prints, Print print) {
  if (!contains(prints, print)) prints.push_back(print);
}

std::vector<Print> prints_at(const std::vector<PairedPrint>& pairs, std::size_t side) {
  std::vector<Print> prints;
  for (const PairedPrint& pair : pairs) {
    if (pair.at[side] != 0) add_once(prints, pair.at[side]);
  }
  return prints;
}

/// What belonged together still does, where both sides have it; so does what is spelled alike.
std::vector<PairedPrint> paired(const std::vector<Print>& from, const std::vector<Print>& to,
                                const std::vector<PairedPrint>& before) {
  std::vector<PairedPrint> pairs;
  std::vector<Print> taken;
  for (const Print print : from) {
    const std::size_t count = pairs.size();
    for (const PairedPrint& pair : before) {
      if (pair.at[from_side] == print && contains(to, pair.at[to_side])) pairs.push_back(pair);
    }
    if (pairs.size() == count) pairs.push_back({{print, contains(to, print) ? print : 0}});
    for (std::size_t i = count; i < pairs.size(); ++i) taken.push_back(pairs[i].at[to_side]);
  }
  for (const Print print : to) {
    if (!contains(taken, print)) pairs.push_back({{0, print}});
  }
  return pairs;
}

}  // namespace

UndoneBases::UndoneBases(BaseTable& bases)
    : bases_(bases), observers_{Observer(*this, from_side), Observer(*this, to_side)} {}

/// Copies in other folders are one bookmark.
void UndoneBases::Half::add(const Bookmark& bookmark) {
  const FieldPrints prints = prints_of(bookmark);
  if (is_present && prints != fields) return;
  is_present = true;
  fields = prints;
  for (const Text tag : bookmark.tags) add_once(tags, print_of(tag));
  for (const FolderPath folder : bookmark.folders) add_once(folders, print_of(folder));
}

UndoneBases::Item& UndoneBases::item_of(std::size_t side, const Key& key) {
  if (const auto known = index_[side].find(key)) return items_[*known];
  Item item{{key, key}, bases_.find(key)};
  if (item.row) {
    item.keys = {bases_.base_of(*item.row).from_key, bases_.all()[*item.row].key};
    if (const auto known = index_[other(side)].find(item.keys[other(side)])) return items_[*known];
  }
  for (const std::size_t each : {from_side, to_side})
    index_[each].insert(item.keys[each], static_cast<std::uint32_t>(items_.size()));
  return items_.emplace_back(std::move(item));
}

void UndoneBases::take_back(std::size_t side, const UndoEntry& entry, const Bookmark* present,
                            const Bookmark* restored) {
  Item& item = item_of(side, entry.key);
  item.halves[side].part = Part::taken_back;
  item.was_removed |= entry.action == Action::remove && present == nullptr;
  if (present != nullptr && item.row)
    item.is_in_base = is_same(bases_.base_of(*item.row), side, *present, false);
  if (restored != nullptr) item.halves[side].add(*restored);
}

void UndoneBases::keep(std::size_t side, const UndoEntry& entry) {
  item_of(side, entry.key).halves[side].part = Part::kept;
}

void UndoneBases::look_at(std::size_t side, UndoSide& there, std::stop_token stop) {
  there.existing().walk(
      [&](PreparedBatch& prepared, std::uint32_t /*first_ordinal*/) {
        for (const Bookmark& bookmark : prepared.batch.bookmarks) {
          const Key key = there.keys().make(bookmark, prepared.batch.arena).match;
          const auto known = index_[side].find(key);
          if (!known) continue;
          Half& half = items_[*known].halves[side];
          if (half.part == Part::untouched) half.add(bookmark);
        }
      },
      std::move(stop));
}

void UndoneBases::settle() {
  for (Item& item : items_) settle_one(item);
}

void UndoneBases::settle_one(Item& item) {
  const auto has = [&item](Part part) {
    return std::ranges::any_of(item.halves, [part](const Half& half) { return half.part == part; });
  };
  if (!has(Part::taken_back)) return;
  SyncBase last;
  if (item.row) {
    last = bases_.base_of(*item.row);
    bases_.drop(*item.row);
  }
  if (has(Part::kept)) return;
  SyncBase base;
  base.from_key = item.keys[from_side];
  for (const std::size_t side : {from_side, to_side}) {
    Half& half = item.halves[side];
    if (half.part == Part::untouched && item.was_removed) half.is_present = false;
    // What somebody has changed there since the run is still a change.
    if (half.part == Part::untouched && half.is_present && item.is_in_base)
      take_from_base(half, last, side);
    base.is_absent[side] = !half.is_present;
    if (half.is_present) base.prints[side] = half.fields;
  }
  if (base.is_absent[from_side] && base.is_absent[to_side]) return;
  const auto set = [&item](std::size_t side, std::vector<Print> Half::*prints) {
    return item.halves[side].is_present ? item.halves[side].*prints : std::vector<Print>{};
  };
  base.tags = paired(set(from_side, &Half::tags), set(to_side, &Half::tags), last.tags);
  base.folders = paired(set(from_side, &Half::folders), set(to_side, &Half::folders), last.folders);
  bases_.put(item.keys[to_side], base);
}

void UndoneBases::take_from_base(Half& half, const SyncBase& base, std::size_t side) {
  half.fields = base.prints[side];
  half.tags = prints_at(base.tags, side);
  half.folders = prints_at(base.folders, side);
}

}  // namespace linkferry
