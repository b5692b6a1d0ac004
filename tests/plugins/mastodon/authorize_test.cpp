#include <functional>
#include <map>
#include <mutex>
#include <set>

#include "linkferry/failure.hpp"
#include "mastodon/mastodon_authorize.hpp"
#include "net/secret_text.hpp"
#include "support/catch.hpp"
#include "support/http_server.hpp"
#include "support/network_host.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Texts = std::vector<std::string>;

namespace {

constexpr char canary[] = "canary-0815-access-token";
constexpr char app_secret[] = "canary-0816-client-secret";
constexpr char well_known[] = "/.well-known/oauth-authorization-server";

std::string decoded(std::string_view text) {
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      value += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      value += text[i];
    }
  }
  return value;
}

/// The fields of a form or a query.
std::map<std::string, std::string> fields_of(std::string_view form) {
  std::map<std::string, std::string> fields;
  while (!form.empty()) {
    const std::string_view field = form.substr(0, form.find('&'));
    form.remove_prefix(std::min(field.size() + 1, form.size()));
    const std::size_t equals = field.find('=');
    fields[decoded(field.substr(0, equals))] = decoded(field.substr(equals + 1));
  }
  return fields;
}

std::set<std::string> words_of(const std::string& text) {
  std::set<std::string> words;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    words.insert(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

/// The OAuth side of a server, and the person who opens its pages.
class OAuthServer {
 public:
  bool has_metadata = true;
  bool knows_fine_scopes = true;
  std::string granted;  ///< what the person allows, where it is less than was asked for
  std::function<std::optional<Reply>(const SeenRequest&)> instead;

  HttpServer http{[this](const SeenRequest& request) { return answer(request); }};

  /// Opens the address and returns the code that is shown; empty where an error page is shown.
  std::string open(const std::string& address) {
    const std::lock_guard lock(mutex_);
    const std::size_t question = address.find('?');
    REQUIRE(address.substr(0, question) == http.url() + "/oauth/authorize");
    asked_ = fields_of(address.substr(question + 1));
    if (asked_["response_type"] != "code" || asked_["client_id"] != "app-1" ||
        asked_["redirect_uri"] != redirect_ || asked_["scope"] != scopes_)
      return {};
    code_ = "code-1";
    return code_;
  }

  std::map<std::string, std::string> asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  Reply answer(const SeenRequest& request) {
    const std::lock_guard lock(mutex_);
    if (instead) {
      if (auto reply = instead(request)) return *reply;
    }
    if (request.path() == well_known) {
      if (!has_metadata) return Reply::of(404, "{\"error\":\"Not Found\"}");
      return Reply::json(
          R"({"issuer":"x","scopes_supported":["read","read:bookmarks","read:favourites",)"
          R"("read:search","read:statuses","write","write:bookmarks"],)"
          R"("code_challenge_methods_supported":["S256"]})");
    }
    if (request.path() == "/api/v1/apps") return register_app(fields_of(request.body));
    if (request.path() == "/oauth/token") return give_token(fields_of(request.body));
    return Reply::of(404, "{\"error\":\"Not Found\"}");
  }

  Reply register_app(std::map<std::string, std::string> form) {
    if (!knows_fine_scopes && form["scopes"].find(':') != std::string::npos) {
      return Reply::of(422,
                       "{\"error\":\"Validation failed: Scopes doesn't match configured on the "
                       "server.\"}");
    }
    scopes_ = form["scopes"];
    redirect_ = form["redirect_uris"];
    return Reply::json(std::string(R"({"id":"1","name":"linkferry","client_id":"app-1",)") +
                       R"("client_secret":")" + app_secret + "\"}");
  }

  Reply give_token(std::map<std::string, std::string> form) {
    const auto refuse = [](const char* error, const char* description) {
      return Reply::of(400, std::string("{\"error\":\"") + error + "\",\"error_description\":\"" +
                                description + "\"}");
    };
    if (form["client_id"] != "app-1" || form["client_secret"] != app_secret)
      return refuse("invalid_client", "Client authentication failed due to unknown client");
    const bool is_proven =
        asked_["code_challenge"].empty() ||
        asked_["code_challenge"] == mastodon::challenge_of(form["code_verifier"]);
    if (form["grant_type"] != "authorization_code" || code_.empty() || form["code"] != code_ ||
        form["redirect_uri"] != redirect_ || !is_proven)
      return refuse("invalid_grant",
                    "The provided authorization grant is invalid, expired, revoked");
    code_.clear();
    return Reply::json(std::string(R"({"access_token":")") + canary +
                       R"(","token_type":"Bearer","scope":")" +
                       (granted.empty() ? scopes_ : granted) + R"(","created_at":1})");
  }

  std::mutex mutex_;
  std::string scopes_;
  std::string redirect_;
  std::string code_;
  std::map<std::string, std::string> asked_;
};

