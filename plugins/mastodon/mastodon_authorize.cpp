#include "mastodon/mastodon_authorize.hpp"

#include <Poco/Base64Encoder.h>
#include <Poco/SHA2Engine.h>

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <sstream>
#include <utility>

#include "common/html_text.hpp"
#include "mastodon/json_value.hpp"

namespace linkferry::mastodon {
namespace {

/// Instead of sending the browser somewhere, the server shows the code.
constexpr std::string_view shown_code = "urn:ietf:wg:oauth:2.0:oob";
constexpr std::string_view app_name = "linkferry";

/// What the server says of itself; nothing where it says nothing.
struct ServerFacts {
  std::vector<std::string> scopes;
  bool has_pkce = false;
};

/// An app that was registered, and what it may do.
struct App {
  std::string client_id;
  std::string client_secret;
  std::string scopes;
};

/// `a=1&b=2`, encoded.
std::string form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  std::string text = with_query("", fields);
  return text.empty() ? text : text.substr(1);
}

HttpRequest form_request(std::string path, std::string body) {
  HttpRequest request;
  request.method = "POST";
  request.path = std::move(path);
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"}};
  request.body = std::move(body);
  request.sends_secret = false;
  return request;
}

bool looks_like_json(const HttpResponse& response) {
  return common::trimmed(response.body).starts_with('{');
}

/// `error_description` and `error` of an answer, for people; empty where there is none.
std::string words_of(const HttpResponse& response) {
  const JsonDocument document(response.body);
  const std::string description = document.root().member("error_description").string();
  return description.empty() ? document.root().member("error").string() : description;
}

std::string_view words_of(Rights rights) {
  switch (rights) {
    case Rights::lists:
      return "read bookmarks and favourites";
    case Rights::posts:
      return "read bookmarks and favourites and look at single posts";
    case Rights::marks:
      break;
  }
  return "read bookmarks and favourites, look at single posts and set bookmarks";
}

/// Talks with one server until there is a token.
class Authorization {
 public:
  Authorization(const AuthorizeRequest& request, Host& host, Dialog& dialog, std::stop_token stop)
      : request_(request), dialog_(dialog), stop_(std::move(stop)) {
    HttpSettings settings;
    settings.base_url = request.url;
    settings.url_option = "URL";
    settings.allow_http = request.allow_http;
    // Somebody is waiting at the terminal.
    settings.retries = 2;
    settings.max_wait = std::chrono::seconds(30);
    client_ = host.make_http_client(settings);
  }

  Access run() {
    if (!request_.redirect_address.empty()) {
      fail(FailureKind::usage,
           "the server shows the code, and sends the browser nowhere; leave --redirect out");
    }
    const ServerFacts facts = ask_facts();
    const Rights rights = ask_rights();
    const App app = register_app(facts, rights);
    const std::string state = common::random_text();
    const std::string verifier = facts.has_pkce ? common::random_text() : std::string();
    dialog_.say("Open this address in a browser, log in, and allow linkferry to " +
                std::string(words_of(rights)) +
                (request_.use.is_known() ? ", as the jobs of the config file need it" : "") +
                ":\n\n" + address_to_open(app, state, verifier) + "\n");
    const std::string answer = dialog_.ask("The code that the page shows then:", false);
    const std::string code = code_in(answer);
    if (code.empty())
      fail(FailureKind::usage, "no code was given; run it again when the page shows one");
    if (const auto seen = state_in(answer); !seen.empty() && seen != state) {
      fail(FailureKind::authentication,
           "the address that was given belongs to another attempt; run it again, and open the "
           "address that it prints");
    }
    return {exchange(app, code, verifier)};
  }

 private:
  [[noreturn]] void fail(FailureKind kind, const std::string& problem) const {
    throw Failure(kind, client_->base_url() + ": " + problem);
  }

