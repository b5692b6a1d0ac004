#include <functional>
#include <mutex>
#include <set>

#include "linkferry/failure.hpp"
#include "mastodon/mastodon_files.hpp"
#include "plugins/jsonl/read_all.hpp"
#include "support/catch.hpp"
#include "support/http_server.hpp"
#include "support/map_settings.hpp"
#include "support/network_host.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Texts = std::vector<std::string>;

namespace {

constexpr char canary[] = "canary-0817-token";

/// A server that knows some posts, by their uris.
class SearchServer {
 public:
  std::set<std::string> known;
  int status = 200;  ///< of every search
  std::string content = "<p>Hello</p>";
  std::string visibility = "public";
  std::function<std::optional<Reply>(const SeenRequest&)> instead;

  HttpServer http{[this](const SeenRequest& request) { return answer(request); }};

  std::size_t searches() const {
    std::size_t count = 0;
    for (const auto& request : http.requests()) {
      if (request.path() == "/api/v2/search") ++count;
    }
    return count;
  }

 private:
  Reply answer(const SeenRequest& request) {
    if (instead) {
      if (auto reply = instead(request)) return *reply;
    }
    if (request.path() == "/api/v2/instance") return Reply::json(R"({"domain":"home.example"})");
    if (request.path() != "/api/v2/search") return Reply::of(404, R"({"error":"Not Found"})");
    if (status != 200)
      return Reply::of(status, R"({"error":"This action is outside the authorized scopes"})");
    if (request.header("Authorization") != std::string("Bearer ") + canary)
      return Reply::of(401, R"({"error":"The access token is invalid"})");
    for (const std::string& uri : known) {
      if (request.target.find("q=" + percent_encode(uri) + "&") == std::string::npos) continue;
      return Reply::json(R"({"accounts":[],"statuses":[)" + status_of(uri) + R"(],"hashtags":[]})");
    }
    return Reply::json(R"({"accounts":[],"statuses":[],"hashtags":[]})");
  }

  std::string status_of(const std::string& uri) const {
    return R"({"id":"1","uri":")" + uri + R"(","url":"https://a.example/@x/1",)" +
           R"("created_at":"2024-05-01T10:00:00.000Z","content":")" + content +
           R"(","visibility":")" + visibility + R"(","account":{"acct":"x@a.example",)" +
           R"("display_name":"X"},"bookmarked":false,"favourited":false})";
  }
};

struct Filled {
  NetworkHost host;
  MapSettings settings;
  std::unique_ptr<Source> source;

  Filled(SearchServer& server, const std::string& csv, const std::string& mode = "toot") {
    host.files = {{"b.csv", csv}};
    settings.set("path", "b.csv").set("url", server.http.url()).set("mode", mode);
    settings.set_secret("token", canary);
    source = mastodon::make_file_source(settings, host);
  }
};

std::string uri(int i) { return "https://a.example/users/x/statuses/" + std::to_string(i); }

}  // namespace

TEST_CASE("with an account, the posts of a file are read whole", "[mastodon][fill]") {
  SearchServer server;
  server.known = {uri(1), uri(3)};
  Filled filled(server, uri(1) + "\n" + uri(2) + "\n" + uri(3) + "\n");
  const ReadAll read(*filled.source, GENERATE(1U, 2U, 256U));
  CHECK(read.result == ReadResult::end);
  REQUIRE(read.bookmarks.size() == 3);
  CHECK(read.bookmarks[0].title == "X (@x@a.example): Hello");
  CHECK(read.bookmarks[0].post->html == "<p>Hello</p>");
  CHECK(read.bookmarks[0].post->uri == uri(1));
  CHECK(read.bookmarks[1].url == uri(2));
  CHECK(is_absent(read.bookmarks[1].title));
  CHECK(read.bookmarks[2].created_at.is_known());
  REQUIRE(read.notices.size() == 1);
  CHECK(read.notices[0].find("the server cannot find the post") == 0);
  CHECK(server.searches() == 3);
  CHECK_FALSE(filled.source->rewind());
}

