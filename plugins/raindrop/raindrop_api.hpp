#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "common/json_value.hpp"
#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "raindrop/raindrop_credentials.hpp"

namespace linkferry::raindrop {

/// What one request may list, create or name. Source: developer.raindrop.io, Multiple raindrops
/// (read 2026-11-22); the app itself sends more, which is not documented.
inline constexpr std::size_t most_in_a_page = 50;
inline constexpr std::size_t most_in_a_call = 100;

/// An answer and its JSON. That of an error may be none; that of a success is valid.
struct Answer {
  HttpResponse response;
  common::JsonDocument document;

  common::JsonValue member(std::string_view name) const { return document.root().member(name); }
  /// `result: false` with an `error`: a failure whatever the status. `result: false` alone is how
  /// `exists` says no.
  bool is_error() const;
  /// What the service says is wrong; empty where it says nothing.
  std::string words() const;
};

/// Raindrop's REST API, version 1.
///
/// 120 requests a minute for each user; the client spreads them. Source: developer.raindrop.io
/// (read 2026-11-22). Thread: any.
class Api {
 public:
  /// The options `url`, `token` or `credentials`, `allow_http`, `ca_file`, `requests_per_minute`.
  /// Nothing is sent. Errors: Failure configuration, input.
  Api(const Settings& settings, Host& host);

  /// A document that is no JSON, of at most 512 MiB: any answer but 401. Errors: Failure, as
  /// HttpClient.
  HttpResponse get_file(const std::string& path, std::stop_token stop);

  /// Sends a request and returns its answer of any status but 401. What may be repeated
  /// (GET, PUT, DELETE, or `is_repeatable`) is sent again, too, where a success comes with
  /// something else than JSON: a page of a proxy, a document that is cut off. Errors: LostReply;
  /// Failure as HttpClient, and as `HttpClient::expect_json`.
  Answer ask(std::string method, std::string path, std::string body, bool is_repeatable,
             std::stop_token stop);

  /// The JSON of a read that must succeed. Errors: Failure, for `result: false` with an error too;
  /// authentication for a 403, which of the account is a matter of the token.
  Answer read(const std::string& path, std::stop_token stop);

  /// What to throw for an answer that does not help.
  Failure failure_of(const HttpResponse& answer, std::string_view expected) const;

  /// What to throw where the token may not do it.
  Failure refusal_of_token(const HttpResponse& answer) const;

  /// The server's time in seconds since 1970, as its last answer said, or this machine's.
  std::int64_t now_seconds() const;

  const std::string& base_url() const { return base_url_; }
  Host& host() { return host_; }

 private:
  HttpResponse send(const HttpRequest& request, std::stop_token stop);
  HttpResponse send_once(const HttpRequest& request, std::stop_token stop);
  std::shared_ptr<HttpClient> client() const;
  bool take_token(bool is_refused, std::stop_token stop);
  Credentials renewed(const Credentials& old, std::stop_token stop);
  std::shared_ptr<HttpClient> make_client(Secret secret);

  Host& host_;
  HttpSettings http_;
  std::string base_url_;
  std::string credentials_path_;  ///< empty: there is a plain token
  mutable std::mutex mutex_;
  std::optional<Credentials> credentials_;
  std::shared_ptr<HttpClient> client_;
  std::int64_t server_seconds_ = 0;
};

/// `"ids":[1,2]`, for calls on many. Rationale: without ids the service changes or deletes all that
/// is in the collection, so the one place that writes them refuses to write none. Errors: Failure
/// failed.
std::string ids_member(std::span<const std::int64_t> ids);

}  // namespace linkferry::raindrop
