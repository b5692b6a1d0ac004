#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linkferry/bookmark.hpp"

namespace linkferry::linkding {

/// Where a reading ended, so that the next one can ask for what has changed since.
///
/// As text: `linkding1 SINCE TOTAL HIGHEST ID:MODIFIED …`; times in microseconds since 1970.
struct Checkpoint {
  /// Everything changed after this is of interest: the newest change that was seen, or 5 s before
  /// the reading began where that is earlier, since a change may become visible later than it says.
  std::int64_t since_us = 0;
  std::uint64_t total = 0;      ///< bookmarks that there were, archived ones included
  std::int64_t highest_id = 0;  ///< newer bookmarks have higher ids
  /// What was changed after `since_us` and is known all the same; sorted.
  struct Known {
    std::int64_t id = 0;
    std::int64_t modified_us = 0;
    // clang-tidy 14 takes what <=> compares with for a pointer.
    auto operator<=>(const Known&) const = default;  // NOLINT(modernize-use-nullptr)
  };
  std::vector<Known> known;

  bool is_known(std::int64_t id, std::int64_t modified_us) const;
};

/// More known changes are not noted, and then are given again: harmless, and the text stays short.
inline constexpr std::size_t most_known = 1000;

std::string format_checkpoint(const Checkpoint& checkpoint);
/// Nothing for what is none.
std::optional<Checkpoint> parse_checkpoint(std::string_view text);

/// Microseconds since 1970; 0 for unknown.
std::int64_t microseconds_of(const Timestamp& time);
/// The value of `modified_since`, encoded.
std::string format_since(std::int64_t microseconds);

/// Makes the checkpoint of a reading from what it sees.
class CheckpointMaker {
 public:
  /// `now_seconds`: the server's time when the reading began.
  void begin(std::int64_t now_seconds) { began_us_ = now_seconds * 1'000'000; }
  bool has_begun() const { return began_us_ != 0; }
  std::int64_t began_seconds() const { return began_us_ / 1'000'000; }
  void see(std::int64_t id, const Timestamp& modified);
  Checkpoint make(std::uint64_t total, std::int64_t highest_id, std::int64_t least_since_us) const;

 private:
  std::int64_t edge_us() const;

  std::int64_t began_us_ = 0;
  std::int64_t newest_us_ = 0;
  std::vector<Checkpoint::Known> recent_;
};

}  // namespace linkferry::linkding
