#include <thread>

#include "linkding_setup.hpp"
#include "pipeline/compare.hpp"
#include "plugins/jsonl/random_records.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Requests = FakeLinkding::Kind;
using Strings = std::vector<std::string>;

namespace {

struct Writing : LinkdingSetup {
  explicit Writing(FakeLinkding::Options fake_options = FakeLinkding::Options())
      : LinkdingSetup(std::move(fake_options)) {}

  BookmarkMaker make;

  Bookmark full(const char* url = "https://a.example/") {
    Bookmark b = make.link(url, "Title");
    b.description = "Description";
    b.notes = "Notes\n\nmore";
    b.tags = make.texts({"a", "b"});
    b.created_at = date("2020-01-02T03:04:05.678901Z");
    b.modified_at = date("2021-01-02T03:04:05Z");
    b.unread = b.shared = b.archived = Flag::yes;
    return b;
  }
};

std::string body_of_last(FakeLinkding& fake, const std::string& method) {
  std::string body;
  for (const SeenRequest& request : fake.server().requests())
    if (request.method == method) body = request.body;
  return body;
}

}  // namespace

TEST_CASE("a create carries every field and takes one request", "[linkding][sink]") {
  Writing setup;
  const auto sink = setup.sink();
  const Outcome outcome = create(*sink, setup.full(), setup.make.arena());
  CHECK(outcome.result == Result::done);
  CHECK(outcome.id == "1");
  CHECK(setup.fake.writes() == 1);
  const LinkdingRow row = setup.rows().front();
  CHECK(row.url == "https://a.example/");
  CHECK(row.title == "Title");
  CHECK(row.description == "Description");
  CHECK(row.notes == "Notes\n\nmore");
  CHECK(row.tags == Strings{"a", "b"});
  CHECK((row.is_archived && row.is_unread && row.is_shared));
  CHECK(row.added == moment("2020-01-02T03:04:05.678901Z"));
  CHECK(row.modified == moment("2021-01-02T03:04:05Z"));
}

TEST_CASE("pages are not fetched and no snapshots made, unless that is wanted",
          "[linkding][sink]") {
  Writing setup;
  Bookmark bare = setup.make.link("https://a.example/");
  create(*setup.sink(), bare, setup.make.arena());
  CHECK(setup.rows().front().title.empty());
  CHECK(setup.fake.server().requests().back().target ==
        "/home/api/bookmarks/?disable_scraping=true&disable_html_snapshot=true");
  setup.options = {{"scrape", "true"}, {"snapshots", "true"}};
  bare = setup.make.link("https://b.example/");
  create(*setup.sink(), bare, setup.make.arena());
  CHECK(setup.rows().back().title == "Scraped title");
  CHECK(setup.fake.server().requests().back().target == "/home/api/bookmarks/");
  CHECK(setup.fake.writes() == 2);
}

// What a create does to a bookmark that is there already.
TEST_CASE("a create over a bookmark resets nothing that was sent", "[linkding][sink][upsert]") {
  Writing setup;
  LinkdingLibrary::Fields old;
  old.url = "https://A.example";
  old.title = "Old";
  old.notes = "old notes";
  old.tags = Strings{"old"};
  old.added = moment("2010-01-01T00:00:00Z");
  setup.fake.library().post(old);
  const Outcome outcome = create(*setup.sink(), setup.full(), setup.make.arena());
  CHECK(outcome.result == Result::done);
  CHECK(outcome.id == "1");
  REQUIRE(setup.rows().size() == 1);
  const LinkdingRow row = setup.rows().front();
  CHECK(row.title == "Title");
  CHECK(row.notes == "Notes\n\nmore");
  CHECK(row.tags == Strings{"a", "b"});
  CHECK(row.url == "https://a.example/");
}

TEST_CASE(
    "the archive flag and the date that a create over a bookmark passes over are set by one more "
    "request",
    "[linkding][sink][upsert]") {
  Writing setup;
  const bool is_archived = GENERATE(true, false);
  LinkdingLibrary::Fields old;
  old.url = "https://a.example/";
  old.is_archived = !is_archived;
  setup.fake.library().post(old);
  Bookmark b = setup.full();
  b.archived = to_flag(is_archived);
  CHECK(create(*setup.sink(), b, setup.make.arena()).result == Result::done);
  CHECK(setup.rows().front().is_archived == is_archived);
  CHECK(setup.rows().front().added == moment("2020-01-02T03:04:05.678901Z"));
  CHECK(setup.fake.writes() == 2);
}

