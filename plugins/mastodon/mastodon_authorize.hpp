#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "common/oauth_code.hpp"
#include "linkferry/authorize.hpp"

/// Getting a token for an account: OAuth 2 with a code that the person copies from the browser.
///
/// Source: docs.joinmastodon.org/methods/oauth and apps; RFC 6749 section 4.1, RFC 7636 (PKCE), RFC
/// 8414 (what a server supports); read 2026-11-22.
namespace linkferry::mastodon {

/// What a token is to be good for.
enum class Rights {
  lists,  ///< reading what is marked
  posts,  ///< and looking single posts up: for mirrors, and for filling in archives
  marks,  ///< and setting marks
};

/// See `Authorize`. Registers an app at the server with the least scopes that are needed. Where no
/// job of the config file tells, the person is asked whether single posts may be looked up, since
/// that opens all that the account sees. Asks for `read` and `write` where a server knows no finer
/// ones.
Access authorize(const AuthorizeRequest& request, Host& host, Dialog& dialog, std::stop_token stop);

/// The scopes of these rights. Without those that `supported` leaves out, `read` and `write`
/// instead; an empty `supported` says nothing.
std::string scopes_for(Rights rights, const std::vector<std::string>& supported);

using common::code_in;
using common::state_in;

/// SHA-256 of `verifier` in base64url without padding: PKCE's S256.
std::string challenge_of(std::string_view verifier);

}  // namespace linkferry::mastodon
