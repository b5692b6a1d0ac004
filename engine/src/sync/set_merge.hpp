#pragma once

#include <array>
#include <functional>
#include <span>
#include <vector>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"
#include "sync/sync_base.hpp"

namespace linkferry {

/// What both sides have of a set, of tags or of folders.
template <class Item>
using BothSets = std::array<std::span<const Item>, 2>;

/// What an item of `side` looks like on the other: nothing where that has no such thing, several
/// where it is taken apart.
template <class Item>
using Projection = std::function<std::span<const Item>(std::size_t side, Item item)>;

/// Carries what each side has added and taken away to the other. Without a `base` nothing has been
/// taken away. What is there keeps its place; what is new comes behind it. Lifetime: of the items
/// and the arena.
template <class Item>
BothSets<Item> merge_sets(const BothSets<Item>& now, const std::vector<PairedPrint>* base,
                          const Projection<Item>& project, Arena& arena);

/// Which items of the two sides are the same, for the base of the next sync.
template <class Item>
std::vector<PairedPrint> pair_up(const BothSets<Item>& now, const Projection<Item>& project);

}  // namespace linkferry