/// A person who opens the address that was said, and hands over what the page shows.
class Person final : public Dialog {
 public:
  explicit Person(OAuthServer& server) : server_(server) {}

  std::function<std::string(std::string code)> hand_over = [](std::string code) { return code; };
  std::string heard;
  std::string may_look_at_posts;  ///< what is answered to that question

  void say(std::string_view text) override { heard.append(text).append("\n"); }
  std::string ask(std::string_view question, bool) override {
    heard.append(question).append("\n");
    if (question.find("single posts") != std::string_view::npos) return may_look_at_posts;
    const std::size_t start = heard.find("http://");
    REQUIRE(start != std::string::npos);
    return hand_over(server_.open(heard.substr(start, heard.find('\n', start) - start)));
  }

 private:
  OAuthServer& server_;
};

struct Attempt {
  NetworkHost host;
  std::string token;
  std::string error;
  FailureKind kind = FailureKind::failed;
  std::string heard;

  Attempt(OAuthServer& server, Person& person, bool may_write = false, AccountUse use = {}) {
    try {
      const Access access =
          mastodon::authorize({server.http.url(), may_write, false, {}, use}, host, person, {});
      CHECK(access.option == "token");
      token = SecretText::of(access.secret);
    } catch (const Failure& failure) {
      error = failure.what();
      kind = failure.kind();
    }
    heard = person.heard;
  }

