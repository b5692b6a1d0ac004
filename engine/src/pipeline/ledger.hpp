#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "linkferry/sink.hpp"

namespace linkferry {

/// What became of one record that was read, up to `failed`: every record ends in exactly one. Then
/// what becomes of a bookmark of the sink that no source has any more.
enum class Fate : std::uint8_t {
  created,
  updated,
  unchanged,
  merged,
  filtered,
  skipped,
  failed,
  deleted,
  quarantined,
  kept,  ///< it stays, for a reason
};

inline constexpr std::size_t fate_count = static_cast<std::size_t>(Fate::kept) + 1;
/// The first so many fates are those of records that were read.
inline constexpr std::size_t read_fate_count = static_cast<std::size_t>(Fate::failed) + 1;

constexpr std::string_view name_of(Fate fate) {
  constexpr std::string_view names[fate_count] = {"created",     "updated", "unchanged", "merged",
                                                  "filtered",    "skipped", "failed",    "deleted",
                                                  "quarantined", "kept"};
  return names[static_cast<std::size_t>(fate)];
}

/// A way in which records lose something, with how many do.
struct LossCount {
  Field field;
  LossKind kind;
  std::string reason;
  std::uint64_t records = 0;
  std::string example;  ///< the URL of the first
};

/// A text that a reader or a stage wants seen, with how often and where first.
struct NoticeCount {
  std::string text;
  std::string endpoint;
  std::uint64_t times = 0;
  std::uint64_t first_line = 0;
};

/// The run's books: read = created + updated + unchanged + merged + filtered + skipped + failed.
///
/// Of a sync, `read` counts the records of both sides, each with its own fate: `created` is one
/// that the other side gets, `updated` one that is changed where it is. A record that the other
/// side has lost is not among them: it is deleted, quarantined or kept.
struct Ledger {
  std::uint64_t read = 0;
  std::array<std::uint64_t, fate_count> fates{};
  std::uint64_t folders_created = 0;
  std::uint64_t conflicts = 0;       ///< of a sync: bookmarks that both sides have changed
  std::uint64_t open_conflicts = 0;  ///< those among them that wait for a person
  std::vector<LossCount> losses;
  std::vector<NoticeCount> notices;

  std::uint64_t& operator[](Fate fate) { return fates[static_cast<std::size_t>(fate)]; }
  std::uint64_t operator[](Fate fate) const { return fates[static_cast<std::size_t>(fate)]; }
  bool is_balanced() const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < read_fate_count; ++i) sum += fates[i];
    return sum == read;
  }
  bool has_changes() const {
    return (*this)[Fate::created] + (*this)[Fate::updated] + (*this)[Fate::deleted] +
               (*this)[Fate::quarantined] + folders_created >
           0;
  }
};

}  // namespace linkferry
