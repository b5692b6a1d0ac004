#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "linkferry/host.hpp"
#include "linkferry/http.hpp"
#include "linkferry/settings.hpp"
#include "mastodon/json_value.hpp"

namespace linkferry::mastodon {

/// How many requests may go at once after a rest.
enum class Pace { reading, writing };

/// The server of one account: asks it, and says in words why it refuses.
/// Thread: one at a time.
class Server {
 public:
  /// Options `url`, `token`, `allow_http`, `ca_file`, `requests_per_5_minutes`. Nothing is sent.
  /// Errors: Failure configuration.
  Server(const Settings& settings, Host& host, Pace pace);

  /// Any status. Errors: those of HttpClient::send.
  HttpResponse get(std::string path, std::stop_token stop, bool sends_token = true);
  /// A write that does no harm when it arrives twice, as all of Mastodon's marks.
  HttpResponse post(std::string path, std::stop_token stop);

  /// The body of a 2xx answer. Errors: Failure where it is no JSON.
  JsonDocument json_of(const HttpResponse& response) const;

  /// What to throw for an answer that is no 2xx: which scope is missing and how to get it, where
  /// that is what is wrong. `scope` is the one that the request needs: `read:bookmarks`.
  Failure failure_of(const HttpResponse& response, std::string_view scope) const;

  /// Tells the person something that does not end the run, with the server's address.
  void warn(std::string_view text) const;

  const std::string& url() const { return client_->base_url(); }
  const std::string& endpoint() const { return endpoint_; }

 private:
  Host& host_;
  std::unique_ptr<HttpClient> client_;
  std::string endpoint_;
};

/// Whether a 403 says that the token lacks a scope, rather than that the account may not do this.
/// Source: `doorkeeper` messages of Mastodon 4.7, GoToSocial 0.20 and Pleroma (read 2026-11-22).
bool is_scope_missing(const HttpResponse& response);

}  // namespace linkferry::mastodon