TEST_CASE("before 1.36 bookmarks are archived by the way of their own",
          "[linkding][sink][versions]") {
  Writing setup(FakeLinkding::Options{.version = "1.35.0"});
  LinkdingLibrary::Fields old;
  old.url = "https://a.example/";
  setup.fake.library().post(old);
  const auto sink = setup.sink();
  setup.read(*sink->existing());
  CHECK(create(*sink, setup.full(), setup.make.arena()).result == Result::done);
  CHECK(setup.rows().front().is_archived);
  CHECK(setup.fake.count(Requests::archive) == 1);
}

TEST_CASE("before 1.45 dates are a loss, and have no part in comparing",
          "[linkding][sink][versions]") {
  Writing setup(FakeLinkding::Options{.version = "1.44.0"});
  const auto sink = setup.sink();
  setup.read(*sink->existing());
  const auto held = sink->represent(setup.full(), setup.make.arena());
  CHECK(held.losses.size() == 2);
  create(*sink, setup.full(), setup.make.arena());
  CHECK(body_of_last(setup.fake, "POST").find("date_added") == std::string::npos);
  const auto listing = setup.read(*setup.sink()->existing());
  CHECK(differing_fields(*listing.bookmarks().front(), held.bookmark).empty());
}

TEST_CASE("before 1.43 addresses are compared exactly", "[linkding][sink][versions]") {
  Writing setup(FakeLinkding::Options{.version = "1.42.0"});
  const auto sink = setup.sink();
  Arena arena;
  CHECK(sink->unique_key("https://a.example/", arena) ==
        sink->unique_key("https://a.example", arena));
  setup.read(*sink->existing());
  CHECK(sink->unique_key("https://a.example/", arena) !=
        sink->unique_key("https://a.example", arena));
}

TEST_CASE("a date that is not known stays so, and linkding shows the hour of storing",
          "[linkding][sink][dates]") {
  Writing setup;
  const Bookmark undated = setup.make.link("https://a.example/", "A");
  create(*setup.sink(), undated, setup.make.arena());
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  CHECK(now - setup.rows().front().added / 1'000'000 < 2 * 3600);
  CHECK(now - setup.rows().front().modified / 1'000'000 < 60);
  const auto sink = setup.sink();
  const auto listing = setup.read(*sink->existing());
  CHECK_FALSE(listing.bookmarks().front()->created_at.is_known());
  CHECK_FALSE(listing.bookmarks().front()->modified_at.is_known());
}

TEST_CASE("an update goes to the bookmark of its id and leaves its address alone",
          "[linkding][sink]") {
  Writing setup;
  setup.fill(3);
  Bookmark b = setup.full("https://site.example/1");
  const Outcome outcome = change(*setup.sink(), Action::update, b, "2", setup.make.arena());
  CHECK(outcome.result == Result::done);
  CHECK(setup.fake.writes() == 1);
  CHECK(body_of_last(setup.fake, "PATCH").find("\"url\"") == std::string::npos);
  CHECK(setup.rows()[1].title == "Title");
  CHECK(setup.rows()[1].added == moment("2020-01-02T03:04:05.678901Z"));
  CHECK(setup.rows()[0].title == "Page 0");
}

TEST_CASE("an update of a bookmark that is gone fails, and the next run sees it",
          "[linkding][sink]") {
  Writing setup;
  const Outcome outcome =
      change(*setup.sink(), Action::update, setup.full(), "99", setup.make.arena());
  CHECK(outcome.result == Result::failed);
  CHECK_THAT(outcome.reason, Catch::Contains("99"));
}

TEST_CASE("what the server refuses is rejected with its reason, and the others go on",
          "[linkding][sink]") {
  Writing setup;
  setup.options["any_url"] = "true";
  const auto sink = setup.sink();
  const Outcome refused = create(*sink, setup.make.link("javascript:alert(1)"), setup.make.arena());
  CHECK(refused.result == Result::rejected);
  CHECK(refused.reason == "linkding refuses it: url: Enter a valid URL.");
  CHECK(create(*sink, setup.full(), setup.make.arena()).result == Result::done);
}

TEST_CASE("a server without a check of addresses takes all", "[linkding][sink]") {
  Writing setup(FakeLinkding::Options{.checks_urls = false});
  setup.options["any_url"] = "true";
  CHECK(create(*setup.sink(), setup.make.link("javascript:alert(1)"), setup.make.arena()).result ==
        Result::done);
}

