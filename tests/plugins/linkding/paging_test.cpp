#include <set>

#include "linkding_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

/// What is in the library from the beginning of a reading to its end, and what was read.
struct Reading {
  std::set<std::string> read;
  bool has_doubles = false;
};

Reading read_once(LinkdingSetup& setup) {
  Reading reading;
  for (const std::string& url : urls(setup.read(*setup.source(), 7)))
    reading.has_doubles = !reading.read.insert(url).second || reading.has_doubles;
  return reading;
}

std::string url_of(int i) { return "https://site.example/" + std::to_string(i); }

LinkdingLibrary::Fields dated(const std::string& url, const char* added) {
  LinkdingLibrary::Fields fields;
  fields.url = url;
  fields.added = fields.modified = moment(added);
  return fields;
}

}  // namespace

TEST_CASE("a bookmark that is deleted between two pages hides no other", "[linkding][paging]") {
  LinkdingSetup setup;
  setup.options["page_size"] = "10";
  setup.fill(100);
  const int deletions = GENERATE(1, 2, 7);
  int page = 0;
  setup.fake.options().on_page = [&](LinkdingLibrary& library, const std::string&) {
    if (++page != 4) return;
    for (int i = 0; i < deletions; ++i) library.remove(i + 1);
  };
  const Reading reading = read_once(setup);
  CHECK_FALSE(reading.has_doubles);
  for (int i = deletions; i < 100; ++i) CHECK(reading.read.contains(url_of(i)));
}

TEST_CASE("bookmarks that are added between two pages double no other", "[linkding][paging]") {
  LinkdingSetup setup;
  setup.options["page_size"] = "10";
  setup.fill(100);
  const char* const added = GENERATE("2001-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
  int page = 0;
  setup.fake.options().on_page = [&](LinkdingLibrary& library, const std::string&) {
    if (++page <= 5) library.post(dated("https://new.example/" + std::to_string(page), added));
  };
  const Reading reading = read_once(setup);
  CHECK_FALSE(reading.has_doubles);
  for (int i = 0; i < 100; ++i) CHECK(reading.read.contains(url_of(i)));
  for (int i = 1; i <= 5; ++i)
    CHECK(reading.read.contains("https://new.example/" + std::to_string(i)));
}

TEST_CASE("a bookmark that goes to the archive or comes back while it is read is met once",
          "[linkding][paging]") {
  LinkdingSetup setup;
  setup.options["page_size"] = "10";
  setup.fill(100, 4);
  const bool goes = GENERATE(true, false);
  const int at_page = GENERATE(1, 3, 5, 9, 11);
  int page = 0;
  setup.fake.options().on_page = [&](LinkdingLibrary& library, const std::string&) {
    if (++page != at_page) return;
    for (const int id : {3, 5, 51, 98, 97}) {
      LinkdingRow& row = *library.find(id);
      if (row.is_archived != goes) library.set_archived(row, goes);
    }
  };
  const Reading reading = read_once(setup);
  CHECK_FALSE(reading.has_doubles);
  CHECK(reading.read.size() == 100);
}

TEST_CASE("bookmarks of one date are all met, however the server orders them",
          "[linkding][paging]") {
  LinkdingSetup setup;
  setup.options["page_size"] = "10";
  for (int i = 0; i < 95; ++i) setup.fake.library().post(dated(url_of(i), "2021-01-01T00:00:00Z"));
  // A database without an order of its own: each page sees another one.
  std::minstd_rand random(7);
  int pages = 0;
  setup.fake.options().on_page = [&](LinkdingLibrary& library, const std::string&) {
    if (++pages > 14) return;
    const auto pick = [&] { return static_cast<std::int64_t>(random() % 95 + 1); };
    for (int i = 0; i < 20; ++i) {
      LinkdingRow& one = *library.find(pick());
      LinkdingRow& other = *library.find(pick());
      std::swap(one.added, other.added);
      one.added = moment("2021-01-01T00:00:00Z") + static_cast<Microseconds>(random() % 3);
    }
  };
  const Reading reading = read_once(setup);
  CHECK_FALSE(reading.has_doubles);
  CHECK(reading.read.size() == 95);
}

TEST_CASE("random changes between pages lose none of what stays", "[linkding][paging]") {
  const unsigned seed = GENERATE(range(1u, 25u));
  // The old one knows neither the order that is asked for nor filters.
  const std::string version = GENERATE("1.46.2", "1.20.0");
  CAPTURE(seed, version);
  LinkdingSetup setup(FakeLinkding::Options{.version = version});
  setup.options["page_size"] = GENERATE("7", "20");
  setup.fill(150, 5);
  std::minstd_rand random(seed);
  std::set<std::int64_t> touched;
  int page = 0;
  setup.fake.options().on_page = [&](LinkdingLibrary& library, const std::string&) {
    if (++page > 20) return;
    const auto id = static_cast<std::int64_t>(random() % 150 + 1);
    LinkdingRow* const row = library.find(id);
    switch (random() % 4) {
      case 0:
        library.remove(id);
        touched.insert(id);
        break;
      case 1:
        if (row != nullptr) library.set_archived(*row, !row->is_archived);
        break;
      case 2:
        library.post(dated("https://new.example/" + std::to_string(random()),
                           random() % 2 == 0 ? "2001-01-01T00:00:00Z" : "2026-10-01T00:00:00Z"));
        break;
      default:
        break;
    }
  };
  const Reading reading = read_once(setup);
  CHECK_FALSE(reading.has_doubles);
  for (int i = 0; i < 150; ++i) {
    if (!touched.contains(i + 1)) CHECK(reading.read.contains(url_of(i)));
  }
}

TEST_CASE("a proxy that cuts pages short loses nothing", "[linkding][paging]") {
  LinkdingSetup setup(FakeLinkding::Options{.max_limit = 40});
  setup.fill(150, 3);
  CHECK(read_once(setup).read.size() == 150);
}

TEST_CASE("a list that never rests is a failure that says so", "[linkding][paging]") {
  LinkdingSetup setup(FakeLinkding::Options{.max_limit = 10});
  setup.fill(100);
  int added = 0;
  setup.fake.options().on_page = [&](LinkdingLibrary& library, const std::string&) {
    library.post(dated("https://new.example/" + std::to_string(++added), "2001-01-01T00:00:00Z"));
  };
  CHECK_THROWS_WITH(read_once(setup), Catch::Contains("change faster than they can be listed"));
}
