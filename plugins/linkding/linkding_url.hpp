#pragma once

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

/// Addresses as linkding sees them: which are the same, and which it refuses.
namespace linkferry::linkding {

/// The longest address that linkding takes, in characters.
inline constexpr std::size_t max_url_characters = 2048;

/// The form in which linkding 1.43 and newer compare addresses: two bookmarks of equal key cannot
/// be made. Trimmed; scheme and host in lower case; without slashes at the end of the path; the
/// query sorted by name and value and encoded anew, empty values kept; user, fragment and
/// parameters as they are. An address that cannot be taken apart is its own key. Source: observed
/// on linkding 1.46.2 (read 2026-11-22). Lifetime: the arena. Absent for an absent address.
Text normalized_url(Text url, Arena& arena);

/// Why linkding refuses an address, as a fixed sentence; absent when it takes it. The address is
/// trimmed. Source: the rules of Django's URL validator as linkding 1.46.2 applies them (observed,
/// read 2026-11-22).
Text reason_to_refuse_url(Text url);

}  // namespace linkferry::linkding
