#include <algorithm>

#include "api_setup.hpp"
#include "net/secret_text.hpp"
#include "raindrop/raindrop_authorize.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

/// Answers what is asked, in order.
class Person final : public Dialog {
 public:
  explicit Person(std::vector<std::function<std::string(const Person&)>> answers)
      : answers_(std::move(answers)) {}

  void say(std::string_view text) override { said += std::string(text) + "\n"; }
  std::string ask(std::string_view question, bool hides_answer) override {
    questions.emplace_back(question);
    hidden.push_back(hides_answer);
    REQUIRE(questions.size() <= answers_.size());
    return answers_[questions.size() - 1](*this);
  }

  /// A parameter of the address that was shown.
  std::string shown(const std::string& name) const {
    const std::size_t start = said.find(name + "=") + name.size() + 1;
    return said.substr(start, said.find_first_of("&\n", start) - start);
  }

  std::string said;
  Strings questions;
  std::vector<bool> hidden;

 private:
  std::vector<std::function<std::string(const Person&)>> answers_;
};

auto always(const std::string& answer) {
  return [answer](const Person&) { return answer; };
}

Access authorize(RaindropSetup& setup, Person& person) {
  const AuthorizeRequest request{setup.fake.url(), true, false};
  return raindrop::authorize(request, setup.host, person, {});
}

constexpr const char* path = "raindrop.token";

/// A file of credentials whose token ends after so many seconds.
void store(RaindropSetup& setup, std::int64_t lifetime, const std::string& token) {
  const auto& fake = setup.fake.options();
  setup.host.files[path] =
      raindrop::format_credentials({fake.client_id, fake.client_secret, token, fake.refresh_token,
                                    raindrop::local_seconds() + lifetime});
  setup.options["credentials"] = path;
}

constexpr std::int64_t seconds_a_week = 7 * 86'400;

}  // namespace

TEST_CASE("a login gives credentials that read an account", "[raindrop][auth]") {
  RaindropSetup setup;
  setup.fill(3);
  const auto& fake = setup.fake.options();
  Person person({always(fake.client_id), always(fake.client_secret), [&](const Person& seen) {
                   return std::string(raindrop::redirect_uri) + "?code=" + fake.code +
                          "&state=" + seen.shown("state");
                 }});
  const Access got = authorize(setup, person);
  CHECK(got.option == "credentials");
  CHECK(person.hidden == std::vector<bool>{false, true, false});
  CHECK_THAT(person.said, Catch::Contains("/home/oauth/authorize?response_type=code&client_id=" +
                                          fake.client_id));
  CHECK_THAT(person.said, Catch::Contains(raindrop::redirect_uri));
  CHECK_THAT(person.said, !Catch::Contains(fake.client_secret));
  setup.host.files[path] = SecretText::of(got.secret);
  setup.options["credentials"] = path;
  CHECK(setup.read().bookmarks().size() == 3);
  CHECK(setup.fake.count(Requests::token) == 1);
}

TEST_CASE("the code alone is enough", "[raindrop][auth]") {
  RaindropSetup setup;
  const auto& fake = setup.fake.options();
  Person person({always(fake.client_id), always(fake.client_secret), always(fake.code)});
  const auto read = raindrop::parse_credentials(SecretText::of(authorize(setup, person).secret));
  REQUIRE(read);
  CHECK(read->access_token == fake.token);
  CHECK(read->refresh_token == fake.refresh_token);
  CHECK_FALSE(read->is_ending(raindrop::local_seconds()));
  CHECK(read->is_ending(raindrop::local_seconds() + 2 * seconds_a_week));
}

TEST_CASE("a login that goes wrong says why, and quotes no secret", "[raindrop][auth]") {
  RaindropSetup setup;
  const auto& fake = setup.fake.options();
  const auto [answer, words] = GENERATE(table<std::string, std::string>({
      {"http://127.0.0.1:53682/?error=access_denied", "access was denied"},
      {"http://127.0.0.1:53682/?error=invalid_application_status", "the app may not log in"},
      {"http://127.0.0.1:53682/?code=c8983220&state=of-another", "belongs to another attempt"},
      {"wrong-code", "bad_authorization_code"},
      {"", "no code was given"},
  }));
  Person person({always(fake.client_id), always(fake.client_secret), always(answer)});
  try {
    authorize(setup, person);
    FAIL("a token was given");
  } catch (const Failure& failure) {
    CHECK_THAT(failure.what(), Catch::Contains(words));
    CHECK_THAT(failure.what(), !Catch::Contains(fake.client_secret));
  }
}

TEST_CASE("a test token is taken as it is, once it works", "[raindrop][auth]") {
  RaindropSetup setup;
  Person person({always(""), always(setup.fake.options().token)});
  const Access got = authorize(setup, person);
  CHECK(SecretText::of(got.secret) == setup.fake.options().token);
  CHECK(got.option == "token");
  CHECK(person.hidden == std::vector<bool>{false, true});
  Person mistaken({always(""), always("mistyped")});
  CHECK_THROWS_WITH(authorize(setup, mistaken), Catch::Contains("not accepted"));
}

