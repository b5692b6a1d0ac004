#include <algorithm>

#include "account_reading.hpp"
#include "support/bookmarks.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

/// An account to write to, and records for it.
struct Target {
  FakeMastodon server;
  NetworkHost host;
  MapSettings settings;
  BookmarkMaker make;
  std::unique_ptr<Sink> sink;

  explicit Target(FediverseFamily family = FediverseFamily::mastodon) : server(family) {
    server.post_now(99);
    settings.set("url", server.url());
  }
  Sink& open() {
    sink = mastodon::make_sink(settings, host);
    return *sink;
  }
  Bookmark toot(std::size_t number) {
    Bookmark bookmark = make.link(server.post_now(number).url, "A title");
    Post& post = make.arena().make_array<Post>(1)[0];
    post.uri = make.arena().copy(std::string_view(server.post_now(number).uri));
    bookmark.post = &post;
    bookmark.kind = Kind::post;
    return bookmark;
  }
  std::vector<Outcome> write(const std::vector<Bookmark>& given, Action action = Action::create) {
    std::vector<Bookmark> held;
    for (const Bookmark& bookmark : given) {
      const auto represented = open().represent(bookmark, make.arena());
      REQUIRE(is_absent(represented.refusal));
      held.push_back(represented.bookmark);
    }
    std::vector<Change> changes;
    for (const Bookmark& bookmark : held) changes.push_back({action, &bookmark, nullptr, {}});
    std::vector<Outcome> outcomes(changes.size());
    open().write(changes, outcomes, {});
    return outcomes;
  }
  std::size_t posts_to(std::string_view verb) {
    return static_cast<std::size_t>(std::ranges::count_if(server.seen(), [&](const auto& request) {
      return request.method == "POST" && request.path().ends_with(verb);
    }));
  }
};

}  // namespace

TEST_CASE("toots are bookmarked in the order they come, and found again", "[mastodon]") {
  Target target(GENERATE(FediverseFamily::mastodon, FediverseFamily::gotosocial));
  const auto outcomes = target.write({target.toot(7), target.toot(2), target.toot(5)});
  for (const Outcome& outcome : outcomes) CHECK(outcome.result == Result::done);
  const std::vector<std::string> wanted{
      target.server.post_now(5).uri, target.server.post_now(2).uri, target.server.post_now(7).uri};
  CHECK(target.server.uris("bookmarks") == wanted);
  const auto held = read_all(*target.open().existing());
  CHECK(held.toots.size() == 3);
  CHECK(target.posts_to("/favourite") == 0);
}

TEST_CASE("writing a bookmark twice asks once for the mark", "[mastodon]") {
  Target target;
  target.write({target.toot(1)});
  const auto again = target.write({target.toot(1)});
  CHECK(again[0].result == Result::already_so);
  CHECK(target.posts_to("/bookmark") == 1);
}

TEST_CASE("what is read back of a toot is what it was represented as", "[mastodon]") {
  Target target;
  if (GENERATE(false, true)) target.settings.set_list("marks", {"bookmark", "favourite"});
  Bookmark given = target.toot(4);
  given.favorite = Flag::yes;
  const auto wanted = target.open().represent(given, target.make.arena());
  target.write({given});
  Batch batch;
  const auto existing = target.open().existing();
  while (existing->read(batch, 256, {}) == ReadResult::more && batch.bookmarks.empty())
    batch.clear();
  REQUIRE(batch.bookmarks.size() == 1);
  const Bookmark& held = batch.bookmarks[0];
  CHECK(held.url == wanted.bookmark.url);
  CHECK(is_absent(held.title));
  CHECK(held.kind == wanted.bookmark.kind);
  CHECK(held.favorite == wanted.bookmark.favorite);
  REQUIRE(held.post != nullptr);
  CHECK(held.post->uri == wanted.bookmark.post->uri);
  CHECK(held.extra.size() == wanted.bookmark.extra.size());
  const auto again = target.open().represent(wanted.bookmark, target.make.arena());
  CHECK(again.losses.empty());
}