  /// Servers without this document (Mastodon before 4.3, GoToSocial, Pleroma) say no more than
  /// that.
  ServerFacts ask_facts() {
    HttpRequest request;
    request.path = "/.well-known/oauth-authorization-server";
    request.headers.push_back({"Accept", "application/json"});
    request.sends_secret = false;
    ServerFacts facts;
    HttpResponse response;
    try {
      response = client_->send(request, stop_);
    } catch (const Failure& failure) {
      // A redirect of this page alone says nothing about the service.
      if (failure.kind() != FailureKind::configuration) throw;
      return facts;
    }
    if (response.status != 200 || !looks_like_json(response)) return facts;
    const JsonDocument document(response.body);
    document.root().member("scopes_supported").for_each_item([&](JsonValue scope) {
      facts.scopes.push_back(scope.string());
    });
    document.root().member("code_challenge_methods_supported").for_each_item([&](JsonValue method) {
      if (method.string() == "S256") facts.has_pkce = true;
    });
    return facts;
  }

  Rights ask_rights() {
    const AccountUse& use = request_.use;
    if (request_.may_write || use.is_written) return Rights::marks;
    if (use.is_followed || use.has_file) return Rights::posts;
    if (use.is_known()) return Rights::lists;
    const std::string answer = dialog_.ask(
        "May it also look at single posts? Say y for a mirror (it tells by that what you took off "
        "a list from what its author deleted) and to fill in archives; copies need no more than n. "
        "[y/N]",
        false);
    return answer == "y" || answer == "Y" || answer == "yes" ? Rights::posts : Rights::lists;
  }

  App register_app(const ServerFacts& facts, Rights rights) {
    App app;
    app.scopes = scopes_for(rights, facts.scopes);
    HttpResponse response = ask_to_register(app.scopes);
    const std::string coarse = request_.may_write ? "read write" : "read";
    // Source: Mastodon before 2.4.3 knows `read write follow` only, and answers 422 to others.
    if ((response.status == 422 || response.status == 400) && app.scopes != coarse) {
      app.scopes = coarse;
      response = ask_to_register(app.scopes);
    }
    if (response.status == 404) {
      throw Failure(FailureKind::configuration,
                    client_
                        ->failure_of(response,
                                     "there is no such part of Mastodon's API; is this the address "
                                     "of a Mastodon, GoToSocial or Pleroma server?")
                        .what());
    }
    if (!response.is_success() || !looks_like_json(response))
      throw client_->failure_of(response, "an app could not be registered");
    const JsonDocument document(response.body);
    app.client_id = document.root().member("client_id").string();
    app.client_secret = document.root().member("client_secret").string();
    // The answer is not shown: a part of the secret may be in it.
    if (app.client_id.empty() || app.client_secret.empty())
      fail(FailureKind::failed, "the server registered an app, but its answer names none");
    return app;
  }

  HttpResponse ask_to_register(const std::string& scopes) {
    HttpRequest request = form_request(
        "/api/v1/apps",
        form({{"client_name", app_name}, {"redirect_uris", shown_code}, {"scopes", scopes}}));
    // One app too many does no harm.
    request.is_repeatable = true;
    return client_->send(request, stop_);
  }

  std::string address_to_open(const App& app, const std::string& state,
                              const std::string& verifier) const {
    std::string address =
        with_query(client_->base_url() + "/oauth/authorize", {{"response_type", "code"},
                                                              {"client_id", app.client_id},
                                                              {"redirect_uri", shown_code},
                                                              {"scope", app.scopes},
                                                              {"state", state}});
    if (verifier.empty()) return address;
    return with_query(std::move(address), {{"code_challenge", challenge_of(verifier)},
                                           {"code_challenge_method", "S256"}});
  }

