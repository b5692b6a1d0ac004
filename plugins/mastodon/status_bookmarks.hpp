#pragma once

#include <string>
#include <string_view>

#include "linkferry/batch.hpp"
#include "mastodon/status.hpp"

namespace linkferry::mastodon {

enum class Mode { toot, first_link, all_links };

/// What a status is turned into, by the options of the endpoint.
struct StatusRules {
  Mode mode = Mode::toot;
  bool includes_private = false;
  /// Both lists are read: what is a favourite only is told apart by `mastodon.bookmarked` = false.
  bool has_favourites = false;
  std::string bookmark_tag;   ///< for what is bookmarked; empty: none
  std::string favourite_tag;  ///< for what is a favourite; empty: none
  std::string endpoint;
  std::string url;     ///< of the server
  std::string domain;  ///< of the handles of its own accounts
};

/// Where the status stands. What stands in a list has its mark, whatever the status says.
enum class List { bookmarks, favourites };

constexpr std::string_view name_of(List list) {
  return list == List::bookmarks ? "bookmarks" : "favourites";
}

/// In `extra` of what is a favourite but not bookmarked: "false".
inline constexpr Text bookmarked_attribute = "mastodon.bookmarked";

/// Appends the bookmarks of one status to `batch`: one in mode toot; in the modes of links one for
/// each link (all of them, or the first), and the status itself where there is none. A private
/// status gives none but a notice. `value` lives as long as the batch.
///
/// A toot's title is its content warning, else `Name (@name@domain): ` and the first 80 characters;
/// its description the plain text with the descriptions of media and the choices of a poll; its
/// date that of the toot, since no server tells when something was bookmarked.
void append_bookmarks(JsonValue value, List list, const StatusRules& rules, Batch& batch);

}  // namespace linkferry::mastodon