TEST_CASE("a token is renewed before it ends, and the file with it", "[raindrop][auth]") {
  RaindropSetup setup;
  setup.fill(3);
  store(setup, 3600, "old-token");
  CHECK(setup.read().bookmarks().size() == 3);
  CHECK(setup.fake.count(Requests::token) == 1);
  const auto stored = raindrop::parse_credentials(setup.host.files[path]);
  REQUIRE(stored);
  CHECK(stored->access_token == setup.fake.options().token);
  CHECK(stored->refresh_token == setup.fake.options().refresh_token);
  CHECK(stored->client_secret == setup.fake.options().client_secret);
  // The next run needs no new one.
  CHECK(setup.read().bookmarks().size() == 3);
  CHECK(setup.fake.count(Requests::token) == 1);
}

TEST_CASE("a token that still has its time is left alone", "[raindrop][auth]") {
  RaindropSetup setup;
  store(setup, seconds_a_week, setup.fake.options().token);
  setup.read();
  CHECK(setup.fake.count(Requests::token) == 0);
  CHECK(setup.host.commits == 0);
}

TEST_CASE("a token that is refused before its time is renewed once", "[raindrop][auth]") {
  RaindropSetup setup;
  setup.fill(3);
  store(setup, seconds_a_week, "revoked-token");
  CHECK(setup.read().bookmarks().size() == 3);
  CHECK(setup.fake.count(Requests::token) == 1);
  setup.host.files.clear();
  store(setup, seconds_a_week, "revoked-token");
  setup.fake.options().refresh_token = "revoked, too";
  CHECK_THROWS_WITH(setup.read(), Catch::Contains("linkferry auth raindrop"));
}

TEST_CASE("what another run has renewed is used", "[raindrop][auth]") {
  RaindropSetup setup;
  setup.fill(3);
  store(setup, seconds_a_week, "revoked-token");
  const auto source = setup.source();
  CHECK_NOTHROW(contract::read_all(*source, 10));
  const auto after_first = setup.fake.count(Requests::token);
  setup.fake.options().token = "renewed-by-another";
  store(setup, seconds_a_week, "renewed-by-another");
  const Text ids[] = {"100"};
  Absence absences[1] = {};
  source->look_up(ids, absences, {});
  CHECK(absences[0] == Absence::present);
  CHECK(setup.fake.count(Requests::token) == after_first);
}

TEST_CASE("no token is asked for where it could not be kept", "[raindrop][auth]") {
  struct FullHost : NetworkHost {
    std::unique_ptr<StagedFile> stage_file(const std::string& name) override {
      throw Failure(FailureKind::failed, name + ": read-only file system");
    }
  };
  RaindropSetup setup;
  setup.fill(3);
  store(setup, 3600, "old-token");
  FullHost host;
  host.files = setup.host.files;
  const auto source = raindrop::make_endpoint_source(setup.make_settings(), host);
  CHECK_THROWS_WITH(contract::read_all(*source, 10), Catch::Contains("read-only file system"));
  CHECK(setup.fake.count(Requests::token) == 0);
}

TEST_CASE("of two runs that renew at once both go on with the token of the quicker one",
          "[raindrop][auth]") {
  RaindropSetup setup;
  setup.fill(3);
  store(setup, 3600, "old-token");
  setup.fake.options().on_token = [&] {
    setup.fake.options().token = "renewed-by-another";
    setup.fake.options().refresh_token = "next";
    store(setup, 2 * seconds_a_week, "renewed-by-another");
  };
  CHECK(setup.read().bookmarks().size() == 3);
  CHECK(setup.fake.count(Requests::token) == 1);
  CHECK_THAT(setup.host.files[path], Catch::Contains("renewed-by-another"));
}

TEST_CASE("a token of a short or an absurd life is renewed once", "[raindrop][auth]") {
  RaindropSetup setup;
  setup.fill(3);
  setup.fake.options().expires_in =
      GENERATE(std::int64_t{3600}, std::int64_t{0}, std::int64_t{-5}, INT64_MAX);
  store(setup, 60, "old-token");
  CHECK(setup.read().bookmarks().size() == 3);
  CHECK(setup.fake.count(Requests::token) == 1);
  const auto stored = raindrop::parse_credentials(setup.host.files[path]);
  REQUIRE(stored);
  CHECK(stored->expires_at > raindrop::local_seconds());
}

TEST_CASE("a file that holds no credentials is refused by its name", "[raindrop][auth]") {
  RaindropSetup setup;
  setup.options["credentials"] = path;
  setup.host.files[path] = "just-a-test-token";
  CHECK_THROWS_WITH(setup.read(), Catch::Contains(path) && Catch::Contains("test token") &&
                                      !Catch::Contains("just-a-test-token"));
}

TEST_CASE("no secret of a login is in a log", "[raindrop][auth][secrecy]") {
  RaindropSetup setup;
  setup.fill(3);
  store(setup, 3600, "old-token-0815");
  const auto used = setup.fake.options().refresh_token;
  setup.read();
  setup.fake.options().client_secret = "another";
  store(setup, 3600, "old-token-0815");
  setup.fake.options().client_secret = "yet another";
  CHECK_THROWS_AS(setup.read(), Failure);
  CHECK_FALSE(setup.host.log_lines.empty());
  for (const std::string& secret :
       {std::string("old-token-0815"), used, setup.fake.options().token, std::string("another")})
    CHECK_FALSE(setup.host.has_logged(secret));
}
