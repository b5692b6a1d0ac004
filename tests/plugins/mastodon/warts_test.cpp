#include "account_reading.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

constexpr const char* canary = "canary-7f3a91-token";

struct Reader {
  NetworkHost host;
  MapSettings settings;

  AccountReading read(FakeMastodon& server, std::vector<std::string> lists = {"bookmarks"}) {
    settings = account_settings(server.url(), std::move(lists));
    settings.set_secret("token", canary);
    const AccountReading reading = read_all(*mastodon::make_source(settings, host));
    CHECK_FALSE(host.has_logged(canary));
    for (const auto& checkpoint : reading.checkpoints)
      CHECK(checkpoint.find(canary) == std::string::npos);
    return reading;
  }
  Failure failure_of(FakeMastodon& server, std::vector<std::string> lists = {"bookmarks"}) {
    try {
      read(server, std::move(lists));
    } catch (const Failure& failure) {
      CHECK(std::string(failure.what()).find(canary) == std::string::npos);
      CHECK_FALSE(host.has_logged(canary));
      return failure;
    }
    FAIL("no failure came");
    return {FailureKind::failed, ""};
  }
};

bool is_list(const SeenRequest& request) { return request.path() == "/api/v1/bookmarks"; }

HttpHeader& link_of(Reply& reply) { return reply.headers.back(); }

void replace(std::string& text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
}

/// A reading of 100 bookmarks from a server with a wart.
std::size_t read_with(const std::function<void(const SeenRequest&, Reply&)>& wart) {
  FakeMastodon server;
  server.fill("bookmarks", 100);
  server.after = [&](const SeenRequest& request, Reply& reply) {
    if (is_list(request) && reply.headers.size() > 1) wart(request, reply);
  };
  Reader reader;
  const auto reading = reader.read(server);
  CHECK(reading.result == ReadResult::end);
  for (const SeenRequest& request : server.seen()) CHECK(request.target.starts_with("/"));
  return reading.uris().size();
}

/// A reading of 100 bookmarks whose second page is first answered by `reply`.
std::size_t read_after(const Reply& reply) {
  FakeMastodon server;
  server.fill("bookmarks", 100);
  std::size_t pages = 0;
  server.before = [&](const SeenRequest& request) -> std::optional<Reply> {
    return is_list(request) && ++pages == 2 ? std::optional(reply) : std::nullopt;
  };
  Reader reader;
  return reader.read(server).uris().size();
}

}  // namespace

TEST_CASE("a list that is an exact multiple of the page is read whole", "[mastodon]") {
  FakeMastodon server;
  server.fill("bookmarks", 80);
  Reader reader;
  CHECK(reader.read(server).uris().size() == 80);
}

TEST_CASE("the limit that the server echoes is kept to, and 0 is never asked for", "[mastodon]") {
  const std::string echoed = GENERATE("30", "0", "abc", "-5", "99999999999");
  CHECK(read_with([&](const SeenRequest&, Reply& reply) {
          replace(link_of(reply).value, "limit=40", "limit=" + echoed);
        }) == 100);
}

TEST_CASE("short and empty pages are not the end of a list", "[mastodon]") {
  FakeMastodon server(FediverseFamily::gotosocial);
  server.fill("bookmarks", 200);
  for (std::size_t i = 40; i < 130; ++i) server.post_now(i).is_hidden = true;
  Reader reader;
  CHECK(reader.read(server).uris().size() == 110);
}

TEST_CASE("a next page that repeats ends the reading and says that it is incomplete",
          "[mastodon]") {
  FakeMastodon server;
  server.fill("bookmarks", 200);
  std::string second;
  server.after = [&](const SeenRequest& request, Reply& reply) {
    if (!is_list(request) || reply.headers.size() < 2) return;
    if (!second.empty()) link_of(reply).value = second;
    if (query_of(request, "max_id")) second = link_of(reply).value;
  };
  Reader reader;
  const auto reading = reader.read(server);
  CHECK(reading.result == ReadResult::incomplete);
  CHECK(reading.notices.back().find("read already") != std::string::npos);
  CHECK(server.requests() < 10);
}

TEST_CASE("a Link to another host or scheme leads to the configured server", "[mastodon]") {
  CHECK(read_with([](const SeenRequest&, Reply& reply) {
          replace(link_of(reply).value, "https://social.example", "http://evil.example:8080");
        }) == 100);
}

TEST_CASE("header names in lower case are read", "[mastodon]") {
  CHECK(read_with([](const SeenRequest&, Reply& reply) { link_of(reply).name = "link"; }) == 100);
}

TEST_CASE("a full page without any Link is not taken for the whole list", "[mastodon]") {
  FakeMastodon server;
  server.fill("bookmarks", 100);
  server.after = [](const SeenRequest& request, Reply& reply) {
    if (is_list(request)) reply.headers.resize(1);
  };
  Reader reader;
  const auto reading = reader.read(server);
  CHECK(reading.result == ReadResult::incomplete);
  CHECK(reading.toots.size() == 40);
}

