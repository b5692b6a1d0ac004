#include "account_reading.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Absences = std::vector<Absence>;
using Strings = std::vector<std::string>;

namespace {

constexpr const char* canary = "canary-5b20c4-token";

/// An account whose list was read, and what became of its posts since.
struct Account {
  explicit Account(FediverseFamily family = FediverseFamily::mastodon) : server(family) {
    server.token = canary;
    server.fill("bookmarks", 10);
    server.fill("favourites", 5, 8);
  }

  FakeMastodon server;
  NetworkHost host;
  MapSettings settings;

  Source& source(Strings lists = {"bookmarks"}) {
    settings = account_settings(server.url(), std::move(lists));
    settings.set_secret("token", canary);
    source_ = mastodon::make_source(settings, host);
    return *source_;
  }
  Absences absences_of(const std::vector<std::size_t>& posts, Strings lists = {"bookmarks"}) {
    Strings ids;
    for (const std::size_t post : posts) ids.push_back(server.post_now(post).id);
    return look_up(ids, std::move(lists));
  }
  Absence absence_of(std::size_t post, Strings lists = {"bookmarks"}) {
    return absences_of({post}, std::move(lists)).front();
  }
  Absences look_up(const Strings& ids, Strings lists = {"bookmarks"}) {
    const std::vector<Text> texts(ids.begin(), ids.end());
    Absences absences(ids.size(), Absence::unknown);
    source(std::move(lists)).look_up(texts, absences, {});
    CHECK_FALSE(host.has_logged(canary));
    return absences;
  }

 private:
  std::unique_ptr<Source> source_;
};

FediverseFamily any_family() {
  return GENERATE(FediverseFamily::mastodon, FediverseFamily::gotosocial, FediverseFamily::pleroma);
}

const Strings both{"bookmarks", "favourites"};

bool is_single(const SeenRequest& request) {
  return request.path().starts_with("/api/v1/statuses/");
}

}  // namespace

TEST_CASE("the id that a reading gives is the one to ask with", "[mastodon][absence]") {
  Account account(any_family());
  Batch batch;
  Source& source = account.source();
  source.read(batch, 256, {});
  REQUIRE(batch.bookmarks.size() == 10);
  account.server.unmark_now("bookmarks", 9);
  std::vector<Text> ids;
  for (const Bookmark& bookmark : batch.bookmarks) ids.push_back(bookmark.origin->id);
  Absences absences(ids.size(), Absence::unknown);
  source.look_up(ids, absences, {});
  CHECK(absences[0] == Absence::removed);
  for (std::size_t i = 1; i < absences.size(); ++i) CHECK(absences[i] == Absence::present);
}

TEST_CASE("a post that was taken off the list is removed", "[mastodon][absence]") {
  Account account(any_family());
  account.server.unmark_now("bookmarks", 3);
  CHECK(account.absence_of(3) == Absence::removed);
}

TEST_CASE("a post that was marked again meanwhile is present", "[mastodon][absence]") {
  Account account(any_family());
  account.server.unmark_now("bookmarks", 3);
  account.server.mark_now("bookmarks", 3);
  CHECK(account.absence_of(3) == Absence::present);
}

TEST_CASE("a post whose author deleted it is gone", "[mastodon][absence]") {
  Account account(any_family());
  account.server.post_now(3).is_deleted = true;
  CHECK(account.absence_of(3) == Absence::gone);
}

TEST_CASE("a post that the server does not know any more is gone", "[mastodon][absence]") {
  Account account(any_family());
  CHECK(account.look_up({"01HC5BZZZZZZZZZZZZZZZZZZZZ"}) == Absences{Absence::gone});
}

TEST_CASE("a post of a blocked author, or for others only, is gone and not removed",
          "[mastodon][absence]") {
  Account account(any_family());
  account.server.post_now(3).is_hidden = true;
  CHECK(account.absence_of(3) == Absence::gone);
  account.server.unmark_now("bookmarks", 3);
  CHECK(account.absence_of(3) == Absence::gone);
}

TEST_CASE("a private post that is still bookmarked is present though the list leaves it out",
          "[mastodon][absence]") {
  Account account(any_family());
  account.server.post_now(3).visibility = "private";
  CHECK(account.absence_of(3) == Absence::present);
}

TEST_CASE("a server that ends for good has no posts that were removed", "[mastodon][absence]") {
  Account account;
  account.server.before = [](const SeenRequest& request) -> std::optional<Reply> {
    if (!is_single(request)) return {};
    return Reply::of(410, R"({"error":"Gone"})");
  };
  CHECK(account.absence_of(3) == Absence::gone);
}

TEST_CASE("a mark in one of the lists that are read keeps a post", "[mastodon][absence]") {
  Account account(any_family());
  account.server.unmark_now("bookmarks", 8);
  CHECK(account.absence_of(8) == Absence::removed);
  CHECK(account.absence_of(8, both) == Absence::present);
  CHECK(account.absence_of(8, {"favourites"}) == Absence::present);
  CHECK(account.absence_of(3, {"favourites"}) == Absence::removed);
  account.server.unmark_now("favourites", 8);
  CHECK(account.absence_of(8, both) == Absence::removed);
}