  Secret exchange(const App& app, const std::string& code, const std::string& verifier) {
    std::string body = form({{"grant_type", "authorization_code"},
                             {"client_id", app.client_id},
                             {"client_secret", app.client_secret},
                             {"redirect_uri", shown_code},
                             {"code", code}});
    if (!verifier.empty()) body += "&" + form({{"code_verifier", verifier}});
    HttpResponse response;
    try {
      response = client_->send(form_request("/oauth/token", std::move(body)), stop_);
    } catch (const LostReply&) {
      if (stop_.stop_requested()) throw;
      fail(FailureKind::temporary,
           "the answer with the token was lost, and a code is good for once; run it again");
    }
    if (!response.is_success()) refuse(response);
    const JsonDocument document(response.body);
    Secret token(document.root().member("access_token").string());
    // The answer is not shown: a part of the token may be in it.
    if (token.is_empty())
      fail(FailureKind::failed, "the server accepted the code, but its answer has no token");
    warn_of_scopes(document.root().member("scope").string(), app.scopes);
    return token;
  }

  [[noreturn]] void refuse(const HttpResponse& response) const {
    const JsonDocument document(response.body);
    const std::string error = document.root().member("error").string();
    const std::string said = words_of(response);
    const std::string quoted = said.empty() ? "" : " (the server says: " + said + ")";
    if (error == "invalid_grant") {
      fail(FailureKind::authentication,
           "the code was not accepted: it is wrong, was used before, or is older than ten minutes; "
           "run it again for a new one" +
               quoted);
    }
    if (error == "invalid_client")
      fail(FailureKind::authentication,
           "the server does not know the app that it has just registered; run it again" + quoted);
    if (error == "invalid_scope")
      fail(FailureKind::authentication,
           "the server does not give the rights that were asked for" + quoted);
    if (response.status >= 500 || response.status == 429)
      throw client_->failure_of(response, "no token was given; try again later");
    fail(FailureKind::authentication,
         "the server gave no token: status " + std::to_string(response.status) + quoted);
  }

  /// A person may have allowed less than was asked for.
  void warn_of_scopes(const std::string& granted, const std::string& wanted) {
    if (granted.empty()) return;
    std::istringstream words(wanted);
    std::string missing;
    for (std::string scope; words >> scope;) {
      if ((" " + granted + " ").find(" " + scope + " ") == std::string::npos)
        missing += (missing.empty() ? "" : ", ") + scope;
    }
    if (!missing.empty())
      dialog_.say("The server gave fewer rights than were asked for; missing: " + missing);
  }

  const AuthorizeRequest& request_;
  Dialog& dialog_;
  std::stop_token stop_;
  std::unique_ptr<HttpClient> client_;
};

}  // namespace

std::string scopes_for(Rights rights, const std::vector<std::string>& supported) {
  std::vector<std::string> wanted{"read:bookmarks", "read:favourites"};
  if (rights != Rights::lists) wanted.insert(wanted.end(), {"read:search", "read:statuses"});
  if (rights == Rights::marks) wanted.emplace_back("write:bookmarks");
  std::string scopes;
  for (std::string scope : wanted) {
    const bool is_known = supported.empty() ||
                          std::find(supported.begin(), supported.end(), scope) != supported.end();
    if (!is_known) scope.resize(scope.find(':'));
    if ((" " + scopes + " ").find(" " + scope + " ") != std::string::npos) continue;
    scopes += (scopes.empty() ? "" : " ") + scope;
  }
  return scopes;
}

std::string challenge_of(std::string_view verifier) {
  Poco::SHA2Engine engine(Poco::SHA2Engine::SHA_256);
  engine.update(verifier.data(), verifier.size());
  const auto& digest = engine.digest();
  std::ostringstream text;
  Poco::Base64Encoder encoder(text, Poco::BASE64_URL_ENCODING | Poco::BASE64_NO_PADDING);
  encoder.write(reinterpret_cast<const char*>(digest.data()),
                static_cast<std::streamsize>(digest.size()));
  encoder.close();
  return text.str();
}

Access authorize(const AuthorizeRequest& request, Host& host, Dialog& dialog,
                 std::stop_token stop) {
  return Authorization(request, host, dialog, std::move(stop)).run();
}

}  // namespace linkferry::mastodon
