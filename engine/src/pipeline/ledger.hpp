#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "linkferry/sink.hpp"

namespace linkferry {

/// What became of one record that was read. Every record ends in exactly one.
enum class Fate : std::uint8_t { created, updated, unchanged, merged, filtered, skipped, failed };

inline constexpr std::size_t fate_count = static_cast<std::size_t>(Fate::failed) + 1;

constexpr std::string_view name_of(Fate fate) {
  constexpr std::string_view names[fate_count] = {"created",  "updated", "unchanged", "merged",
                                                  "filtered", "skipped", "failed"};
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
struct Ledger {
  std::uint64_t read = 0;
  std::array<std::uint64_t, fate_count> fates{};
  std::uint64_t folders_created = 0;
  std::vector<LossCount> losses;
  std::vector<NoticeCount> notices;

  std::uint64_t& operator[](Fate fate) { return fates[static_cast<std::size_t>(fate)]; }
  std::uint64_t operator[](Fate fate) const { return fates[static_cast<std::size_t>(fate)]; }
  bool is_balanced() const {
    std::uint64_t sum = 0;
    for (const auto count : fates) sum += count;
    return sum == read;
  }
  bool has_changes() const {
    return (*this)[Fate::created] + (*this)[Fate::updated] + folders_created > 0;
  }
};

}  // namespace linkferry
