#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mastodon/list_walk.hpp"

namespace linkferry::mastodon {

/// What a source needs to go on later, maybe days later: whose lists they are, and how far each was
/// read.
struct WalkCheckpoint {
  std::string account;  ///< Account::identity
  std::string rules;    ///< the options that decide what a row becomes: others need another reading
  std::string domain;   ///< as ask_domain, so that it need not be asked again
  std::vector<std::pair<List, ListPosition>> lists;
};

/// `mastodon1&account=…&rules=…&bookmarks.bound=23771&…`: the values are percent-encoded.
std::string format_checkpoint(const WalkCheckpoint& checkpoint);
/// Nothing for any other text.
std::optional<WalkCheckpoint> parse_checkpoint(std::string_view text);

}  // namespace linkferry::mastodon
