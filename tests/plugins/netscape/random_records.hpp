#pragma once

#include <random>
#include <string>
#include <vector>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry::test {

/// Records full of what bookmark files stumble over. The same seed gives the same records.
class RandomRecords {
 public:
  explicit RandomRecords(unsigned seed) : random_(seed) {}

  /// Lifetime: that of `arena`.
  Bookmark bookmark(Arena& arena);
  Folder folder(Arena& arena);

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }
  bool once_in(std::size_t n) { return below(n) == 0; }
  Text text(Arena& arena, std::size_t most_pieces);
  Text maybe(Arena& arena, std::size_t most_pieces);
  Timestamp time();
  Flag flag() { return static_cast<Flag>(below(3)); }
  FolderPath path(Arena& arena);
  std::span<const Attribute> extra(Arena& arena);

  std::mt19937 random_;
};

}  // namespace linkferry::test
