#pragma once

#include <span>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"
#include "mastodon/json_value.hpp"

namespace linkferry::mastodon {

/// A status as a server sends it, as far as a bookmark needs it. Absent is what it does not say.
/// Lifetime of all texts: of the arena and of what was parsed.
struct Status {
  Text id;   ///< on this server only; opaque: decimal, ULID or flake
  Text uri;  ///< the same on all servers
  Text url;  ///< what people open; may be missing or empty
  Text created_at;
  Text edited_at;
  Text spoiler_text;
  Text visibility;
  Text language;
  Text content;  ///< HTML
  Flag bookmarked = Flag::unknown;
  Flag favourited = Flag::unknown;
  Text account_name;  ///< `alice`, or `alice@other.example` for an account of another server
  Text account_display_name;
  Text account_url;
  JsonValue card;
  JsonValue media;
  JsonValue poll;
  JsonValue tags;
  JsonValue mentions;
  bool has_quote = false;

  /// Not everybody's: for followers, for named people, or something that only this server knows.
  bool is_private() const { return visibility != "public" && visibility != "unlisted"; }
};

/// A boost is read as what it boosts. Unknown members are passed over.
/// Source: the Status entity of Mastodon 4.7, GoToSocial 0.20 and Pleroma (read 2026-11-22).
Status read_status(JsonValue value, Arena& arena);

}  // namespace linkferry::mastodon
