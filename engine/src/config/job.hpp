#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "linkferry/bookmark.hpp"
#include "schedule/schedule.hpp"

namespace linkferry {

/// What makes two records the same bookmark (README, "Sameness").
enum class MatchPreset { exact, standard, loose };

/// What happens to what the sink already holds.
enum class OnMatch { skip, fill, merge, newer, overwrite };

/// What a job does with the two sides (README, "Modes").
enum class Mode {
  copy,    ///< adds to the sink, and never deletes
  mirror,  ///< makes the sink follow the sources, deletions included
  sync,    ///< carries the changes of each side to the other
};

/// What a sync does when both sides have changed a field, each in its own way.
enum class ConflictPolicy {
  newer,   ///< the side changed last wins, by its date of change; where one has none: `source`
  source,  ///< the side named by `from` wins
  sink,    ///< the side named by `to` wins
  both,    ///< texts are joined, lists united
  ask,     ///< both stay as they are, until a person makes them the same
};

/// How the conflicts of a sync are resolved.
struct ConflictRules {
  ConflictPolicy otherwise = ConflictPolicy::newer;
  std::array<std::optional<ConflictPolicy>, field_count> fields{};

  std::optional<ConflictPolicy> stated_for(Field field) const {
    return fields[static_cast<std::size_t>(field)];
  }
};

/// Which bookmarks a mirror may delete when no source has them any more, and a sync when the other
/// side has them no more.
enum class DeletePolicy {
  owned,    ///< those that linkferry itself has created there for this job
  matched,  ///< those, and what was there before and was the same as a bookmark of a source
  none,
};

/// What a mirror or a sync does to a bookmark instead of deleting it.
enum class Quarantine { none, archive, tag };

/// What bounds the deletions of a mirror, and on each side those of a sync, where `policy` is
/// `matched` or `none`.
struct DeleteRules {
  DeletePolicy policy = DeletePolicy::owned;
  std::uint64_t max = 25;          ///< in one run; the more restrictive limit counts
  std::uint32_t max_percent = 10;  ///< of what the job keeps in step; at least 1 may always go
  Quarantine quarantine = Quarantine::none;
};

/// The tag of `Quarantine::tag`.
inline constexpr std::string_view quarantine_tag = "linkferry-removed";

enum class FolderTags { none, leaf, each, path };

/// Rules for tags, applied in this order: those made from folders are added, then case, rename,
/// split, drop, add.
struct TagRules {
  bool lower_case = false;
  std::vector<std::pair<std::string, std::string>> rename;  ///< whole tag to whole tag
  std::vector<std::pair<std::string, std::vector<std::string>>>
      split;  ///< pattern with one `*` to tags that may use it
  std::vector<std::string> drop;
  std::vector<std::string> add;
  FolderTags from_folders = FolderTags::none;
};

/// Rules for folders. A name without `/` means a folder of that name at any level, one with `/` a
/// path from the root.
struct FolderRules {
  std::vector<std::pair<std::string, std::string>> rename;
  std::vector<std::string> drop;  ///< the folder goes, what is in it moves up one level
};

/// What a bookmark must be like; an empty criterion says nothing.
struct Criteria {
  std::vector<std::string> tags;     ///< any of them
  std::vector<std::string> folders;  ///< in or below any of these paths (`A/B`)
  std::vector<std::string> url;      ///< any of these regular expressions (PCRE)
  Timestamp after;                   ///< created at or after
  Timestamp before;                  ///< created before
  std::vector<std::pair<Field, bool>>
      flags;                ///< every one of them, unread, favorite, archived, shared
  std::vector<Kind> kinds;  ///< any of them
};

/// A bookmark passes when it meets every criterion of `include` and none of `exclude`.
struct FilterRules {
  Criteria include;
  Criteria exclude;
};

/// One job of a config file, or the one that a `copy` command line makes.
struct Job {
  std::string name;
  std::vector<std::string> from;  ///< names of endpoints
  std::string to;
  Mode mode = Mode::copy;
  MatchPreset match = MatchPreset::standard;
  OnMatch on_match = OnMatch::fill;  ///< of a mirror: overwrite where nothing is said
  DeleteRules deletion;
  ConflictRules conflicts;  ///< of a sync
  TagRules tags;
  FolderRules folders;
  FilterRules filter;
  std::vector<std::string> reports;  ///< absolute paths; the ending tells the format
  std::optional<Schedule> schedule;  ///< nothing: it runs when it is asked for
  /// Of everything that decides what the job does: its rules, its endpoints with their options and
  /// the version of the program. Two jobs of the same digest do the same. Empty: a job without a
  /// config file.
  std::string digest;
  /// Of what decides which bookmarks are the same and where they live: the endpoints with their
  /// options, and `match`. What is remembered of bookmarks under another identity is no evidence
  /// that one was deleted. The first 32 characters are those of the sink alone.
  std::string identity;
};

}  // namespace linkferry