  bool shows(std::string_view text) const {
    const bool is_logged = host.has_logged(text);
    return is_logged || (error + heard).find(text) != std::string::npos;
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a token is got with the least scopes, a proof and a state", "[mastodon][auth]") {
  OAuthServer server;
  Person person(server);
  const Attempt attempt(server, person);
  INFO(attempt.error);
  CHECK(attempt.token == canary);
  CHECK(words_of(server.asked()["scope"]) ==
        std::set<std::string>{"read:bookmarks", "read:favourites"});
  CHECK(server.asked()["code_challenge_method"] == "S256");
  CHECK(server.asked()["code_challenge"].size() == 43);
  CHECK(server.asked()["state"].size() >= 32);
  CHECK(server.http.request_count() == 3);
}

TEST_CASE("where jobs tell what the token is for, nothing is asked", "[mastodon][auth]") {
  using Scopes = std::set<std::string>;
  const Scopes lists{"read:bookmarks", "read:favourites"};
  const Scopes posts{"read:bookmarks", "read:favourites", "read:search", "read:statuses"};
  const Scopes marks{"read:bookmarks", "read:favourites", "read:search", "read:statuses",
                     "write:bookmarks"};
  struct Case {
    AccountUse use;
    bool may_write;
    Scopes scopes;
  };
  const auto [use, may_write, scopes] =
      GENERATE_COPY(Case{{.is_read = true}, false, lists}, Case{{.is_read = true}, true, marks},
                    Case{{.is_read = true, .is_followed = true}, false, posts},
                    Case{{.is_read = true, .has_file = true}, false, posts},
                    Case{{.is_written = true}, false, marks});
  OAuthServer server;
  Person person(server);
  const Attempt attempt(server, person, may_write, use);
  CHECK(attempt.token == canary);
  CHECK(words_of(server.asked()["scope"]) == scopes);
  CHECK_FALSE(has(person.heard, "[y/N]"));
  CHECK(has(person.heard, "as the jobs of the config file need it"));
}

TEST_CASE("a server that sends the browser nowhere takes no redirect address", "[mastodon][auth]") {
  OAuthServer server;
  Person person(server);
  NetworkHost host;
  const AuthorizeRequest request{server.http.url(), false, false, "http://127.0.0.1:1/", {}};
  CHECK_THROWS_WITH(mastodon::authorize(request, host, person, {}), Catch::Contains("--redirect"));
  CHECK(server.http.request_count() == 0);
}

TEST_CASE("a token for writing has the scopes for it", "[mastodon][auth]") {
  OAuthServer server;
  Person person(server);
  const Attempt attempt(server, person, true);
  CHECK(attempt.token == canary);
  CHECK(words_of(server.asked()["scope"]) ==
        std::set<std::string>{"read:bookmarks", "read:favourites", "read:search", "read:statuses",
                              "write:bookmarks"});
  CHECK(has(attempt.heard, "set bookmarks"));
  CHECK_FALSE(has(attempt.heard, "[y/N]"));
}

TEST_CASE("a token for mirrors and for filling archives has the scopes for that, when it is wanted",
          "[mastodon][auth]") {
  OAuthServer server;
  Person person(server);
  person.may_look_at_posts = GENERATE("y", "Y", "yes", "n", "");
  const bool may = person.may_look_at_posts.starts_with("y") || person.may_look_at_posts == "Y";
  const Attempt attempt(server, person);
  CHECK(attempt.token == canary);
  std::set<std::string> wanted{"read:bookmarks", "read:favourites"};
  if (may) wanted.insert({"read:search", "read:statuses"});
  CHECK(words_of(server.asked()["scope"]) == wanted);
  CHECK(has(attempt.heard, "look at single posts:\n") == may);
}

TEST_CASE("a server that tells nothing of itself is asked without a proof", "[mastodon][auth]") {
  OAuthServer server;
  server.has_metadata = false;
  Person person(server);
  const Attempt attempt(server, person);
  CHECK(attempt.token == canary);
  CHECK(server.asked()["code_challenge"].empty());
}

TEST_CASE("a server that knows no fine scopes is asked for coarse ones", "[mastodon][auth]") {
  OAuthServer server;
  server.has_metadata = false;
  server.knows_fine_scopes = false;
  Person person(server);
  const bool may_write = GENERATE(false, true);
  const Attempt attempt(server, person, may_write);
  CHECK(attempt.token == canary);
  CHECK(server.asked()["scope"] == (may_write ? "read write" : "read"));
}

TEST_CASE("scopes that a server does not list become the coarse ones", "[mastodon][auth]") {
  using mastodon::Rights;
  using mastodon::scopes_for;
  CHECK(scopes_for(Rights::lists, {}) == "read:bookmarks read:favourites");
  CHECK(scopes_for(Rights::marks, {"read", "write"}) == "read write");
  CHECK(scopes_for(Rights::marks, {"read", "read:bookmarks", "write:bookmarks"}) ==
        "read:bookmarks read write:bookmarks");
}

TEST_CASE("the whole address of the page that shows the code will do", "[mastodon][auth]") {
  OAuthServer server;
  Person person(server);
  person.hand_over = [&](const std::string& code) {
    return "https://social.example/oauth/authorize/native?code=" + code +
           "&state=" + server.asked()["state"] + "#top";
  };
  CHECK(Attempt(server, person).token == canary);
  Person stranger(server);
  stranger.hand_over = [](const std::string& code) {
    return "https://social.example/oauth/authorize/native?code=" + code + "&state=other";
  };
  const Attempt refused(server, stranger);
  CHECK(refused.token.empty());
  CHECK(has(refused.error, "belongs to another attempt"));
  CHECK(mastodon::code_in("abc-DEF") == "abc-DEF");
  CHECK(mastodon::code_in("https://x.example/?xcode=1&code=a%2Bb&y") == "a+b");
  CHECK(mastodon::code_in("https://x.example/").empty());
}

TEST_CASE("why there is no token is said in words", "[mastodon][auth]") {
  OAuthServer server;
  Person person(server);
  SECTION("a wrong code") {
    person.hand_over = [](const std::string&) { return "code-2"; };
    const Attempt attempt(server, person);
    CHECK(attempt.kind == FailureKind::authentication);
    CHECK(has(attempt.error, "is wrong, was used before, or is older than ten minutes"));
    CHECK(has(attempt.error, "The provided authorization grant is invalid"));
  }
  SECTION("no code") {
    person.hand_over = [](const std::string&) { return ""; };
    CHECK(Attempt(server, person).kind == FailureKind::usage);
  }
  SECTION("a server of another kind") {
    server.instead = [](const SeenRequest&) { return Reply::of(404, "<html>no</html>"); };
    const Attempt attempt(server, person);
    CHECK(attempt.kind == FailureKind::configuration);
    CHECK(has(attempt.error, "is this the address of a Mastodon"));
  }
  SECTION("scopes that are refused for good") {
    server.instead = [](const SeenRequest& request) -> std::optional<Reply> {
      if (request.path() != "/api/v1/apps") return {};
      return Reply::of(422, "{\"error\":\"Validation failed: Redirect URI must be absolute\"}");
    };
    const Attempt attempt(server, person);
    CHECK(has(attempt.error, "an app could not be registered"));
    CHECK(has(attempt.error, "Redirect URI must be absolute"));
  }
  SECTION("an app that the server has forgotten") {
    server.instead = [](const SeenRequest& request) -> std::optional<Reply> {
      if (request.path() != "/oauth/token") return {};
      return Reply::of(401, "{\"error\":\"invalid_client\"}");
    };
    CHECK(Attempt(server, person).kind == FailureKind::authentication);
  }
  SECTION("an error page") {
    server.instead = [](const SeenRequest& request) -> std::optional<Reply> {
      if (request.path() != "/oauth/token") return {};
      return Reply::of(500, "<html>We're sorry</html>");
    };
    CHECK(Attempt(server, person).kind == FailureKind::temporary);
  }
  SECTION("an answer that is lost") {
    server.instead = [](const SeenRequest& request) -> std::optional<Reply> {
      if (request.path() != "/oauth/token") return {};
      return Reply{.fault = Fault::lost_reply};
    };
    const Attempt attempt(server, person);
    CHECK(attempt.kind == FailureKind::temporary);
    CHECK(has(attempt.error, "the answer with the token was lost"));
  }
}

TEST_CASE("an answer that is cut off shows nothing of the secrets in it", "[mastodon][auth]") {
  OAuthServer server;
  Person person(server);
  const std::string path = GENERATE("/oauth/token", "/api/v1/apps");
  server.instead = [path](const SeenRequest& request) -> std::optional<Reply> {
    if (request.path() != path) return {};
    return Reply::json(std::string("{\"client_secret\":\"") + app_secret +
                       "\",\"access_token\":\"" + canary);
  };
  const Attempt attempt(server, person);
  CHECK(attempt.token.empty());
  CHECK_FALSE(attempt.error.empty());
  CHECK_FALSE(attempt.shows("canary"));
}

TEST_CASE("no secret is said, logged or put into an address", "[mastodon][auth]") {
  OAuthServer server;
  Person person(server);
  const Attempt attempt(server, person, true);
  CHECK(attempt.token == canary);
  CHECK_FALSE(attempt.shows("canary"));
  for (const SeenRequest& request : server.http.requests()) {
    CHECK_FALSE(has(request.target, "canary"));
    CHECK(request.header("Authorization").empty());
  }
}

TEST_CASE("who allows less than was asked for is told what is missing", "[mastodon][auth]") {
  OAuthServer server;
  server.granted = "read:bookmarks";
  Person person(server);
  const Attempt attempt(server, person);
  CHECK(attempt.token == canary);
  CHECK(has(attempt.heard, "missing: read:favourites"));
}

TEST_CASE("a lost registration is asked for again", "[mastodon][auth]") {
  OAuthServer server;
  int attempts = 0;
  server.instead = [&attempts](const SeenRequest& request) -> std::optional<Reply> {
    if (request.path() != "/api/v1/apps" || ++attempts > 1) return {};
    return Reply{.fault = Fault::lost_reply};
  };
  Person person(server);
  CHECK(Attempt(server, person).token == canary);
}

TEST_CASE("plain http to another machine wants to be allowed", "[mastodon][auth]") {
  OAuthServer server;
  Person person(server);
  NetworkHost host;
  CHECK_THROWS_AS(mastodon::authorize({"http://social.example", false, false}, host, person, {}),
                  Failure);
}

TEST_CASE("the proof is that of RFC 7636, appendix B", "[mastodon][auth]") {
  CHECK(mastodon::challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") ==
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}
