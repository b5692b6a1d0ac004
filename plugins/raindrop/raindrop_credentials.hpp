#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "linkferry/host.hpp"

/// OAuth at Raindrop: tokens of two weeks, and what gets the next one.
///
/// Source: developer.raindrop.io, Authentication, Obtain access token (read 2026-11-22).
namespace linkferry::raindrop {

/// What `linkferry auth raindrop` stores, as one line of JSON:
///
///     {"client_id":"5f0…","client_secret":"c1…","access_token":"a2…","refresh_token":"b3…",
///      "expires_at":1795300000,"lifetime":1209599}
struct Credentials {
  std::string client_id;
  std::string client_secret;
  std::string access_token;
  std::string refresh_token;
  std::int64_t expires_at = 0;  ///< seconds since 1970
  /// Of the token, in seconds: two weeks, as the service has it, where nothing says so.
  std::int64_t lifetime = 1'209'599;

  /// Whether the token should be renewed now: a day before its end, or in the last tenth of a short
  /// life.
  bool is_ending(std::int64_t now_seconds) const;
};

std::string format_credentials(const Credentials& credentials);
/// Nothing where it is no such document.
std::optional<Credentials> parse_credentials(std::string_view text);

/// Reads the file at `path`. Errors: Failure configuration where it holds none; input.
Credentials read_credentials(Host& host, const std::string& path);
/// Puts them into a file that was staged. Errors: Failure failed.
void write_credentials(StagedFile& file, const Credentials& credentials);

/// Where the person logs in and where tokens come from: `https://raindrop.io` for
/// `https://api.raindrop.io/rest/v1`, and the same address without `/rest/v1` elsewhere.
std::string login_base_of(std::string_view api_base);

/// The address of the API, for what people paste: `raindrop.io`, `app.raindrop.io`, without
/// `/rest/v1`, with a slash at the end.
std::string api_base_of(std::string url);

/// A client for the login server, without a token.
std::unique_ptr<HttpClient> make_login_client(Host& host, const std::string& api_base,
                                              bool allow_http, const std::string& ca_file);

/// Gets tokens for a code that the login has given.
/// Errors: Failure authentication where the code or the app is not accepted; temporary. They quote
/// nothing of the answer but its `error`.
Credentials exchange_code(HttpClient& login, const Credentials& app, const std::string& code,
                          const std::string& redirect_uri, std::stop_token stop);

/// Gets the next tokens. Errors: as `exchange_code`.
Credentials renew(HttpClient& login, const Credentials& old, std::stop_token stop);

/// This machine's time in seconds since 1970.
std::int64_t local_seconds();

}  // namespace linkferry::raindrop
