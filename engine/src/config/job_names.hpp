#pragma once

#include <optional>
#include <string_view>

#include "config/job.hpp"

namespace linkferry {

/// How jobs spell their choices, in config files, on the command line, in plans and in reports.

constexpr std::string_view name_of(MatchPreset preset) {
  constexpr std::string_view names[] = {"exact", "standard", "loose"};
  return names[static_cast<std::size_t>(preset)];
}

constexpr std::string_view name_of(OnMatch policy) {
  constexpr std::string_view names[] = {"skip", "fill", "merge", "newer", "overwrite"};
  return names[static_cast<std::size_t>(policy)];
}

constexpr std::string_view name_of(Mode mode) {
  constexpr std::string_view names[] = {"copy", "mirror", "sync"};
  return names[static_cast<std::size_t>(mode)];
}

constexpr std::string_view name_of(ConflictPolicy policy) {
  constexpr std::string_view names[] = {"newer", "source", "sink", "both", "ask"};
  return names[static_cast<std::size_t>(policy)];
}

constexpr std::string_view name_of(DeletePolicy policy) {
  constexpr std::string_view names[] = {"owned", "matched", "none"};
  return names[static_cast<std::size_t>(policy)];
}

constexpr std::string_view name_of(Quarantine quarantine) {
  constexpr std::string_view names[] = {"none", "archive", "tag"};
  return names[static_cast<std::size_t>(quarantine)];
}

constexpr std::string_view name_of(FolderTags rule) {
  constexpr std::string_view names[] = {"none", "leaf", "each", "path"};
  return names[static_cast<std::size_t>(rule)];
}

/// The value of the enumeration whose name this is, going through them up to `last`; nothing where
/// there is none.
template <class Enum>
constexpr std::optional<Enum> find_named(std::string_view name, Enum last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (name_of(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  }
  return {};
}

constexpr std::optional<MatchPreset> parse_match(std::string_view name) {
  return find_named(name, MatchPreset::loose);
}
constexpr std::optional<OnMatch> parse_on_match(std::string_view name) {
  return find_named(name, OnMatch::overwrite);
}

}  // namespace linkferry
