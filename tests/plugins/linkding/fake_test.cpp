#include "linkding_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Catch::Contains;
using Strings = std::vector<std::string>;

// That the fake does what linkding 1.46.2 was seen to do; the other tests rest on it.

namespace {

struct Caller {
  explicit Caller(FakeLinkding::Options options = FakeLinkding::Options())
      : setup(std::move(options)) {
    HttpSettings http;
    http.base_url = setup.fake.url();
    http.secret = Secret(std::string(setup.fake.options().token));
    http.authorization_scheme = "Token";
    http.retries = 0;
    client = setup.host.make_http_client(http);
  }

  HttpResponse call(const std::string& method, const std::string& path, std::string body = "") {
    HttpRequest request;
    request.method = method;
    request.path = path;
    request.body = std::move(body);
    return client->send(request, {});
  }
  HttpResponse post(std::string body) {
    return call("POST", "/api/bookmarks/?disable_scraping", std::move(body));
  }
  LinkdingRow row(std::int64_t id = 1) { return *setup.fake.library().find(id); }

  /// A bookmark with every field set.
  void post_full() {
    post(R"({"url":"https://a.example/x","title":"T","description":"D","notes":"N",
             "is_archived":true,"unread":true,"shared":true,"tag_names":["a"],
             "date_added":"2020-01-01T00:00:00Z","date_modified":"2020-01-02T00:00:00Z"})");
  }

  LinkdingSetup setup;
  std::unique_ptr<HttpClient> client;
};

}  // namespace

