#include "linkding_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Requests = FakeLinkding::Kind;
using Strings = std::vector<std::string>;

namespace {

Failure failure_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Failure& failure) {
    return failure;
  }
  FAIL("no failure came");
  return {FailureKind::failed, ""};
}

}  // namespace

TEST_CASE("archived and active bookmarks are read, each once, the oldest first",
          "[linkding][source]") {
  LinkdingSetup setup;
  setup.fill(6, 3);
  const auto source = setup.source();
  const auto listing = setup.read(*source);
  CHECK(urls(listing) == Strings{"https://site.example/0", "https://site.example/3",
                                 "https://site.example/1", "https://site.example/2",
                                 "https://site.example/4", "https://site.example/5"});
  const Bookmark& first = *listing.bookmarks().front();
  CHECK(first.title == "Page 0");
  CHECK(as_strings(first.tags) == Strings{"tag0"});
  CHECK(first.created_at == date("2021-01-01T00:00:00Z"));
  CHECK(first.archived == Flag::yes);
  CHECK(source->total() == 6);
  CHECK(source->progress() == 6);
}

TEST_CASE("reading takes one request a page and at most three more", "[linkding][source]") {
  LinkdingSetup setup;
  const auto [count, archived, pages] = GENERATE(table<std::size_t, std::size_t, std::size_t>({
      {0, 0, 0},
      {1, 0, 1},
      {200, 0, 2},
      {201, 0, 3},
      {1000, 2, 10},
      {999, 0, 10},
  }));
  CAPTURE(count, archived);
  setup.options["page_size"] = "100";
  setup.fill(count, archived);
  CHECK(setup.read(*setup.source()).bookmarks().size() == count);
  CHECK(setup.fake.reads() <= pages + 3);
  CHECK(setup.fake.writes() == 0);
  setup.fake.forget_counts();
  const auto sink = setup.sink();
  CHECK(setup.read(*sink->existing()).bookmarks().size() == count);
  CHECK(setup.fake.reads() <= pages + 3);
}

TEST_CASE("the address that linkding names for the next page is never asked",
          "[linkding][source]") {
  LinkdingSetup setup;
  setup.options["page_size"] = "2";
  setup.fill(7);
  CHECK(setup.read(*setup.source()).bookmarks().size() == 7);
}

TEST_CASE("dates in the server's own time zone are the same moments", "[linkding][source]") {
  LinkdingSetup setup(FakeLinkding::Options{.zone_minutes = 330});
  setup.fill(1);
  const auto listing = setup.read(*setup.source());
  CHECK(listing.bookmarks().front()->created_at == date("2021-01-01T00:00:00Z"));
}

TEST_CASE("a bad token is told, with where a good one comes from", "[linkding][source]") {
  LinkdingSetup setup;
  const auto source = setup.source();
  setup.fake.options().token = "another";
  const auto failure = failure_of([&] { setup.read(*source); });
  CHECK(failure.kind() == FailureKind::authentication);
  CHECK_THAT(failure.what(), Catch::Contains("401") && Catch::Contains("Settings, Integrations"));
}

TEST_CASE("what is no linkding is a clear failure", "[linkding][source]") {
  const auto [status, type, body] = GENERATE(table<int, std::string, std::string>({
      {200, "text/html", "<html><title>Log in</title></html>"},
      {200, "application/json", "{\"results\": []}"},
      {200, "application/json", "[]"},
      {200, "application/json", "{\"count\": 1, \"results\": [{\"name\": 1}]}"},
      {200, "application/json", "{\"count\": 1, \"results\": [{\"id\": 1, "},
      {404, "text/html", "<html><title>Not Found</title></html>"},
  }));
  CAPTURE(status, body);
  HttpServer server([&, status = status, type = type, body = body](const SeenRequest&) {
    return Reply{.status = status, .body = body, .headers = {{"Content-Type", type}}};
  });
  NetworkHost host;
  MapSettings settings{{"url", server.url()}};
  settings.set_secret("token", "secret-token");
  const auto source = linkding::make_source(settings, host);
  Batch batch;
  const auto failure = failure_of([&] { source->read(batch, 10, {}); });
  CHECK_THAT(failure.what(), Catch::Contains(server.url()));
}

TEST_CASE("the files of a bookmark are listed when that is wanted", "[linkding][source]") {
  LinkdingSetup setup;
  setup.fill(2);
  setup.fake.library().attach(*setup.fake.library().find(1), {.name = "shot \"1\".png"});
  CHECK(setup.read(*setup.source()).bookmarks().front()->media.empty());
  CHECK(setup.fake.count(Requests::files) == 0);
  setup.options["files"] = "true";
  const auto listing = setup.read(*setup.source());
  REQUIRE(listing.bookmarks().front()->media.size() == 1);
  const Media& file = listing.bookmarks().front()->media[0];
  CHECK(file.url == setup.fake.url() + "/api/bookmarks/1/assets/1/download/");
  CHECK(file.kind == "image");
  CHECK(file.name == "shot \"1\".png");
}

TEST_CASE("a text over 16 MiB is one record that cannot be read", "[linkding][source]") {
  LinkdingSetup setup;
  setup.fill(3);
  setup.fake.library().find(2)->notes = std::string(16 * 1024 * 1024 + 1, 'n');
  const auto listing = setup.read(*setup.source());
  CHECK(listing.bookmarks().size() == 2);
  CHECK(listing.rejections() == 1);
}

TEST_CASE("a check of a job tells what the place is like", "[linkding][source][describe]") {
  LinkdingSetup setup;
  setup.fill(5, 5);
  const auto sentences = setup.source()->describe({});
  REQUIRE(sentences.size() == 3);
  CHECK_THAT(sentences[0], Catch::Contains("linkding 1.46.2") && Catch::Contains(setup.fake.url()));
  CHECK_THAT(sentences[1], Catch::Contains("4 bookmarks and 1 archived"));
  CHECK_THAT(sentences[2], Catch::Contains("delete everything"));
}

TEST_CASE("a check of a job names what an old linkding lacks", "[linkding][source][describe]") {
  const std::string version = GENERATE("1.40.0", "1.30.0", "1.18.0");
  LinkdingSetup setup(FakeLinkding::Options{.version = version});
  const auto sentences = setup.sink()->describe({});
  CHECK_THAT(sentences[0], Catch::Contains("linkding " + version));
  CHECK(sentences.size() > 5);
  CHECK(std::ranges::any_of(sentences, [](const std::string& sentence) {
    return sentence.find("1.45 keeps them") != std::string::npos;
  }));
}

TEST_CASE("requests that a proxy holds off and lists that break off are repeated",
          "[linkding][source][faults]") {
  LinkdingSetup setup(FakeLinkding::Options{.too_many_requests = 3, .reset_list = 4});
  setup.options["page_size"] = "10";
  setup.fill(95, 7);
  auto found = urls(setup.read(*setup.source()));
  std::ranges::sort(found);
  CHECK(found.size() == 95);
  CHECK(std::ranges::adjacent_find(found) == found.end());
}
