#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace linkferry::mastodon {

/// What a `Link` header of a list says about its pages. Only the paging ids are taken from its
/// addresses: behind a proxy they may name another host or scheme, and the token goes to the
/// configured one only.
struct PageLinks {
  bool has_next = false;
  bool has_prev = false;
  std::string oldest;  ///< `max_id` of rel=next: the paging id of the last row; empty: not told
  std::string newest;  ///< `min_id` (or `since_id`) of rel=prev: that of the first row
  std::string limit;   ///< as rel=next echoes it
};

/// Reads the header's value; nothing of what is malformed. Relations may be quoted or not, other
/// parameters may hold commas, and so may the addresses.
///
///     <https://a.example/api/v1/bookmarks?limit=40&max_id=23771>; rel="next", <…>; rel="prev"
///
/// Source: RFC 8288 section 3; the pagination of Mastodon and GoToSocial, read 2026-11-22.
PageLinks read_links(std::string_view header);

/// The reverse of percent_encode. A `%` that begins no escape stays as it is.
std::string percent_decoded(std::string_view text);

}  // namespace linkferry::mastodon