TEST_CASE("an answer that is an error leaves it unknown", "[mastodon][absence]") {
  Account account(any_family());
  const Reply reply =
      GENERATE(Reply::of(400, R"({"error":"Bad Request"})"),
               Reply::of(403, R"({"error":"Your login is currently disabled"})"),
               Reply::of(405, "405 method not allowed"), Reply::of(404, "<title>Not Found</title>"),
               Reply::of(422, R"({"error":"This method requires an authenticated user"})"),
               Reply::of(429, R"({"error":"Too many requests"})"),
               Reply::of(500, "<title>We are sorry</title>"),
               Reply::of(503, R"({"error":"There was a temporary problem"})"));
  account.server.before = [&](const SeenRequest& request) -> std::optional<Reply> {
    return is_single(request) ? std::optional(reply) : std::nullopt;
  };
  CHECK(account.absence_of(3) == Absence::unknown);
}

TEST_CASE("an answer that says nothing of the marks, or is about another post, leaves it unknown",
          "[mastodon][absence]") {
  Account account;
  const std::string body =
      GENERATE(R"({"id":"1093","uri":"https://o.example/1"})", R"({"id":"999","bookmarked":false})",
               R"({"id":"1093","bookmarked":null})", R"({"bookmarked":false})", "[]", "{}",
               "<html><title>Log in</title>", R"({"id":"1093","bookmarked":fal)", "");
  account.server.before = [&](const SeenRequest& request) -> std::optional<Reply> {
    return is_single(request) ? std::optional(Reply::json(body)) : std::nullopt;
  };
  CHECK(account.look_up({"1093"}) == Absences{Absence::unknown});
}

TEST_CASE("a token that may not look at posts leaves all unknown and says how to get another",
          "[mastodon][absence]") {
  Account account(any_family());
  account.server.no_scope = {"read:statuses"};
  account.server.unmark_now("bookmarks", 3);
  CHECK(account.absences_of({3, 4, 5}) == Absences(3, Absence::unknown));
  CHECK(account.server.requests() == 1);
  CHECK(account.host.has_logged("read:statuses"));
  CHECK(account.host.has_logged("linkferry auth mastodon"));
}

TEST_CASE("a token that was revoked ends the look-up", "[mastodon][absence]") {
  Account account(any_family());
  account.server.token = "another";
  try {
    account.absence_of(3);
    FAIL("no failure came");
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::authentication);
    CHECK(std::string(failure.what()).find(canary) == std::string::npos);
  }
}

TEST_CASE("a server that stays broken is not asked for every post", "[mastodon][absence]") {
  Account account;
  account.server.before = [](const SeenRequest& request) -> std::optional<Reply> {
    if (!is_single(request)) return {};
    return Reply::of(500, "<title>We are sorry</title>");
  };
  std::vector<std::size_t> posts;
  for (std::size_t i = 0; i < 100; ++i) posts.push_back(i);
  CHECK(account.absences_of(posts) == Absences(100, Absence::unknown));
  CHECK(account.server.requests() < 100);
}

TEST_CASE("a passing fault changes no answer", "[mastodon][absence]") {
  Account account(any_family());
  account.server.unmark_now("bookmarks", 3);
  account.server.post_now(4).is_deleted = true;
  std::size_t requests = 0;
  account.server.after = [&](const SeenRequest&, Reply& reply) {
    ++requests;
    if (requests % 3 == 1) reply.fault = Fault::reset_body;
    if (requests % 3 == 2) reply = Reply::of(429).with("Retry-After", "3");
  };
  CHECK(account.absences_of({3, 4, 5}) ==
        Absences{Absence::removed, Absence::gone, Absence::present});
}

TEST_CASE("bookmarks of one post are asked for once, and those without an id never",
          "[mastodon][absence]") {
  Account account;
  account.server.unmark_now("bookmarks", 3);
  const std::string id = account.server.post_now(3).id;
  CHECK(account.look_up({id, "", id}) ==
        Absences{Absence::removed, Absence::unknown, Absence::removed});
  CHECK(account.server.requests() == 1);
}

TEST_CASE("an id cannot lead to another part of the server", "[mastodon][absence]") {
  Account account;
  account.look_up({"../accounts/verify_credentials?x=", "1/bookmark", "a b#c"});
  for (const SeenRequest& request : account.server.seen()) {
    CHECK(request.method == "GET");
    CHECK(request.target.find_first_of("?#", 1) == std::string::npos);
    CHECK(request.path().rfind('/') == std::string("/api/v1/statuses").size());
  }
}

TEST_CASE("a stop leaves what was not asked for unknown", "[mastodon][absence]") {
  Account account;
  std::stop_source stop;
  stop.request_stop();
  const std::string id = account.server.post_now(3).id;
  const Text text = id;
  Absence absence = Absence::unknown;
  account.source().look_up({&text, 1}, {&absence, 1}, stop.get_token());
  CHECK(absence == Absence::unknown);
  CHECK(account.server.requests() == 0);
}
