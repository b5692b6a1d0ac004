#pragma once

#include <cstdint>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

/// Which addresses are posts of the fediverse.
///
/// A post has two: its uri, which is the same on every server and by which servers know it, and
/// mostly another one that people open.
///
///     https://social.example/users/ann/statuses/109300000000000001   the uri
///     https://social.example/@ann/109300000000000001                 what people open
namespace linkferry::mastodon {

/// What an address is, as far as its shape tells; nothing is asked over the network.
enum class AddressShape : std::uint8_t {
  other,
  uri,   ///< of a post
  page,  ///< of a post; its uri follows from it
  copy,  ///< of a post, as a page from which the uri does not follow: that of another server
};

/// Source: the routes of Mastodon 4.7 and GoToSocial 0.20; the ids of Pleroma, Misskey, Pixelfed
/// and PeerTube objects (read 2026-11-22). Addresses with a query or a fragment are none of these.
AddressShape shape_of(Text url);

/// The uri behind a `page`, as Mastodon makes it for accounts from before version 4.5, and
/// GoToSocial for all.
Text uri_behind_page(Text url, Arena& arena);

/// Equal for the uri and the page of one post of Mastodon or GoToSocial, whose ids are unique on
/// their server; absent for other addresses.
Text post_key(Text url, Arena& arena);

/// What to call a bookmark's post at another server.
struct PostUri {
  Text uri{};
  Text refusal{};           ///< present: it has none; why
  bool is_derived = false;  ///< from the page, so that it may be wrong
};

/// `post.uri`, else what the address tells. A link that does not look like a post is refused, but
/// with `takes_any_link` its address is tried. Lifetime: of the bookmark or `arena`.
PostUri post_uri_of(const Bookmark& bookmark, bool takes_any_link, Arena& arena);

}  // namespace linkferry::mastodon
