#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "linkferry/source.hpp"
#include "raindrop/raindrop_api.hpp"

namespace linkferry::raindrop {

/// What `GET /user` says of the account. Source: developer.raindrop.io, User; `lastUpdate` is not
/// documented, but is there (read 2026-11-22).
struct User {
  std::string name;
  bool is_pro = false;
  /// When anything was changed last, in milliseconds since 1970; 0 where the service does not say.
  std::int64_t last_update_ms = 0;
  std::vector<std::int64_t> roots_order;  ///< ids of collections, from `groups`
};

/// Errors: Failure, as `Api::read`.
User read_user(Api& api, std::stop_token stop);

/// How many bookmarks there are. Source: developer.raindrop.io, Collections, `GET /user/stats`.
struct Stats {
  std::int64_t all = -1;  ///< but those in Trash; -1: the service does not say
  std::int64_t unsorted = -1;
  std::int64_t trash = -1;
};
Stats read_stats(Api& api, std::stop_token stop);

/// Where a whole reading ended, so that the next one can tell with two requests whether anything
/// has changed. As text: `raindrop1 LAST_UPDATE_MS ALL TRASH`.
struct ApiCheckpoint {
  std::int64_t last_update_ms = 0;  ///< 0: nothing can be told by it, and there is no text
  std::int64_t all = 0;
  std::int64_t trash = -1;  ///< -1: Trash was not read

  friend bool operator==(const ApiCheckpoint&, const ApiCheckpoint&) = default;
};
std::string format_checkpoint(const ApiCheckpoint& checkpoint);
/// Nothing for what is none.
std::optional<ApiCheckpoint> parse_checkpoint(std::string_view text);

/// Changes younger than this when a reading begins may be followed by others of the same date.
inline constexpr std::int64_t margin_ms = 10'000;

/// Asks for each bookmark where it is: in Trash, or nowhere, is `removed`; of what may not be
/// looked at nothing is known. One request each. Errors: Failure, as `Api::read`.
void look_up_items(Api& api, std::span<const Text> ids, std::span<Absence> absences,
                   std::stop_token stop);

/// What a person who checks a job wants to know of an account: three requests.
std::vector<std::string> describe_account(Api& api, std::stop_token stop);

}  // namespace linkferry::raindrop
