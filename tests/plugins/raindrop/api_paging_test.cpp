#include <set>

#include "api_setup.hpp"
#include "raindrop/raindrop_list.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

/// What was there when the reading began and is there at its end, too.
std::set<std::string> survivors(RaindropSetup& setup, const std::set<std::string>& before) {
  std::set<std::string> all;
  for (const auto& [id, row] : setup.account().rows()) {
    if (row.collection != -99 && before.contains(row.link)) all.insert(row.link);
  }
  return all;
}

std::set<std::string> links(RaindropSetup& setup) {
  std::set<std::string> all;
  for (const auto& [id, row] : setup.account().rows()) all.insert(row.link);
  return all;
}

void check_reading(RaindropSetup& setup) {
  const auto before = links(setup);
  const auto read = urls(setup.read());
  const std::set<std::string> distinct(read.begin(), read.end());
  CHECK(distinct.size() == read.size());
  for (const std::string& link : survivors(setup, before)) {
    INFO(link);
    CHECK(distinct.contains(link));
  }
}

/// The oldest row, which was read with the first page.
std::int64_t oldest(RaindropAccount& account) { return account.list(0, "created").front()->id; }

void add_newest(RaindropAccount& account, int number) {
  account.create(fields_of("https://new.example/" + std::to_string(number)));
}

}  // namespace

TEST_CASE("a library at rest is read with the fewest requests there can be",
          "[raindrop][api][paging]") {
  RaindropSetup setup;
  setup.fill(1000);
  CHECK(setup.read().bookmarks().size() == 1000);
  // One more than there are pages: a full page may be followed by another, whatever the count says.
  CHECK(setup.fake.count(Requests::list) == 21);
  CHECK(setup.fake.count(Requests::collections) == 2);
  CHECK(setup.fake.count(Requests::user) == 2);
  CHECK(setup.fake.requests() == 25);
}

TEST_CASE("a page is all that a small library takes", "[raindrop][api][paging]") {
  RaindropSetup setup;
  setup.fill(49);
  CHECK(setup.read().bookmarks().size() == 49);
  CHECK(setup.fake.requests() == 4);
}

TEST_CASE("nothing is passed over or given twice while others change the library",
          "[raindrop][api][paging]") {
  RaindropSetup setup;
  setup.fill(430);
  int pages = 0;
  const int kind = GENERATE(0, 1, 2, 3, 4);
  INFO("kind " << kind);
  setup.fake.options().on_page = [&](RaindropAccount& account, const std::string&) {
    if (++pages > 9) return;
    // A deletion before, an addition behind, both (the count stays), an old date, a move to a page
    // that was read.
    if (kind == 0 || kind == 2) account.remove(oldest(account));
    if (kind == 1 || kind == 2) add_newest(account, pages);
    if (kind == 3) {
      auto old = fields_of("https://old.example/" + std::to_string(pages));
      old.created = moment("2020-01-01T00:00:00Z");
      account.create(old);
    }
    if (kind == 4) {
      RaindropRow& last = *account.find(account.list(0, "created").back()->id);
      RaindropAccount::Fields fields;
      fields.created = moment("2019-01-01T00:00:00Z");
      account.update(last, fields);
    }
  };
  check_reading(setup);
}

TEST_CASE("without the date of the last change, a deletion that an addition hides is seen, too",
          "[raindrop][api][paging]") {
  RaindropSetup setup;
  setup.fake.options().tells_last_update = false;
  setup.fill(430);
  int pages = 0;
  setup.fake.options().on_page = [&](RaindropAccount& account, const std::string&) {
    if (++pages != 3) return;
    account.remove(oldest(account));
    add_newest(account, 1);
  };
  check_reading(setup);
  CHECK(pages > 10);
}

TEST_CASE("a library that never rests is a temporary failure", "[raindrop][api][paging]") {
  RaindropSetup setup;
  setup.fill(200);
  setup.fake.options().on_page = [](RaindropAccount& account, const std::string&) {
    account.remove(oldest(account));
    add_newest(account, 1);
    add_newest(account, 2);
  };
  CHECK_THROWS_WITH(setup.read(), Catch::Contains("change faster than they can be listed"));
}