TEST_CASE("relations without quotes and with other parameters are read", "[mastodon]") {
  CHECK(read_with([](const SeenRequest&, Reply& reply) {
          replace(link_of(reply).value, "rel=\"next\"", "title=\"a, b\"; rel=next");
          replace(link_of(reply).value, "limit=40&", "limit=40&x=1,2&");
        }) == 100);
}

TEST_CASE("a rate limit in any form is waited for", "[mastodon]") {
  Reply reply = Reply::of(429, R"({"error":"Too many requests"})");
  reply.with("Date", "Sun, 22 Nov 2026 00:00:00 GMT");
  const int form = GENERATE(0, 1, 2, 3, 4);
  if (form < 3) reply.with("X-RateLimit-Remaining", "0");
  if (form == 0) reply.with("X-RateLimit-Reset", "2026-11-22T00:05:00.123456Z");
  if (form == 1) reply.with("X-Ratelimit-Reset", "2026-11-22T00:05:00.123Z");
  if (form == 2) reply.with("X-RateLimit-Reset", "1795306200");
  if (form == 3) reply.with("Retry-After", "30");
  CHECK(read_after(reply) == 100);
}

TEST_CASE("the wait for a rate limit is that of the server's clock, whatever ours says",
          "[mastodon]") {
  FakeMastodon server;
  server.fill("bookmarks", 10);
  std::size_t pages = 0;
  server.before = [&](const SeenRequest& request) -> std::optional<Reply> {
    if (!is_list(request) || ++pages != 1) return {};
    Reply reply = Reply::of(429, R"({"error":"Too many requests"})");
    return reply.with("Date", "Sun, 22 Nov 2026 00:00:00 GMT")
        .with("X-RateLimit-Remaining", "0")
        .with("X-RateLimit-Reset", "2026-11-22T00:05:00.123456Z");
  };
  Reader reader;
  reader.host.clock.set_skew(std::chrono::hours(GENERATE(-2, 0, 2)));
  CHECK(reader.read(server).uris().size() == 10);
  CHECK(reader.host.clock.waited() >= std::chrono::seconds(300));
  CHECK(reader.host.clock.waited() < std::chrono::seconds(310));
}

TEST_CASE("error pages in HTML are waited out", "[mastodon]") {
  Reply page = Reply::of(GENERATE(500, 502, 503), "<!DOCTYPE html><title>We are sorry</title>");
  page.headers = {{"Content-Type", "text/html"}};
  CHECK(read_after(page) == 100);
}

TEST_CASE("a server that stays broken ends the reading as temporary", "[mastodon]") {
  FakeMastodon server;
  server.before = [](const SeenRequest& request) -> std::optional<Reply> {
    if (!is_list(request)) return {};
    return Reply::of(503, "<html><title>Down</title></html>");
  };
  Reader reader;
  CHECK(reader.failure_of(server).kind() == FailureKind::temporary);
}

TEST_CASE("what was read before a server broke for good is not read again", "[mastodon]") {
  FakeMastodon server(GENERATE(FediverseFamily::mastodon, FediverseFamily::gotosocial));
  server.fill("bookmarks", 200);
  bool is_broken = true;
  server.before = [&](const SeenRequest& request) -> std::optional<Reply> {
    const bool is_first = !query_of(request, "max_id");
    if (!is_list(request) || is_first || !is_broken) return {};
    Reply broken = Reply::json("[{\"id\":\"1\",\"uri\":\"https://x.example/1\"}]");
    broken.fault = Fault::cut_body;
    return broken;
  };
  NetworkHost host;
  const MapSettings settings = account_settings(server.url());
  const auto source = mastodon::make_source(settings, host);
  Batch batch;
  source->read(batch, 256, {});
  CHECK(batch.bookmarks.size() == 40);
  const std::string checkpoint = batch.checkpoint;
  Batch never;
  CHECK_THROWS_AS(source->read(never, 256, {}), Failure);
  is_broken = false;
  const auto again = mastodon::make_source(settings, host);
  REQUIRE(again->resume(checkpoint));
  CHECK(read_all(*again).toots.size() == 160);
}

TEST_CASE("connections that break in the middle of a page lose nothing", "[mastodon]") {
  Reply broken = Reply::json("[{\"id\":\"1\",\"uri\":\"https://x.example/1\"}]");
  broken.fault = GENERATE(Fault::reset, Fault::cut_body, Fault::reset_body, Fault::lost_reply);
  CHECK(read_after(broken) == 100);
}

TEST_CASE("a compressed page is read", "[mastodon]") {
  CHECK(read_with([](const SeenRequest&, Reply& reply) { reply.is_gzip = true; }) == 100);
}

