#include "linkding_setup.hpp"
#include "pipeline/compare.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Requests = FakeLinkding::Kind;
using Strings = std::vector<std::string>;

namespace {

RunSummary copy_library(LinkdingSetup& setup, const std::string& from, const std::string& to,
                        OnMatch on_match = OnMatch::fill) {
  std::vector<NamedSource> sources;
  sources.push_back({"old", setup.source(from)});
  Job job;
  job.on_match = on_match;
  return run_into(setup, std::move(sources), job, to);
}

}  // namespace

TEST_CASE("a library goes into another one, and a second run writes nothing", "[linkding][run]") {
  LinkdingSetup setup;
  setup.options["page_size"] = "100";
  setup.fill(500, 6, "from");
  const RunSummary first = copy_library(setup, "from", "to");
  CHECK(first.ledger[Fate::created] == 500);
  CHECK(first.ledger.losses.empty());
  CHECK(setup.fake.writes() == 500);
  const auto old_rows = setup.rows("from");
  for (const LinkdingRow& row : setup.rows("to")) {
    const auto same = std::ranges::find(old_rows, row.url, &LinkdingRow::url);
    REQUIRE(same != old_rows.end());
    CHECK(row.title == same->title);
    CHECK(row.tags == same->tags);
    CHECK(row.is_archived == same->is_archived);
    CHECK(row.added == same->added);
    CHECK(row.modified == same->modified);
  }
  setup.fake.forget_counts();
  const RunSummary second = copy_library(setup, "from", "to");
  CHECK(second.ledger[Fate::unchanged] == 500);
  CHECK(setup.fake.writes() == 0);
  // Both ends: ten pages of 100 for 500 bookmarks each, and three more.
  CHECK(setup.fake.reads() <= 2 * (6 + 3));
}

TEST_CASE("after an update a second run writes nothing, whatever happens to what matches",
          "[linkding][run]") {
  const OnMatch on_match =
      GENERATE(OnMatch::fill, OnMatch::merge, OnMatch::newer, OnMatch::overwrite);
  LinkdingSetup setup;
  setup.fill(20, 6, "from");
  for (int i = 0; i < 10; ++i) {
    LinkdingLibrary::Fields bare;
    bare.url = "https://site.example/" + std::to_string(i) + "/";
    bare.added = bare.modified = moment("2015-01-01T00:00:00Z");
    setup.fake.library("to").post(bare);
  }
  const RunSummary first = copy_library(setup, "from", "to", on_match);
  CHECK(first.ledger[Fate::updated] == 10);
  CHECK(first.ledger[Fate::created] == 10);
  CHECK(setup.rows("to").size() == 20);
  setup.fake.forget_counts();
  const RunSummary second = copy_library(setup, "from", "to", on_match);
  CHECK(second.ledger[Fate::unchanged] == 20);
  CHECK(setup.fake.writes() == 0);
}

TEST_CASE("two addresses that linkding takes for one become one bookmark", "[linkding][run]") {
  LinkdingSetup setup;
  setup.fake.options().version = "1.42.0";
  for (const char* url : {"https://a.example/?b=1&a=2", "https://a.example/?a=2&b=1"}) {
    LinkdingLibrary::Fields fields;
    fields.url = url;
    fields.tags = Strings{std::string(url).substr(19, 1)};
    setup.fake.library("from").post(fields);
  }
  setup.fake.options().version = "1.46.2";
  const RunSummary summary = copy_library(setup, "from", "to");
  CHECK(summary.ledger[Fate::merged] == 1);
  REQUIRE(setup.rows("to").size() == 1);
  CHECK(setup.rows("to").front().tags == Strings{"a", "b"});
  CHECK(setup.fake.writes() == 1);
}

TEST_CASE("tags that differ in case from the library's are no difference", "[linkding][run]") {
  const OnMatch on_match = GENERATE(OnMatch::fill, OnMatch::merge, OnMatch::overwrite);
  LinkdingSetup setup;
  LinkdingLibrary::Fields mine;
  mine.url = "https://a.example/";
  mine.added = mine.modified = moment("2015-01-01T00:00:00Z");
  mine.tags = Strings{"Python"};
  setup.fake.library("to").post(mine);
  mine.tags = Strings{"python"};
  setup.fake.library("from").post(mine);
  const RunSummary summary = copy_library(setup, "from", "to", on_match);
  CHECK(summary.ledger[Fate::unchanged] == 1);
  CHECK(setup.fake.writes() == 0);
}

TEST_CASE("a dry run writes nothing", "[linkding][run]") {
  LinkdingSetup setup;
  setup.fill(20, 6, "from");
  std::vector<NamedSource> sources;
  sources.push_back({"old", setup.source("from")});
  OpenSink sink = setup.open_sink("to", MayWrite::no);
  SilentObserver observer;
  Job job;
  job.to = "links";
  const RunSummary summary = run_job(job, sources, sink, observer, {});
  CHECK(summary.ledger[Fate::created] == 20);
  CHECK(setup.fake.writes() == 0);
}

TEST_CASE("an old linkding takes all but the dates, and a second run writes nothing",
          "[linkding][run][versions]") {
  LinkdingSetup setup(FakeLinkding::Options{.version = GENERATE("1.44.0", "1.40.0", "1.31.0")});
  setup.fill(50, 6, "from");
  const RunSummary first = copy_library(setup, "from", "to");
  CHECK(first.ledger[Fate::created] == 50);
  CHECK_FALSE(first.has_failures);
  setup.fake.forget_counts();
  const RunSummary second = copy_library(setup, "from", "to");
  CHECK(second.ledger[Fate::unchanged] == 50);
  CHECK(setup.fake.writes() == 0);
}