TEST_CASE("favourites are set only when they are named", "[mastodon]") {
  Target target;
  target.settings.set_list("marks", {"bookmark", "favourite"});
  Bookmark favourite = target.toot(1);
  favourite.favorite = Flag::yes;
  target.write({target.toot(0), favourite});
  CHECK(target.posts_to("/favourite") == 1);
  CHECK(target.server.uris("favourites").size() == 1);
}

TEST_CASE("what is no post of the fediverse is refused before anything is sent", "[mastodon]") {
  Target target;
  const auto refused =
      target.open().represent(target.make.link("https://news.example/today"), target.make.arena());
  CHECK(refused.refusal.find("posts of the fediverse only") != Text::npos);
  target.settings.set("any_link", "true");
  CHECK(
      is_absent(target.open()
                    .represent(target.make.link("https://news.example/today"), target.make.arena())
                    .refusal));
  CHECK(target.server.requests() == 0);
}

TEST_CASE("the uri and the page of a toot are one to the account", "[mastodon]") {
  Target target;
  Arena arena;
  CHECK(target.open().unique_key("https://a.example/users/ann/statuses/77", arena) ==
        target.open().unique_key("https://a.example/@ann/77", arena));
}

TEST_CASE("each toot that cannot be bookmarked has its reason, and the others go on",
          "[mastodon]") {
  Target target;
  target.server.post_now(1).is_deleted = true;
  target.server.before = [&](const SeenRequest& request) -> std::optional<Reply> {
    const std::string wanted = query_of(request, "q").value_or("");
    if (wanted == target.server.post_now(2).uri)
      return Reply::json(R"({"accounts":[{"id":"1"}],"statuses":[]})");
    if (wanted == target.server.post_now(3).uri)
      return Reply::of(403, R"({"error":"This action is not allowed"})");
    if (wanted == target.server.post_now(4).uri)
      return Reply::of(503, R"({"error":"Remote data could not be fetched"})");
    if (wanted == target.server.post_now(5).uri)
      return Reply::json(R"({"statuses":[{"id":"6","uri":"https://other.example/1"}]})");
    return {};
  };
  std::vector<Bookmark> toots;
  for (std::size_t i = 0; i < 7; ++i) toots.push_back(target.toot(i));
  const auto outcomes = target.write(toots);
  CHECK(outcomes[0].result == Result::done);
  CHECK(outcomes[1].reason.find("cannot find the post") != std::string::npos);
  CHECK(outcomes[2].reason.find("that of an account") != std::string::npos);
  CHECK(outcomes[3].reason.find("does not show it") != std::string::npos);
  CHECK(outcomes[4].result == Result::failed);
  CHECK(outcomes[4].reason.find("Remote data could not be fetched") != std::string::npos);
  CHECK(outcomes[5].reason.find("not this one") != std::string::npos);
  CHECK(outcomes[6].result == Result::done);
}

TEST_CASE("a token that may not write ends the run and names the scope", "[mastodon]") {
  Target target;
  const std::string scope = GENERATE("read:search", "write:bookmarks");
  target.server.no_scope = {scope};
  try {
    target.write({target.toot(0)});
    FAIL("no failure came");
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::authentication);
    CHECK(std::string(failure.what()).find(scope) != std::string::npos);
  }
}

TEST_CASE("a lost reply and a storm of rate limits end as without them", "[mastodon]") {
  Target target;
  std::size_t requests = 0;
  target.server.after = [&](const SeenRequest&, Reply& reply) {
    ++requests;
    if (requests % 5 == 0) reply.fault = Fault::lost_reply;
    if (requests % 7 == 0) reply = Reply::of(429).with("Retry-After", "3");
  };
  std::vector<Bookmark> toots;
  for (std::size_t i = 0; i < 30; ++i) toots.push_back(target.toot(i));
  for (const Outcome& outcome : target.write(toots)) CHECK(outcome.result == Result::done);
  auto held = target.server.uris("bookmarks");
  REQUIRE(held.size() == 30);
  for (std::size_t i = 0; i < 30; ++i) CHECK(held[29 - i] == target.server.post_now(i).uri);
}