TEST_CASE("an unknown token is told in words, in every family", "[mastodon]") {
  FakeMastodon server(GENERATE(FediverseFamily::mastodon, FediverseFamily::gotosocial));
  server.token = "another";
  Reader reader;
  const Failure failure = reader.failure_of(server);
  CHECK(failure.kind() == FailureKind::authentication);
  CHECK(std::string(failure.what()).find("linkferry auth mastodon") != std::string::npos);
}

TEST_CASE("a missing scope is named, with how to get it", "[mastodon]") {
  FakeMastodon server(GENERATE(FediverseFamily::mastodon, FediverseFamily::gotosocial));
  server.no_scope = {"read:favourites"};
  Reader reader;
  const Failure failure = reader.failure_of(server, {"bookmarks", "favourites"});
  CHECK(failure.kind() == FailureKind::authentication);
  CHECK(std::string(failure.what()).find("the scope read:favourites") != std::string::npos);
}

TEST_CASE("a token that may not tell its account reads bookmarks all the same", "[mastodon]") {
  FakeMastodon server;
  server.fill("bookmarks", 3);
  server.no_scope = {"profile"};
  Reader reader;
  CHECK(reader.read(server).toots.size() == 3);
}

TEST_CASE("what a server refuses is told in words, in every family", "[mastodon]") {
  const auto [status, body, expected] = GENERATE(table<int, std::string, std::string>({
      {403, R"({"error":"Your login is currently disabled"})", "does not let this account"},
      {403, R"({"error":"This action is not allowed"})", "does not let this account"},
      {404, R"({"error":"Not Found"})", "Mastodon's API"},
      {404, R"({"error":"Not Found: page not found"})", "Mastodon's API"},
      {404, "<!DOCTYPE html><title>Not found</title>", "Mastodon's API"},
      {422, R"({"error":"This method requires an authenticated user"})", "of an app"},
  }));
  FakeMastodon server;
  server.before = [&, status = status,
                   body = body](const SeenRequest& request) -> std::optional<Reply> {
    return is_list(request) ? std::optional(Reply::of(status, body)) : std::nullopt;
  };
  Reader reader;
  CHECK_THAT(reader.failure_of(server).what(), Catch::Contains(expected));
}

TEST_CASE("a redirect to another host is not followed", "[mastodon]") {
  FakeMastodon other;
  FakeMastodon server;
  server.before = [&](const SeenRequest& request) -> std::optional<Reply> {
    if (!is_list(request)) return {};
    return Reply::of(301).with("Location", other.url() + "/api/v1/bookmarks");
  };
  Reader reader;
  CHECK(reader.failure_of(server).kind() == FailureKind::configuration);
  CHECK(other.requests() == 0);
}

TEST_CASE("a login page in place of a list is an error, not an empty list", "[mastodon]") {
  FakeMastodon server;
  server.before = [](const SeenRequest& request) -> std::optional<Reply> {
    if (!is_list(request)) return {};
    const bool is_html = request.target.find("max_id") == std::string::npos;
    return is_html ? Reply{.body = "<html><title>Log in</title>",
                           .headers = {{"Content-Type", "text/html"}}}
                   : Reply::json("{}");
  };
  Reader reader;
  CHECK(std::string(reader.failure_of(server).what()).find("Log in") != std::string::npos);
}

TEST_CASE("a toot in both lists is read in both, with both marks", "[mastodon]") {
  FakeMastodon server;
  server.fill("bookmarks", 2);
  server.fill("favourites", 2, 1);
  Reader reader;
  const auto reading = reader.read(server, {"bookmarks", "favourites"});
  REQUIRE(reading.toots.size() == 4);
  CHECK(reading.uris().size() == 3);
  for (const ReadToot& toot : reading.toots) {
    const bool is_first_only = toot.uri == server.post_now(0).uri;
    CHECK(toot.favorite == (is_first_only ? Flag::no : Flag::yes));
  }
}

TEST_CASE("a check tells the software, the account and what the token may read", "[mastodon]") {
  FakeMastodon server;
  server.no_scope = {"read:favourites"};
  Reader reader;
  reader.settings = account_settings(server.url());
  const auto told = mastodon::make_source(reader.settings, reader.host)->describe({});
  REQUIRE(told.size() == 5);
  CHECK(told[0].find("mastodon 4.6.5") != std::string::npos);
  CHECK(told[1] == "The account is @alice@social.example.");
  CHECK(told[2] == "The token may read bookmarks; there are none.");
  CHECK(told[3].find("lacks the scope read:favourites") != std::string::npos);
  CHECK(told[4].find("may look at single posts") != std::string::npos);
  server.no_scope.insert("read:statuses");
  const auto less = mastodon::make_source(reader.settings, reader.host)->describe({});
  CHECK(less.back().find("lacks the scope read:statuses") != std::string::npos);
}
