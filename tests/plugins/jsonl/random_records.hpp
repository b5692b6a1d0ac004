#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry::test {

/// Makes records that are as odd as the engine lets through: quotes, backslashes, markup, emoji,
/// long texts, blanks at the ends, empty and absent ones, dates of every precision and century.
class RandomRecords {
 public:
  /// The same seed makes the same records.
  explicit RandomRecords(std::uint64_t seed) : random_(seed) {}

  /// Control characters other than tab and line feed too, which the engine would have removed.
  void allow_control_characters() { has_control_characters_ = true; }

  /// Lifetime: the arena.
  Bookmark bookmark(Arena& arena);
  Folder folder(Arena& arena);
  Text text(Arena& arena);

  bool chance(unsigned percent) { return random_() % 100 < percent; }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

 private:
  Text optional_text(Arena& arena) { return chance(40) ? Text{} : text(arena); }
  Text name(Arena& arena);
  Timestamp date();
  Flag flag() { return static_cast<Flag>(below(3)); }
  FolderPath path(Arena& arena);
  std::span<const Attribute> extra(Arena& arena);
  const Post* post(Arena& arena);
  void add_lists(Bookmark& bookmark, Arena& arena);

  std::mt19937_64 random_;
  bool has_control_characters_ = false;
};

/// A new seed each time, or that of the environment variable LINKFERRY_SEED.
std::uint64_t make_seed();

}  // namespace linkferry::test