TEST_CASE("a list that stays short of its count is incomplete, so that nothing is deleted for it",
          "[raindrop][api][paging]") {
  RaindropSetup setup;
  setup.fill(120);
  setup.fake.options().count_offset = 3;
  const auto listing = setup.read();
  CHECK(listing.bookmarks().size() == 120);
  CHECK(listing.result == ReadResult::incomplete);
  CHECK(checkpoint_of(listing).empty());
}

TEST_CASE("what is behind a count that is too low is read, and the list is no evidence",
          "[raindrop][api][paging]") {
  RaindropSetup setup;
  setup.fill(120);
  setup.fake.options().count_offset = -20;
  const auto listing = setup.read();
  CHECK(listing.bookmarks().size() == 120);
  CHECK(listing.result == ReadResult::incomplete);
}

TEST_CASE("pages that overlap go forward, each with a row of the one before",
          "[raindrop][api][paging]") {
  std::uint64_t next = 0;
  std::uint64_t pages = 0;
  while (next < 20'000) {
    const raindrop::Window window = raindrop::overlapping_window(next);
    REQUIRE(window.size <= raindrop::most_in_a_page);
    REQUIRE(window.end() > next);
    if (next > 0) REQUIRE(window.start() < next);
    next = window.end();
    ++pages;
  }
  CHECK(pages < 20'000 / 41);
}

TEST_CASE("a second reading of what has not changed takes two requests",
          "[raindrop][api][incremental]") {
  RaindropSetup setup;
  setup.fill(300);
  const std::string checkpoint = checkpoint_of(setup.read());
  REQUIRE_FALSE(checkpoint.empty());
  setup.fake.forget_counts();
  const auto source = setup.source();
  REQUIRE(source->resume(checkpoint));
  const auto second = contract::read_all(*source, 256);
  CHECK(second.items.empty());
  CHECK(checkpoint_of(second) == checkpoint);
  CHECK(setup.fake.requests() == 2);
}

TEST_CASE("any change makes the next reading a whole one", "[raindrop][api][incremental]") {
  RaindropSetup setup;
  setup.fill(120);
  const std::string checkpoint = checkpoint_of(setup.read());
  const auto id = setup.account().list(0, "created").front()->id;
  switch (GENERATE(0, 1, 2, 3)) {
    case 0:
      setup.account().remove(id);
      break;
    case 1:
      add_newest(setup.account(), 1);
      break;
    case 2:
      setup.account().update(*setup.account().find(id), fields_of("https://changed.example/"));
      break;
    default:
      // Deleted without a trace in the date: the counts tell.
      setup.account().rows().erase(id);
  }
  const auto source = setup.source();
  REQUIRE(source->resume(checkpoint));
  CHECK(contract::read_all(*source, 256).bookmarks().size() >= 119);
}

TEST_CASE("a bookmark that is edited after it was given is given again by the next reading",
          "[raindrop][api][incremental]") {
  RaindropSetup setup;
  setup.fill(120);
  const auto id = setup.account().list(0, "created").front()->id;
  int pages = 0;
  setup.fake.options().on_page = [&](RaindropAccount& account, const std::string&) {
    if (++pages != 2) return;
    account.update(*account.find(id), fields_of("https://site.example/0", "Edited"));
  };
  const auto first = setup.read();
  CHECK(first.bookmarks().size() == 120);
  CHECK(first.bookmarks().front()->title == "Page 0");
  const auto source = setup.source();
  if (const std::string checkpoint = checkpoint_of(first); !checkpoint.empty())
    REQUIRE(source->resume(checkpoint));
  const auto second = contract::read_all(*source, 256);
  REQUIRE(second.bookmarks().size() == 120);
  CHECK(second.bookmarks().front()->title == "Edited");
}

TEST_CASE("after a change just now there is no checkpoint: another may follow unseen",
          "[raindrop][api][incremental]") {
  RaindropSetup setup;
  setup.account().age = 2'000;
  setup.fill(10);
  CHECK(checkpoint_of(setup.read()).empty());
}

TEST_CASE("a checkpoint that does not tell of Trash is not enough to leave it out",
          "[raindrop][api][incremental]") {
  RaindropSetup setup;
  setup.fill(10);
  const std::string checkpoint = checkpoint_of(setup.read());
  setup.options["trash"] = "true";
  const auto source = setup.source();
  REQUIRE(source->resume(checkpoint));
  CHECK(contract::read_all(*source, 256).bookmarks().size() == 10);
}
