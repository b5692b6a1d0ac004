#include "bkmark_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Requests = FakeBkmark::Kind;

namespace {

constexpr std::size_t many = 120;

/// Bookmarks of all kinds, notes without an address among them.
std::vector<Bookmark> records(BookmarkMaker& make) {
  std::vector<Bookmark> all;
  for (std::size_t i = 0; i < many; ++i) {
    const std::string number = std::to_string(i);
    Bookmark b = make.link("https://site.example/" + number, "Page " + number);
    if (i % 10 == 0) {
      b.url = {};
      b.kind = i % 20 == 0 ? Kind::note : Kind::code;
    }
    const std::string tag = "tag" + std::to_string(i % 7);
    b.tags = make.texts({tag, "all"});
    b.favorite = to_flag(i % 3 == 0);
    b.archived = to_flag(i % 5 == 0);
    b.unread = to_flag(i % 4 != 0);
    if (i % 6 == 0) b.notes = "notes";
    all.push_back(b);
  }
  return all;
}

/// The same, with what an update changes.
std::vector<Bookmark> changed(BookmarkMaker& make) {
  std::vector<Bookmark> all = records(make);
  for (std::size_t i = 0; i < many; ++i) {
    if (i % 10 == 0) continue;
    if (i % 4 == 0) all[i].title = "Changed";
    if (i % 4 == 1) all[i].tags = make.texts({"all", "other"});
  }
  return all;
}

/// The content without what time decides.
std::map<std::string, std::string> content_of(BkmarkSetup& setup) {
  std::map<std::string, std::string> content;
  for (const BkmarkRow& row : setup.library().active()) {
    std::vector<std::string> tags = row.tags;
    std::sort(tags.begin(), tags.end());
    std::string text = row.type + "|" + row.description.value_or("") + "|";
    for (const std::string& tag : tags) text += tag + ",";
    if (row.is_favorite) text += "favorite ";
    if (row.is_archived) text += "archived ";
    if (row.read) text += "read";
    if (!row.url.empty()) text += row.title;
    CHECK(content.emplace(row.url.empty() ? row.type + row.title : row.url, text).second);
  }
  return content;
}

Job overwriting() {
  Job job;
  job.on_match = OnMatch::overwrite;
  return job;
}

/// Every n-th answer of each kind goes wrong; primes, so that repetitions get through.
FakeBkmark::Options storm(FakeBkmark::Options options) { return options; }

}  // namespace

TEST_CASE("a run against faults ends as one without", "[bkmark][faults]") {
  const bool has_updates = GENERATE(false, true);
  BkmarkSetup calm;
  calm.run(records(calm.make));
  if (has_updates) calm.run(changed(calm.make), overwriting());
  REQUIRE(calm.library().active().size() == many);

  const auto [name, options] = GENERATE(table<std::string, FakeBkmark::Options>({
      {"the answer to every fifth create is lost", storm({.lose_reply_of_create = 5})},
      {"the answers to other writes are lost", storm({.lose_reply_of_write = 3})},
      {"429 with Retry-After", storm({.too_many_requests = 3})},
      {"503 before a write", storm({.fail_before = 3})},
      {"502 after a write", storm({.fail_after = 3})},
      {"truncated JSON", storm({.cut_json = 4})},
      {"login pages", storm({.login_page = 5})},
      {"everything at once", storm({.lose_reply_of_create = 7,
                                    .lose_reply_of_write = 11,
                                    .too_many_requests = 13,
                                    .fail_before = 17,
                                    .fail_after = 19,
                                    .cut_json = 23,
                                    .login_page = 29})},
      {"the same, where Bkmark's silence means the other thing", storm({.list_has_archived = false,
                                                                        .get_shows_trash = true,
                                                                        .compares_loosely = true,
                                                                        .conflict_names_id = true,
                                                                        .wraps_objects = true,
                                                                        .lose_reply_of_create = 7,
                                                                        .lose_reply_of_write = 11,
                                                                        .too_many_requests = 13,
                                                                        .fail_before = 17,
                                                                        .fail_after = 19,
                                                                        .cut_json = 23,
                                                                        .login_page = 29})},
  }));
  INFO(name << (has_updates ? ", with updates" : ""));
  BkmarkSetup stormy(options);
  const RunSummary summary = stormy.run(records(stormy.make));
  for (const std::string& problem : summary.problems) INFO(problem);
  CHECK(summary.ledger[Fate::created] == many);
  CHECK_FALSE(summary.has_failures);
  if (has_updates) CHECK_FALSE(stormy.run(changed(stormy.make), overwriting()).has_failures);
  CHECK(content_of(stormy) == content_of(calm));
  stormy.fake.forget_counts();
  const auto last = has_updates ? changed(stormy.make) : records(stormy.make);
  CHECK(stormy.run(last, overwriting()).ledger[Fate::unchanged] == many);
  CHECK(stormy.fake.writes() == 0);
  CHECK_FALSE(stormy.host.has_logged(stormy.fake.options().token));
}

