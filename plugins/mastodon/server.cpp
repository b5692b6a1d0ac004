#include "mastodon/server.hpp"

#include <chrono>

#include "common/html_text.hpp"

namespace linkferry::mastodon {
namespace {

std::unique_ptr<HttpClient> make_client(const Settings& settings, Host& host, Pace pace) {
  HttpSettings http;
  http.base_url = settings.text("url").value_or("");
  http.secret = settings.secret("token");
  http.allow_http = settings.flag("allow_http");
  http.ca_file = settings.text("ca_file").value_or("");
  // A search asks the post's own server within the request: up to 30 s, says Mastodon.
  http.read_timeout = std::chrono::seconds(60);
  const auto requests = static_cast<std::uint32_t>(settings.number("requests_per_5_minutes"));
  constexpr std::uint32_t reading_burst = 150;
  constexpr std::uint32_t writing_burst = 30;
  http.rate = {requests, std::chrono::minutes(5),
               pace == Pace::reading ? reading_burst : writing_burst};
  return host.make_http_client(http);
}

/// `scope` is the one that is missing: `auth` asks for some only when told to.
std::string how_to_get_a_token(const std::string& url, std::string_view scope) {
  const bool is_writing = scope.starts_with("write:");
  const bool is_of_posts = scope == "read:search" || scope == "read:statuses";
  return "`linkferry auth mastodon " + url + (is_writing ? " --write" : "") + "` gets one" +
         (is_of_posts ? " (answer y when it asks about single posts; add --write where bookmarks "
                        "are to be set)"
                      : "") +
         ", or on the server's pages: Preferences, Development, New application";
}

}  // namespace

Server::Server(const Settings& settings, Host& host, Pace pace)
    : host_(host), client_(make_client(settings, host, pace)), endpoint_(settings.endpoint()) {}

HttpResponse Server::get(std::string path, std::stop_token stop, bool sends_token) {
  HttpRequest request;
  request.path = std::move(path);
  // GoToSocial answers errors in HTML to who would take it.
  request.headers.push_back({"Accept", "application/json"});
  request.sends_secret = sends_token;
  return client_->send(request, std::move(stop));
}

HttpResponse Server::post(std::string path, std::stop_token stop) {
  HttpRequest request;
  request.method = "POST";
  request.path = std::move(path);
  request.headers.push_back({"Accept", "application/json"});
  request.is_repeatable = true;
  return client_->send(request, std::move(stop));
}

JsonDocument Server::json_of(const HttpResponse& response) const {
  return JsonDocument(client_->expect_json(response));
}

Failure Server::failure_of(const HttpResponse& response, std::string_view scope) const {
  const std::string wanted(scope);
  const auto failure = [&](FailureKind kind, const std::string& problem) {
    return Failure(kind, client_->failure_of(response, problem).what());
  };
  if (response.status == 401) {
    return failure(FailureKind::authentication,
                   "the server does not know the token: it was revoked, or is of another server, "
                   "or there is none. A token with the scope " +
                       wanted + " is needed; " + how_to_get_a_token(url(), scope));
  }
  if (response.status == 403 && is_scope_missing(response)) {
    return failure(FailureKind::authentication,
                   "the token lacks the scope " + wanted +
                       ", and scopes cannot be added to a token. A new one is needed; " +
                       how_to_get_a_token(url(), scope));
  }
  if (response.status == 403) {
    return failure(FailureKind::authentication,
                   "the server does not let this account do that (the scope would be " + wanted +
                       "): log in on its pages and see what it says");
  }
  if (response.status == 422) {
    return failure(FailureKind::authentication,
                   "the token seems to be that of an app, not of an account, or the request was "
                   "not understood. A token of the account with the scope " +
                       wanted + " is needed; " + how_to_get_a_token(url(), scope));
  }
  if (response.status == 404) {
    return failure(FailureKind::configuration,
                   "there is no such part of Mastodon's API; is `url` the address of a Mastodon, "
                   "GoToSocial or Pleroma server?");
  }
  return client_->failure_of(response, "");
}

void Server::warn(std::string_view text) const {
  host_.log(LogLevel::warning, url() + ": " + std::string(text));
}

bool is_scope_missing(const HttpResponse& response) {
  return response.status == 403 &&
         (common::find_lower(response.body, "scope") != std::string::npos ||
          common::find_lower(response.body, "insufficient permissions") != std::string::npos);
}

}  // namespace linkferry::mastodon