TEST_CASE("a new bookmark has empty texts, no flags, no tags and the date of now",
          "[linkding][fake][create]") {
  Caller caller;
  const auto answer = caller.post(R"({"url":" https://a.example/ "})");
  CHECK(answer.status == 201);
  CHECK(answer.headers.find("Location") == "https://a.example/");
  const LinkdingRow row = caller.row();
  CHECK(row.url == "https://a.example/");
  CHECK((row.title + row.description + row.notes).empty());
  CHECK_FALSE((row.is_archived || row.is_unread || row.is_shared));
  CHECK(row.tags.empty());
  CHECK(row.added > moment("2026-01-01T00:00:00Z"));
}

TEST_CASE("a create over a bookmark is answered 201 with the id that is there",
          "[linkding][fake][create]") {
  Caller caller;
  caller.post_full();
  const auto answer = caller.post(R"({"url":"https://A.example/x/"})");
  CHECK(answer.status == 201);
  CHECK_THAT(answer.body, Contains("\"id\":1,"));
  CHECK(caller.setup.rows().size() == 1);
}

TEST_CASE("a create over a bookmark empties the texts, flags and tags that it leaves out",
          "[linkding][fake][create]") {
  Caller caller;
  caller.post_full();
  caller.post(R"({"url":"https://a.example/x"})");
  const LinkdingRow row = caller.row();
  CHECK((row.title + row.description + row.notes).empty());
  CHECK_FALSE((row.is_unread || row.is_shared));
  CHECK(row.tags.empty());
}

TEST_CASE("a create over a bookmark passes over the archive flag, both ways",
          "[linkding][fake][create]") {
  Caller caller;
  caller.post_full();
  caller.post(R"({"url":"https://a.example/x","is_archived":false})");
  CHECK(caller.row().is_archived);
  caller.post(R"({"url":"https://b.example/"})");
  caller.post(R"({"url":"https://b.example/","is_archived":true})");
  CHECK_FALSE(caller.row(2).is_archived);
}

TEST_CASE("a create over a bookmark keeps its address and its date, and it was changed now",
          "[linkding][fake][create]") {
  Caller caller;
  caller.post_full();
  caller.post(R"({"url":"https://a.example/x/","date_added":"2010-01-01T00:00:00Z",
                  "date_modified":"2010-01-01T00:00:00Z"})");
  CHECK(caller.row().url == "https://a.example/x");
  CHECK(caller.row().added == moment("2020-01-01T00:00:00Z"));
  CHECK(caller.row().modified > moment("2026-01-01T00:00:00Z"));
}

TEST_CASE("what is not valid is refused field by field", "[linkding][fake][create]") {
  Caller caller;
  const auto [body, message] = GENERATE(table<std::string, std::string>({
      {R"({"url":"nonsense"})", R"({"url":["Enter a valid URL."]})"},
      {R"({"title":"x"})", R"("url":["This field is required."])"},
      {R"({"url":"https://a.example","title":null})", R"("title":["This field may not be null."])"},
      {R"({"url":"https://a.example","tag_names":["a"," "]})",
       R"({"tag_names":{"1":["This field may not be blank."]}})"},
      {R"({"url":"https://a.example","date_added":"1600000000"})", "date_added"},
      {R"([])", "non_field_errors"},
      {R"({"url":)", "JSON parse error"},
  }));
  CAPTURE(body);
  const auto answer = caller.post(body);
  CHECK(answer.status == 400);
  CHECK_THAT(answer.body, Contains(message));
  CHECK(caller.setup.rows().empty());
}

TEST_CASE("a title over 512 characters is refused, not cut", "[linkding][fake][create]") {
  Caller caller;
  const std::string start = R"({"url":"https://a.example","title":")";
  CHECK(caller.post(start + std::string(513, 't') + "\"}").status == 400);
  CHECK(caller.post(start + std::string(512, 't') + "  \"}").status == 201);
}

TEST_CASE("tags are trimmed, split, joined by hyphens, and one in any case",
          "[linkding][fake][tags]") {
  Caller caller;
  caller.post(R"({"url":"https://a.example","tag_names":["x,y"," a  b ","Dup","dup",","]})");
  CHECK(caller.row().tags == Strings{"a--b", "dup", "x", "y"});
  caller.post(R"({"url":"https://b.example","tag_names":["DUP"]})");
  CHECK(caller.row(2).tags == Strings{"dup"});
}

TEST_CASE("without the flag the page is fetched for each text that is empty",
          "[linkding][fake][create]") {
  Caller caller;
  caller.call("POST", "/api/bookmarks/", R"({"url":"https://a.example","title":"T"})");
  CHECK(caller.row().title == "T");
  CHECK(caller.row().description == "Scraped description");
}

TEST_CASE("a locked database answers 500 in HTML and has saved the bookmark without its tags",
          "[linkding][fake][faults]") {
  Caller caller(FakeLinkding::Options{.locked_percent = 100});
  const auto answer = caller.post(R"({"url":"https://a.example","title":"T","tag_names":["a"]})");
  CHECK(answer.status == 500);
  CHECK_THAT(answer.body, Contains("<h1>Server Error (500)</h1>"));
  CHECK(caller.row().title == "T");
  CHECK(caller.row().tags.empty());
}

TEST_CASE("a change leaves what it does not name, and even an empty one dates the bookmark",
          "[linkding][fake][update]") {
  Caller caller;
  caller.post_full();
  CHECK(caller.call("PATCH", "/api/bookmarks/1/", "{}").status == 200);
  CHECK(caller.row().title == "T");
  CHECK(caller.row().tags == Strings{"a"});
  CHECK(caller.row().added == moment("2020-01-01T00:00:00Z"));
  CHECK(caller.row().modified > moment("2026-01-01T00:00:00Z"));
  caller.call("PATCH", "/api/bookmarks/1/",
              R"({"is_archived":false,"date_modified":"2010-01-01T00:00:00Z"})");
  CHECK_FALSE(caller.row().is_archived);
  CHECK(caller.row().modified > moment("2026-01-01T00:00:00Z"));
}

TEST_CASE("a change to the exact address of another bookmark is refused",
          "[linkding][fake][update]") {
  Caller caller;
  caller.post(R"({"url":"https://a.example/"})");
  caller.post(R"({"url":"https://b.example/"})");
  const auto answer = caller.call("PATCH", "/api/bookmarks/2/", R"({"url":"https://a.example/"})");
  CHECK(answer.status == 400);
  CHECK_THAT(answer.body, Contains("already exists"));
  CHECK(caller.call("PATCH", "/api/bookmarks/2/", R"({"url":"https://a.example"})").status == 200);
}

TEST_CASE("a deleted bookmark is gone, and a second deletion finds nothing",
          "[linkding][fake][remove]") {
  Caller caller;
  caller.post_full();
  CHECK(caller.call("DELETE", "/api/bookmarks/1/").status == 204);
  CHECK(caller.call("DELETE", "/api/bookmarks/1/").status == 404);
  CHECK(caller.call("POST", "/api/bookmarks/1/archive/").status == 404);
}

TEST_CASE("a list has 100 rows, the newest first, and names a host that nobody can reach",
          "[linkding][fake][list]") {
  Caller caller;
  caller.setup.fill(120, 3);
  const auto answer = caller.call("GET", "/api/bookmarks/?limit=0&offset=-1");
  CHECK_THAT(answer.body, Contains("{\"count\":80,\"next\":null"));
  CHECK(answer.body.find("example/118") < answer.body.find("example/116"));
  CHECK_THAT(caller.call("GET", "/api/bookmarks/?limit=10").body,
             Contains("\"next\":\"http://linkding.internal:9090/home/api/bookmarks/"));
  CHECK_THAT(caller.call("GET", "/api/bookmarks/archived/").body, Contains("{\"count\":40,"));
  CHECK_THAT(caller.call("GET", "/api/bookmarks/?offset=1000").body, Contains("\"results\":[]"));
}

TEST_CASE("date filters are strict, and what is no date filters nothing",
          "[linkding][fake][list]") {
  Caller caller;
  caller.setup.fill(10);
  const auto count = [&](const std::string& query) {
    const std::string body = caller.call("GET", "/api/bookmarks/?" + query).body;
    return body.substr(0, body.find(','));
  };
  CHECK(count("modified_since=2021-01-01T00:04:00Z") == "{\"count\":5");
  CHECK(count("added_since=2021-01-01T00:08:59Z") == "{\"count\":1");
  CHECK(count("modified_since=1600000000") == "{\"count\":10");
  CHECK(count("modified_since=2021-01-01T02:04:00+02:00") == "{\"count\":10");
  CHECK(count("modified_since=2021-01-01T02%3A04%3A00%2B02%3A00") == "{\"count\":5");
}

TEST_CASE("an old linkding passes over dates and filters without a word",
          "[linkding][fake][versions]") {
  Caller caller(FakeLinkding::Options{.version = "1.40.0"});
  caller.post_full();
  CHECK(caller.row().added > moment("2026-01-01T00:00:00Z"));
  CHECK_THAT(
      caller.call("GET", "/api/bookmarks/archived/?modified_since=2099-01-01T00:00:00Z").body,
      Contains("{\"count\":1,"));
  CHECK(caller.post(R"({"url":"https://a.example/x/"})").status == 201);
  CHECK(caller.setup.rows().size() == 2);
}

TEST_CASE("a path without its slash is redirected, and other pages are HTML",
          "[linkding][fake][transport]") {
  Caller caller;
  CHECK_THROWS_WITH(caller.call("POST", "/api/bookmarks", R"({"url":"https://a.example"})"),
                    Contains("301"));
  CHECK(caller.setup.rows().empty());
  CHECK_THAT(caller.call("GET", "/nowhere").body, Contains("<html>"));
  CHECK_THAT(caller.call("GET", "/health").body, Contains("\"version\":\"1.46.2\""));
  CHECK_THAT(caller.call("GET", "/api/user/profile/").body, Contains("\"version\":\"1.46.2\""));
}

TEST_CASE("the snapshot of the web archive is made up from the date", "[linkding][fake][list]") {
  Caller caller;
  caller.post_full();
  CHECK_THAT(caller.call("GET", "/api/bookmarks/1/").body,
             Contains("https://web.archive.org/web/20200101000000/https://a.example/x\""));
}

TEST_CASE("the look-up of an address compares as creates do", "[linkding][fake][list]") {
  Caller caller;
  caller.post_full();
  CHECK_THAT(caller.call("GET", "/api/bookmarks/check/?url=https%3A%2F%2FA.example%2Fx%2F").body,
             Contains("\"id\":1,"));
  CHECK_THAT(caller.call("GET", "/api/bookmarks/check/?url=https%3A%2F%2Fb.example").body,
             Contains("\"bookmark\":null"));
}

TEST_CASE("each place of a server is a library of its own", "[linkding][fake]") {
  Caller caller;
  caller.post_full();
  CHECK(caller.setup.rows("another").empty());
}