TEST_CASE("a create whose answer was lost is looked up and not sent again", "[bkmark][faults]") {
  BkmarkSetup setup(FakeBkmark::Options{.lose_reply_of_create = 5});
  setup.run(records(setup.make));
  CHECK(setup.fake.count(Requests::create) == many);
}

TEST_CASE("deletes end in trash, whatever is lost", "[bkmark][faults][remove]") {
  const auto options =
      GENERATE(FakeBkmark::Options{.lose_reply_of_write = 2}, FakeBkmark::Options{.fail_after = 2},
               FakeBkmark::Options{.fail_before = 2}, FakeBkmark::Options{.too_many_requests = 3},
               FakeBkmark::Options{.get_shows_trash = true, .lose_reply_of_write = 2});
  BkmarkSetup setup(options);
  setup.options["bulk"] = GENERATE("documented", "probe");
  setup.fake.options().has_bulk_names = true;
  setup.fill(20);
  const auto sink = setup.sink();
  const auto listing = setup.read(*sink->existing());
  std::vector<Change> changes;
  for (const Bookmark* held : listing.bookmarks())
    changes.push_back({Action::remove, held, nullptr, held->origin->id});
  for (const Outcome& outcome : write(*sink, changes)) {
    INFO(outcome.reason);
    CHECK((outcome.result == Result::done || outcome.result == Result::already_so));
  }
  CHECK(setup.library().active().empty());
  CHECK(setup.library().trash().size() == 20);
}

TEST_CASE("a bulk action whose answer was lost is not done twice", "[bkmark][faults][bulk]") {
  BkmarkSetup setup(FakeBkmark::Options{.lose_reply_of_write = 1});
  setup.options["bulk"] = "probe";
  setup.fake.options().has_bulk_names = true;
  setup.fill(20);
  const auto sink = setup.sink();
  const auto listing = setup.read(*sink->existing());
  std::vector<Change> changes;
  for (const Bookmark* held : listing.bookmarks())
    changes.push_back({Action::remove, held, nullptr, held->origin->id});
  write(*sink, changes);
  CHECK(setup.library().trash().size() == 20);
}

TEST_CASE("a restore whose answer was lost is not lost", "[bkmark][faults][trash]") {
  BkmarkSetup setup(FakeBkmark::Options{.lose_reply_of_write = 2});
  for (int i = 0; i < 6; ++i) {
    BkmarkRow row;
    row.url = "https://a.example/" + std::to_string(i);
    row.title = "Old";
    row.is_in_trash = true;
    setup.library().add(row);
  }
  std::vector<Bookmark> wanted;
  for (int i = 0; i < 6; ++i)
    wanted.push_back(setup.make.link("https://a.example/" + std::to_string(i), "New"));
  CHECK_FALSE(setup.run(wanted).has_failures);
  CHECK(setup.library().active().size() == 6);
  CHECK(setup.library().rows().size() == 6);
}

TEST_CASE("a service that fails every change ends the run after a few", "[bkmark][faults]") {
  BkmarkSetup setup(FakeBkmark::Options{.fail_before = 1});
  CHECK_THROWS_WITH(setup.run(records(setup.make)), Catch::Contains("run again later"));
}

TEST_CASE("a token that runs out in the middle ends the run, and the next goes on",
          "[bkmark][faults]") {
  BkmarkSetup setup;
  const auto sink = setup.sink();
  create(*sink, setup.make.link("https://site.example/1", "Page 1"), setup.make.arena());
  const std::string token = std::exchange(setup.fake.options().token, "another");
  try {
    create(*sink, setup.make.link("https://site.example/2"), setup.make.arena());
    FAIL("it was written");
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::authentication);
  }
  setup.fake.options().token = token;
  CHECK_FALSE(setup.run(records(setup.make)).has_failures);
  CHECK(setup.library().active().size() == many);
}

TEST_CASE("a login page instead of the API is an error", "[bkmark][faults]") {
  BkmarkSetup setup(FakeBkmark::Options{.login_page = 1});
  CHECK_THROWS_WITH(setup.run(records(setup.make)), Catch::Contains("Log in to Bkmark"));
}
