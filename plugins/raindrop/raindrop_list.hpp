#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "raindrop/raindrop_api.hpp"
#include "raindrop/raindrop_item.hpp"

namespace linkferry::raindrop {

/// Which bookmarks were met in the lists of one reading, and in which scan last.
class SeenIds {
 public:
  enum class Sighting { first_ever, first_in_scan, again };

  Sighting see(std::int64_t id, std::uint32_t scan) {
    const auto [entry, is_new] = scans_.try_emplace(id, scan);
    if (is_new) return Sighting::first_ever;
    return std::exchange(entry->second, scan) == scan ? Sighting::again : Sighting::first_in_scan;
  }
  bool is_in_scan(std::int64_t id, std::uint32_t scan) const {
    const auto found = scans_.find(id);
    return found != scans_.end() && found->second == scan;
  }
  std::uint32_t new_scan() { return ++scan_; }
  std::size_t size() const { return scans_.size(); }

 private:
  std::unordered_map<std::int64_t, std::uint32_t> scans_;
  std::uint32_t scan_ = 0;
};

/// A part of a list: the rows from `page * size` on, `size` of them.
struct Window {
  std::uint64_t page = 0;
  std::uint64_t size = most_in_a_page;

  std::uint64_t start() const { return page * size; }
  std::uint64_t end() const { return start() + size; }
};

/// The window that begins before row `next`, includes it, and goes furthest: pages can only be
/// asked for at multiples of their size, so that the size varies. On average it has 41 new rows.
Window overlapping_window(std::uint64_t next);

/// How pages follow each other.
enum class Pace {
  plain,    ///< one after the other, 50 rows each
  careful,  ///< each begins with a row of the one before, which shows whether rows have moved
};

/// Scans one collection to its end, the oldest bookmarks first.
///
/// The service pages by number, which is no snapshot: a deletion moves what follows to the front,
/// and at the border of two pages a bookmark is passed over. `is_sound` tells whether that cannot
/// have happened, as far as the pages show it. Each bookmark is given once over all scans of one
/// reading. Thread: one at a time. Source: developer.raindrop.io, Multiple raindrops (read
/// 2026-11-22).
class ListScan {
 public:
  ListScan(Api& api, std::int64_t collection, Pace pace, SeenIds& seen)
      : api_(api), collection_(collection), pace_(pace), seen_(seen), scan_(seen.new_scan()) {}

  /// The next bookmark that was not given before; nothing at the end. Errors: Failure, as
  /// `Api::read`, and for rows without an id. Lifetime: `arena`, and this object until the next
  /// call.
  std::optional<Item> next(Arena& arena, std::stop_token stop);

  /// At the end: whether as many were met as the service counts, and it said so all the time. In a
  /// careful scan that shows that nothing was passed over; in a plain one a deletion and an
  /// addition can cancel each other out.
  bool is_sound() const { return !has_moved_ && met_ == count_; }
  /// Whether rows moved while it was read.
  bool has_moved() const { return has_moved_; }
  bool is_one_page() const { return pages_ <= 1; }
  std::uint64_t count() const { return count_; }  ///< as the last page said
  std::uint64_t met() const { return met_; }

 private:
  void load(std::stop_token stop);

  Api& api_;
  const std::int64_t collection_;
  const Pace pace_;
  SeenIds& seen_;
  const std::uint32_t scan_;
  Answer page_;
  std::vector<common::JsonValue> rows_;
  std::size_t next_row_ = 0;
  std::uint64_t end_ = 0;  ///< rows up to here were loaded
  std::uint64_t count_ = 0;
  std::uint64_t met_ = 0;
  std::size_t pages_ = 0;
  bool has_count_ = false;
  /// The last page had fewer rows than were asked for. No count ends a list: it may be stale.
  bool is_short_ = false;
  bool has_moved_ = false;
  bool is_first_row_ = false;  ///< the next row must be known
};

/// The path of a list.
std::string list_path(std::int64_t collection);

}  // namespace linkferry::raindrop
