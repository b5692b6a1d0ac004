#include "sync/pairing.hpp"

#include <algorithm>
#include <optional>

namespace linkferry {

/// By its own address and by the one that the other side would give it.
void Pairing::collect_keys(const Bookmark& bookmark, Arena& arena) {
  for (Side* const side : sides_) {
    const RecordKeys keys = side->keys.make(bookmark, arena);
    if (std::ranges::find(keys_, keys.match) == keys_.end()) keys_.push_back(keys.match);
    if (!keys.has_unique) continue;
    // Each side has its own idea of what is the same.
    keys_.push_back({keys.unique.high, keys.unique.low ^ (side->index + 1)});
  }
}

Pairing::Pair* Pairing::add(std::size_t side, std::uint32_t ordinal, const Bookmark& bookmark,
                            Arena& arena) {
  keys_.clear();
  collect_keys(bookmark, arena);
  const Representation image = merger_.as_held_by(other(side), bookmark, arena);
  if (is_absent(image.refusal) && (image.bookmark.url != bookmark.url || bookmark.url.empty()))
    collect_keys(image.bookmark, arena);
  std::optional<std::uint32_t> found;
  for (const Key& key : keys_) {
    if (!found) found = index_.find(key);
  }
  if (found && pairs_[*found].ordinal[side] != none) return nullptr;
  if (!found) {
    found = static_cast<std::uint32_t>(pairs_.size());
    pairs_.emplace_back();
  }
  for (const Key& key : keys_) index_.insert(key, *found);
  pairs_[*found].ordinal[side] = ordinal;
  auto& pair_of = pair_of_[side];
  if (ordinal >= pair_of.size())
    pair_of.resize(std::max<std::size_t>(ordinal + 1, pair_of.size() * 3 / 2), none);
  pair_of[ordinal] = *found;
  return &pairs_[*found];
}

Pairing::Pair* Pairing::find(std::size_t side, std::uint32_t ordinal) {
  const auto& pair_of = pair_of_[side];
  if (ordinal >= pair_of.size() || pair_of[ordinal] == none) return nullptr;
  return &pairs_[pair_of[ordinal]];
}

}  // namespace linkferry