TEST_CASE("tags that linkding adds by its own rules are no difference", "[linkding][sink]") {
  Writing setup;
  setup.fake.library().auto_tags = {{"a.example", "Auto"}};
  CHECK(create(*setup.sink(), setup.full(), setup.make.arena()).result == Result::done);
  CHECK(setup.rows().front().tags == Strings{"a", "auto", "b"});
  CHECK(setup.fake.writes() == 1);
}

TEST_CASE("creating the same twice sends one request", "[linkding][sink]") {
  Writing setup;
  const auto sink = setup.sink();
  create(*sink, setup.full(), setup.make.arena());
  const Outcome again = create(*sink, setup.full(), setup.make.arena());
  CHECK(again.result == Result::already_so);
  CHECK(again.id == "1");
  CHECK(setup.fake.writes() == 1);
}

TEST_CASE("what is written is read back as it was represented", "[linkding][sink]") {
  const auto seed = make_seed();
  CAPTURE(seed);
  Writing setup(FakeLinkding::Options{.checks_urls = false});
  setup.options["any_url"] = "true";
  RandomRecords random(seed);
  const auto sink = setup.sink();
  std::map<std::string, Bookmark> expected;
  std::map<std::string, int> keys;
  for (int i = 0; i < 400; ++i) {
    Bookmark given = random.bookmark(setup.make.arena());
    // Tags of several records must agree in case; that is a matter of the library as a whole.
    const auto held = sink->represent(given, setup.make.arena());
    if (is_present(held.refusal)) continue;
    const Text key = sink->unique_key(held.bookmark.url, setup.make.arena());
    if (keys[std::string(key)]++ != 0) continue;
    const Change one{Action::create, &held.bookmark, nullptr, {}};
    Outcome outcome;
    sink->write({&one, 1}, {&outcome, 1}, {});
    INFO(outcome.reason);
    REQUIRE(outcome.result == Result::done);
    expected.emplace(held.bookmark.url, held.bookmark);
  }
  const auto listing = setup.read(*setup.sink()->existing());
  REQUIRE(listing.bookmarks().size() == expected.size());
  for (const Bookmark* found : listing.bookmarks()) {
    CAPTURE(found->url);
    const auto fields = differing_fields(expected.at(std::string(found->url)), *found);
    for (const Field field : fields) CHECK(name_of(field) == "");
  }
  CHECK(setup.fake.writes() == expected.size());
}

TEST_CASE("changes run side by side when that is wanted", "[linkding][sink][concurrency]") {
  Writing setup(FakeLinkding::Options{.latency = std::chrono::milliseconds(30)});
  setup.options["concurrency"] = "8";
  const auto sink = setup.sink();
  std::vector<Bookmark> bookmarks;
  for (int i = 0; i < 40; ++i) {
    const std::string url = "https://a.example/" + std::to_string(i);
    Bookmark made = setup.make.link(url.c_str(), "T");
    bookmarks.push_back(sink->represent(made, setup.make.arena()).bookmark);
  }
  std::vector<Change> changes;
  for (const Bookmark& b : bookmarks) changes.push_back({Action::create, &b, nullptr, {}});
  std::vector<Outcome> outcomes(changes.size());
  const auto start = std::chrono::steady_clock::now();
  sink->write(changes, outcomes, {});
  const auto took = std::chrono::steady_clock::now() - start;
  CHECK(took < std::chrono::milliseconds(40 * 30 / 2));
  CHECK(std::ranges::all_of(outcomes, [](const Outcome& o) { return o.result == Result::done; }));
  CHECK(setup.rows().size() == 40);
}

TEST_CASE("a stop request ends a write within a second", "[linkding][sink]") {
  Writing setup(FakeLinkding::Options{.latency = std::chrono::milliseconds(20'000)});
  const auto sink = setup.sink();
  const Bookmark b = sink->represent(setup.full(), setup.make.arena()).bookmark;
  const std::vector<Change> changes(3, Change{Action::create, &b, nullptr, {}});
  std::vector<Outcome> outcomes(3);
  std::stop_source stop;
  const std::jthread stopper([&stop] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    stop.request_stop();
  });
  const auto start = std::chrono::steady_clock::now();
  sink->write(changes, outcomes, stop.get_token());
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::milliseconds(1200));
  CHECK(std::ranges::all_of(outcomes, [](const Outcome& o) { return o.result == Result::failed; }));
}
