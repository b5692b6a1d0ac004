#include "sync/set_merge.hpp"

#include <algorithm>
#include <unordered_set>

namespace linkferry {
namespace {

using Prints = std::unordered_set<Print>;

template <class Item>
Prints prints_of_all(std::span<const Item> items) {
  Prints prints;
  for (const Item& item : items) prints.insert(print_of(item));
  return prints;
}

/// One merge of two sets.
template <class Item>
class SetMerge {
 public:
  SetMerge(const BothSets<Item>& now, const std::vector<PairedPrint>* base,
           const Projection<Item>& project)
      : now_(now), base_(base), project_(project) {
    for (const std::size_t side : {from_side, to_side}) prints_[side] = prints_of_all(now[side]);
  }

  std::span<const Item> merged(std::size_t side, Arena& arena) {
    std::vector<Item> items;
    Prints held;
    const Prints lost = taken_away_elsewhere(side);
    for (const Item& item : now_[side]) {
      if (lost.contains(print_of(item))) continue;
      items.push_back(item);
      held.insert(print_of(item));
    }
    const bool is_shorter = items.size() < now_[side].size();
    const std::size_t kept = items.size();
    for (const Item& item : now_[other(side)]) {
      if (is_new(other(side), print_of(item))) add_to(side, item, items, held);
    }
    if (!is_shorter && items.size() == kept) return now_[side];
    return arena.copy(std::span<const Item>(items));
  }

 private:
  bool is_new(std::size_t side, Print print) const {
    return base_ == nullptr || std::ranges::none_of(*base_, [&](const PairedPrint& pair) {
             return pair.at[side] == print;
           });
  }

  /// Items of `side` whose like on the other side was there and is gone; of several likes all.
  Prints taken_away_elsewhere(std::size_t side) const {
    Prints lost;
    if (base_ == nullptr) return lost;
    Prints still;
    for (const PairedPrint& pair : *base_) {
      const Print there = pair.at[other(side)];
      if (there == 0 || pair.at[side] == 0) continue;
      (prints_[other(side)].contains(there) ? still : lost).insert(pair.at[side]);
    }
    std::erase_if(lost, [&](Print print) { return still.contains(print); });
    return lost;
  }

  void add_to(std::size_t side, const Item& item, std::vector<Item>& items, Prints& held) {
    if (held.contains(print_of(item))) return;
    for (const Item& image : project_(other(side), item)) {
      if (held.contains(print_of(image)) || is_image_of_held(side, item, held)) continue;
      items.push_back(image);
      held.insert(print_of(image));
    }
  }

  /// Whether `side` holds something that the other side would spell like this item.
  bool is_image_of_held(std::size_t side, const Item& item, const Prints& held) {
    if (!has_images_[side]) {
      has_images_[side] = true;
      for (const Item& own : now_[side]) {
        if (prints_[other(side)].contains(print_of(own)) || !held.contains(print_of(own))) continue;
        for (const Item& image : project_(side, own)) images_[side].insert(print_of(image));
      }
    }
    return images_[side].contains(print_of(item));
  }

  const BothSets<Item>& now_;
  const std::vector<PairedPrint>* base_;
  const Projection<Item>& project_;
  std::array<Prints, 2> prints_;
  std::array<Prints, 2> images_;
  std::array<bool, 2> has_images_{};
};

}  // namespace

template <class Item>
BothSets<Item> merge_sets(const BothSets<Item>& now, const std::vector<PairedPrint>* base,
                          const Projection<Item>& project, Arena& arena) {
  if (now[0].empty() && now[1].empty()) return now;
  SetMerge<Item> merge(now, base, project);
  return {merge.merged(from_side, arena), merge.merged(to_side, arena)};
}

template <class Item>
std::vector<PairedPrint> pair_up(const BothSets<Item>& now, const Projection<Item>& project) {
  std::vector<PairedPrint> pairs;
  if (now[0].empty() && now[1].empty()) return pairs;
  const std::array<Prints, 2> prints{prints_of_all(now[0]), prints_of_all(now[1])};
  Prints paired;
  for (const std::size_t side : {from_side, to_side}) {
    for (const Item& item : now[side]) {
      const Print own = print_of(item);
      if (side == to_side && paired.contains(own)) continue;
      const auto add = [&](Print there) {
        PairedPrint& pair = pairs.emplace_back();
        pair.at[side] = own;
        pair.at[other(side)] = there;
        if (side == from_side) paired.insert(there);
      };
      const std::size_t count = pairs.size();
      if (prints[other(side)].contains(own)) {
        add(own);
        continue;
      }
      for (const Item& image : project(side, item)) {
        if (prints[other(side)].contains(print_of(image))) add(print_of(image));
      }
      if (pairs.size() == count) add(0);
    }
  }
  return pairs;
}

template BothSets<Text> merge_sets(const BothSets<Text>&, const std::vector<PairedPrint>*,
                                   const Projection<Text>&, Arena&);
template BothSets<FolderPath> merge_sets(const BothSets<FolderPath>&,
                                         const std::vector<PairedPrint>*,
                                         const Projection<FolderPath>&, Arena&);
template std::vector<PairedPrint> pair_up(const BothSets<Text>&, const Projection<Text>&);
template std::vector<PairedPrint> pair_up(const BothSets<FolderPath>&,
                                          const Projection<FolderPath>&);

}  // namespace linkferry
