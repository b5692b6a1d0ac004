#pragma once

#include <span>
#include <stop_token>

#include "linkferry/source.hpp"
#include "mastodon/list_walk.hpp"
#include "mastodon/server.hpp"

namespace linkferry::mastodon {

/// Tells why each status (its id at this server) is not in any of `lists` any more, as
/// `Source::look_up`: one request a status.
///
/// Without the mark of each of the lists it was taken off: `removed`. With one of them it is
/// `present`: it was marked again meanwhile, or the list leaves it out. A status that the server
/// does not show is `gone`: its author deleted it, the server has cleared it, or it is hidden from
/// the account by a block or its visibility; nobody can tell which. Everything else is `unknown`,
/// and so is the rest after a token that may not look at statuses (a warning says so), or after
/// several errors in a row. Errors: Failure authentication for a token that is not known;
/// otherwise those of HttpClient::send.
void look_up_statuses(Server& server, std::span<const List> lists, std::span<const Text> ids,
                      std::span<Absence> absences, std::stop_token stop);

/// Whether the token may look at single statuses, as a sentence.
std::string describe_look_up(Server& server, std::stop_token stop);

}  // namespace linkferry::mastodon
