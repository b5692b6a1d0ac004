#include "bkmark_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Requests = FakeBkmark::Kind;
using Strings = std::vector<std::string>;

namespace {

std::vector<Bookmark> shelf(BookmarkMaker& make) {
  Bookmark link = make.link("https://a.example/", "A");
  link.notes = "Notes";
  link.tags = make.texts({"Zulu", "alpha"});
  link.folders = make.folders({{"Engineering"}, {"Elsewhere", "Deep"}});
  link.created_at = date("2020-01-02T03:04:05Z");
  link.unread = Flag::no;
  Bookmark note = make.link({}, "Shopping");
  note.url = {};
  note.kind = Kind::note;
  note.notes = "milk";
  Bookmark image = make.link("https://a.example/a.png", "Image");
  image.kind = Kind::image;
  image.favorite = image.archived = Flag::yes;
  return {link, note, image};
}

}  // namespace

TEST_CASE("a second run finds nothing to do, whatever the policy", "[bkmark][run]") {
  BkmarkSetup setup;
  BkmarkRow grouped;
  grouped.url = "https://grouped.example/";
  grouped.groups = {setup.library().add_group("Engineering")};
  setup.library().add(grouped);
  Job job;
  job.on_match = GENERATE(OnMatch::fill, OnMatch::merge, OnMatch::overwrite, OnMatch::newer);
  const RunSummary first = setup.run(shelf(setup.make), job);
  CHECK(first.ledger[Fate::created] == 3);
  CHECK_FALSE(first.has_failures);
  const BkmarkRow row = setup.library().rows()[1];
  CHECK(row.groups == grouped.groups);
  CHECK(std::ranges::find(row.tags, "Elsewhere/Deep") != row.tags.end());
  setup.fake.forget_counts();
  const RunSummary second = setup.run(shelf(setup.make), job);
  CHECK(second.ledger[Fate::unchanged] == 3);
  CHECK(setup.fake.writes() == 0);
  CHECK(setup.library().rows().size() == 4);
}

TEST_CASE("a library is copied to another with all that the API takes", "[bkmark][run]") {
  BkmarkSetup from;
  from.run(shelf(from.make));
  BkmarkSetup to;
  const auto source = from.source();
  const auto listing = from.read(*source);
  std::vector<Bookmark> all;
  for (const Bookmark* b : listing.bookmarks()) all.push_back(*b);
  CHECK_FALSE(to.run(all).has_failures);
  const auto rows = to.library().rows();
  REQUIRE(rows.size() == 3);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const BkmarkRow& there = from.library().rows()[i];
    CHECK(rows[i].url == there.url);
    CHECK(rows[i].title == there.title);
    CHECK(rows[i].description == there.description);
    CHECK(rows[i].type == there.type);
    CHECK(rows[i].is_favorite == there.is_favorite);
    CHECK(rows[i].is_archived == there.is_archived);
    CHECK(rows[i].read.has_value() == there.read.has_value());
  }
}

TEST_CASE("tags that many get are added by one request", "[bkmark][run][bulk]") {
  BkmarkSetup setup;
  setup.fill(200);
  std::vector<Bookmark> all;
  for (const BkmarkRow& row : setup.library().rows()) {
    Bookmark b = setup.make.link(row.url);
    b.tags = setup.make.texts({"imported"});
    all.push_back(b);
  }
  Job job;
  job.on_match = OnMatch::merge;
  CHECK(setup.run(all, job).ledger[Fate::updated] == 200);
  CHECK(setup.fake.writes() == 1);
  for (const BkmarkRow& row : setup.library().rows()) CHECK(row.tags.size() == 2);
}

TEST_CASE("requests are spread where a rate is set", "[bkmark][run]") {
  BkmarkSetup setup;
  setup.options["requests_per_minute"] = "60";
  setup.options["bulk_import"] = "never";
  std::vector<Bookmark> all;
  for (int i = 0; i < 300; ++i)
    all.push_back(setup.make.link("https://a.example/" + std::to_string(i), "A"));
  const auto before = setup.host.clock.now();
  setup.run(all);
  CHECK(setup.host.clock.now() - before > std::chrono::minutes(4));
}
