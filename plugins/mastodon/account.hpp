#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "mastodon/server.hpp"

namespace linkferry::mastodon {

/// Whose the token is.
struct Account {
  /// The address of the account's page, else its id; empty where the token may not tell: one with
  /// `read:bookmarks` alone is as good as any other for reading.
  std::string identity;
  std::string name;  ///< `alice`
};

/// Errors: Failure authentication for a token that is not known; temporary.
Account ask_account(Server& server, std::stop_token stop);

/// The domain of the handles of the server's own accounts, which can differ from that of its pages.
/// Where the server does not tell, the host of its address.
std::string ask_domain(Server& server, std::stop_token stop);

/// A sentence each on the software, the account, and what the token may read. Errors: Failure
/// authentication where the token is not known at all; temporary.
std::vector<std::string> describe_server(Server& server, std::stop_token stop);

/// Whether the token may search, which a target needs, as a sentence.
std::string describe_search(Server& server, std::stop_token stop);

}  // namespace linkferry::mastodon
