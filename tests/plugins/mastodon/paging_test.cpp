#include <algorithm>

#include "account_reading.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

std::unique_ptr<Source> open(FakeMastodon& server, NetworkHost& host,
                             std::vector<std::string> lists = {"bookmarks"},
                             const std::string& order = "newest_first") {
  static std::vector<std::unique_ptr<MapSettings>> kept;
  kept.push_back(std::make_unique<MapSettings>(account_settings(server.url(), std::move(lists))));
  kept.back()->set("order", order);
  return mastodon::make_source(*kept.back(), host);
}

FediverseFamily any_family() {
  return GENERATE(FediverseFamily::mastodon, FediverseFamily::gotosocial, FediverseFamily::pleroma);
}

const std::vector<std::string> both{"bookmarks", "favourites"};

}  // namespace

TEST_CASE("2,000 bookmarks and 500 favourites are read once each, in every family", "[mastodon]") {
  FakeMastodon server(any_family());
  NetworkHost host;
  server.fill("bookmarks", 2'000);
  server.fill("favourites", 500, 2'000);
  const auto reading = read_all(*open(server, host, both));
  CHECK(reading.result == ReadResult::end);
  CHECK(reading.toots.size() == 2'500);
  CHECK(reading.uris().size() == 2'500);
  CHECK(server.requests() <= 50 + 13 + 2 * 3);
}

TEST_CASE("a second run reads what is new and no more, in every family and order", "[mastodon]") {
  FakeMastodon server(any_family());
  const std::string order = GENERATE("newest_first", "oldest_first");
  const auto changed = GENERATE(values<std::size_t>({0, 1, 40, 45, 80, 95}));
  NetworkHost host;
  server.fill("bookmarks", 200);
  const auto first = read_all(*open(server, host, {"bookmarks"}, order));
  REQUIRE(first.uris().size() == 200);
  server.fill("bookmarks", changed, 500);
  const std::size_t before = server.requests();
  const auto source = open(server, host, {"bookmarks"}, order);
  REQUIRE(source->is_incremental());
  REQUIRE(source->resume(first.checkpoints.back()));
  const auto second = read_all(*source);
  CAPTURE(changed, order);
  CHECK(second.uris().size() == changed);
  CHECK(second.toots.size() == changed);
  const std::size_t pages = (changed + 39) / 40;
  if (order == "newest_first") CHECK(server.requests() - before <= pages + 3);
}

TEST_CASE("a second run meets the end of the first though that bookmark has gone", "[mastodon]") {
  FakeMastodon server(any_family());
  NetworkHost host;
  server.fill("bookmarks", 100);
  const auto first = read_all(*open(server, host));
  server.unmark_now("bookmarks", 99);
  server.unmark_now("bookmarks", 98);
  server.fill("bookmarks", 3, 500);
  const auto source = open(server, host);
  REQUIRE(source->resume(first.checkpoints.back()));
  CHECK(read_all(*source).toots.size() == 3);
}

TEST_CASE("a toot that is bookmarked again is read again, once", "[mastodon]") {
  FakeMastodon server(any_family());
  NetworkHost host;
  server.fill("bookmarks", 100);
  const auto first = read_all(*open(server, host));
  server.mark_now("bookmarks", 5);
  const auto source = open(server, host);
  REQUIRE(source->resume(first.checkpoints.back()));
  const auto second = read_all(*source);
  REQUIRE(second.toots.size() == 1);
  CHECK(second.toots[0].uri == server.post_now(5).uri);
}

TEST_CASE("reading resumes at every page, in every family and order", "[mastodon]") {
  FakeMastodon server(any_family());
  const std::string order = GENERATE("newest_first", "oldest_first");
  NetworkHost host;
  server.fill("bookmarks", 170);
  server.fill("favourites", 90, 100);
  const auto whole = read_all(*open(server, host, both, order));
  for (std::size_t i = 0; i < whole.checkpoints.size(); ++i) {
    REQUIRE_FALSE(whole.checkpoints[i].empty());
    const auto source = open(server, host, both, order);
    REQUIRE(source->resume(whole.checkpoints[i]));
    const auto rest = read_all(*source);
    const auto same = [](const ReadToot& a, const ReadToot& b) { return a.uri == b.uri; };
    INFO("after " << whole.borders[i] << " of " << whole.toots.size() << ", " << order);
    CHECK(std::equal(rest.toots.begin(), rest.toots.end(),
                     whole.toots.begin() + static_cast<std::ptrdiff_t>(whole.borders[i]),
                     whole.toots.end(), same));
  }
}

TEST_CASE("oldest first is the order of bookmarking", "[mastodon]") {
  FakeMastodon server(any_family());
  NetworkHost host;
  server.fill("bookmarks", 130);
  const auto reading = read_all(*open(server, host, {"bookmarks"}, "oldest_first"));
  auto wanted = server.uris("bookmarks");
  std::ranges::reverse(wanted);
  REQUIRE(reading.toots.size() == wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) REQUIRE(reading.toots[i].uri == wanted[i]);
}

TEST_CASE("what is bookmarked while the list is read is read too", "[mastodon]") {
  FakeMastodon server(any_family());
  const std::string order = GENERATE("newest_first", "oldest_first");
  NetworkHost host;
  server.fill("bookmarks", 130);
  const auto at = GENERATE(values<std::size_t>({2, 4, 6}));
  std::size_t lists = 0;
  server.before = [&](const SeenRequest& request) -> std::optional<Reply> {
    if (request.path() == "/api/v1/bookmarks" && ++lists == at) {
      for (std::size_t i = 0; i < 3; ++i) server.mark_now("bookmarks", 500 + i);
      server.mark_now("bookmarks", 3);
    }
    return {};
  };
  const auto reading = read_all(*open(server, host, {"bookmarks"}, order));
  if (at == 2) REQUIRE(lists > at + 1);
  // The last requests of a reading ask for nothing that could show a mark set after them.
  if (lists > at + 1) CHECK(reading.uris().size() == 133);
  CHECK(reading.uris().size() >= 130);
}

TEST_CASE("the checkpoint of another account is of no use", "[mastodon]") {
  FakeMastodon server;
  NetworkHost host;
  server.fill("bookmarks", 3);
  const auto first = read_all(*open(server, host));
  server.name = "carol";
  CHECK_FALSE(open(server, host)->resume(first.checkpoints.back()));
  server.name = "alice";
  CHECK(open(server, host)->resume(first.checkpoints.back()));
  CHECK_FALSE(open(server, host, both)->resume("mastodon1&nonsense"));
}

TEST_CASE("batches smaller than a page lose nothing", "[mastodon]") {
  FakeMastodon server;
  NetworkHost host;
  server.fill("bookmarks", 100);
  CHECK(read_all(*open(server, host), 7).uris().size() == 100);
  CHECK(read_all(*open(server, host), 1).toots.size() == 100);
}

TEST_CASE("50,000 bookmarks are read once each", "[mastodon]") {
  FakeMastodon server(any_family());
  NetworkHost host;
  server.fill("bookmarks", 50'000);
  CHECK(read_all(*open(server, host)).uris().size() == 50'000);
  // Full pages to the end: the server names one more, which is empty.
  CHECK(server.requests() <= 1'251 + 3);
}
