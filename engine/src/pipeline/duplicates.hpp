#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"
#include "pipeline/record_keys.hpp"
#include "pipeline/spool.hpp"
#include "text/key_index.hpp"

namespace linkferry {

/// The records of a stream that are the same as an earlier one, kept aside so that a second reading
/// can merge them into the first, at its place.
///
/// Records are named by their ordinal in the stream. Filled while the stream is scanned, sealed,
/// then walked along in the order of the ordinals, as often as wanted. Memory: 24 bytes a
/// duplicate. Thread: one at a time.
class Duplicates {
 public:
  using Ordinal = std::uint32_t;

  /// The record `later` is the same as the record `first`.
  void add(Ordinal first, Ordinal later, std::size_t source, const Bookmark& bookmark);

  /// Two records that were both thought to be first turn out to be the same. The one that comes
  /// later is `missing` then: its record has to be added before `seal`.
  void unite(Ordinal a, Ordinal b);
  const std::vector<Ordinal>& missing() const { return missing_; }

  /// The first record of the group that `ordinal` is the first of, as far as is known.
  Ordinal first_of(Ordinal ordinal) const;

  void seal();
  /// Starts a walk.
  void rewind();
  /// Whether the record is a later one, and of which first. Ordinals of one walk only go up.
  bool is_later(Ordinal ordinal, Ordinal& first);
  /// Whether the record has later ones. Ordinals of one walk only go up.
  bool has_later(Ordinal first);
  struct Later {
    Ordinal ordinal = 0;
    std::size_t source = 0;
    Bookmark bookmark;
  };
  /// Takes up to `limit` later records of `first`, after `has_later`; none left: nothing is added.
  void take_later(Ordinal first, std::size_t limit, Arena& arena, std::vector<Later>& later);

  std::size_t size() const { return by_later_.size(); }

 private:
  struct Pair {
    Ordinal first;
    Ordinal later;
    std::uint64_t record;  ///< in the spool
  };

  std::vector<Pair> by_later_;
  std::vector<Pair> by_first_;
  std::unordered_map<Ordinal, Ordinal> united_;
  std::vector<Ordinal> missing_;
  Spool spool_;
  std::string bytes_;
  std::size_t later_cursor_ = 0;
  std::size_t first_cursor_ = 0;
};

/// Remembers a record by its keys. Nothing when it is the first, else the ordinal of the first.
template <class Payload>
std::optional<std::uint32_t> remember(BasicKeyIndex<Payload>& index, const RecordKeys& keys,
                                      std::uint32_t ordinal, Duplicates& duplicates,
                                      const Payload& payload = {}) {
  if (!keys.has_unique) return index.insert(keys.match, ordinal, payload);
  const auto by_match = index.find(keys.match);
  const auto by_unique = index.find(keys.unique);
  if (by_match && by_unique) duplicates.unite(*by_match, *by_unique);
  const auto known = by_match ? by_match : by_unique;
  const std::uint32_t first = known ? duplicates.first_of(*known) : ordinal;
  if (!by_match) index.insert(keys.match, first, payload);
  if (!by_unique) index.insert(keys.unique, first, payload);
  return known ? std::optional(first) : std::nullopt;
}

}  // namespace linkferry