TEST_CASE("filling resumes after every post", "[mastodon][fill]") {
  SearchServer server;
  server.known = {uri(1), uri(2), uri(3)};
  const std::string csv = uri(1) + "\n" + uri(2) + "\n" + uri(3) + "\n";
  Filled filled(server, csv);
  Batch batch;
  std::size_t done = 0;
  for (ReadResult result = ReadResult::more; result == ReadResult::more;) {
    batch.clear();
    result = filled.source->read(batch, 1, {});
    done += batch.bookmarks.size();
    Filled again(server, csv);
    REQUIRE(again.source->resume(batch.checkpoint));
    CHECK(ReadAll(*again.source).bookmarks.size() == 3 - done);
  }
  CHECK(done == 3);
}

TEST_CASE("the links of a post that was looked up come in batches of any size",
          "[mastodon][fill]") {
  SearchServer server;
  server.known = {uri(1)};
  server.content =
      "<p><a href=\\\"https://l.example/1\\\">1</a> <a href=\\\"https://l.example/2\\\">2</a> "
      "<a href=\\\"https://l.example/3\\\">3</a></p>";
  Filled filled(server, uri(1) + "\n" + uri(2) + "\n", "link");
  const ReadAll read(*filled.source, GENERATE(1U, 2U, 3U, 256U));
  Texts urls;
  for (const auto& bookmark : read.bookmarks) urls.emplace_back(bookmark.url);
  CHECK(urls == Texts{"https://l.example/1", "https://l.example/2", "https://l.example/3", uri(2)});
  CHECK(server.searches() == 2);
}

TEST_CASE("a private post that was looked up stays behind unless it is wanted",
          "[mastodon][fill]") {
  SearchServer server;
  server.known = {uri(1)};
  server.visibility = "private";
  Filled filled(server, uri(1) + "\n");
  const ReadAll read(*filled.source);
  CHECK(read.bookmarks.empty());
  CHECK(read.notices.size() == 1);
}

TEST_CASE("a token that may not search ends the run with the scope and the command",
          "[mastodon][fill]") {
  SearchServer server;
  server.status = 403;
  Filled filled(server, uri(1) + "\n");
  try {
    ReadAll read(*filled.source);
    FAIL("it was read");
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::authentication);
    const std::string text = failure.what();
    INFO(text);
    CHECK(text.find("read:search") != std::string::npos);
    CHECK(text.find("linkferry auth mastodon http") != std::string::npos);
    CHECK(text.find("answer y") != std::string::npos);
    CHECK(text.find(canary) == std::string::npos);
  }
}

TEST_CASE("a post that a search answers with an account, or not at all, stays as it is in the file",
          "[mastodon][fill]") {
  SearchServer server;
  server.known = {uri(2)};
  const auto [status, body] = GENERATE(table<int, std::string>({
      {200, R"({"accounts":[{"id":"1"}],"statuses":[],"hashtags":[]})"},
      {200, R"({"accounts":[],"statuses":[{"id":"9","uri":"https://other.example/1"}]})"},
      {403, R"({"error":"This action is not allowed"})"},
      {503, R"({"error":"Remote data could not be fetched"})"},
  }));
  server.instead = [status = status, body = body](const SeenRequest& request) {
    const bool is_first = request.target.find(percent_encode(uri(1))) != std::string::npos;
    return is_first ? std::optional(Reply::of(status, body)) : std::nullopt;
  };
  Filled filled(server, uri(1) + "\n" + uri(2) + "\n");
  const ReadAll read(*filled.source);
  REQUIRE(read.bookmarks.size() == 2);
  CHECK(read.bookmarks[0].url == uri(1));
  CHECK(is_absent(read.bookmarks[0].title));
  CHECK(is_present(read.bookmarks[1].title));
  CHECK(read.notices.size() == 1);
}

TEST_CASE("a server that cannot fetch any post ends the run as temporary", "[mastodon][fill]") {
  SearchServer server;
  server.instead = [](const SeenRequest& request) -> std::optional<Reply> {
    if (request.path() != "/api/v2/search") return {};
    return Reply::of(503, R"({"error":"Remote data could not be fetched"})");
  };
  std::string csv;
  for (int i = 0; i < 30; ++i) csv += uri(i) + "\n";
  Filled filled(server, csv);
  try {
    ReadAll read(*filled.source);
    FAIL("it was read");
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::temporary);
  }
}

TEST_CASE("an address without a token is refused before anything is read", "[mastodon][fill]") {
  NetworkHost host;
  const MapSettings settings{{"path", "b.csv"}, {"url", "https://a.example"}};
  CHECK_THROWS_AS(mastodon::make_file_source(settings, host), Failure);
}
