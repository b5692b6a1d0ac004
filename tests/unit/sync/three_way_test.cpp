#include "sync/three_way.hpp"

#include "sync_runner.hpp"

using namespace linkferry;
using linkferry::test::SyncRunner;

namespace {

constexpr Text none;

struct Cell {
  const char* says;
  Text then, from, to;  ///< a title at the last sync, and now on the two sides
  Text from_after, to_after;
  int conflicts;
};

}  // namespace

TEST_CASE("a field that one side has changed is changed on the other", "[sync]") {
  const Cell cell =
      GENERATE_COPY(Cell{"nobody changed it", "T", "T", "T", "T", "T", 0},
                    Cell{"from changed it", "T", "F", "T", "F", "F", 0},
                    Cell{"to changed it", "T", "T", "S", "S", "S", 0},
                    Cell{"both changed it alike", "T", "X", "X", "X", "X", 0},
                    Cell{"both changed it, each its way", "T", "F", "S", "F", "F", 1},
                    Cell{"from cleared it", "T", none, "T", none, none, 0},
                    Cell{"to cleared it", "T", "T", none, none, none, 0},
                    Cell{"both cleared it", "T", none, none, none, none, 0},
                    Cell{"from cleared it, to changed it", "T", none, "S", none, none, 1},
                    Cell{"to cleared it, from changed it", "T", "F", none, "F", "F", 1},
                    Cell{"from filled it", none, "F", none, "F", "F", 0},
                    Cell{"to filled it", none, none, "S", "S", "S", 0},
                    Cell{"both filled it, each its way", none, "F", "S", "F", "F", 1});
  const SinkKind kind = GENERATE(SinkKind::live, SinkKind::staged);
  INFO(cell.says);
  SyncRunner r(kind, kind == SinkKind::live ? SinkKind::staged : SinkKind::live);
  r.job.conflicts.otherwise = ConflictPolicy::source;
  r.from.bookmarks = {r.make.link(SyncRunner::url(1), cell.then)};
  r.run();
  SyncRunner::get(r.from, 1).title = cell.from;
  SyncRunner::get(r.to, 1).title = cell.to;
  const RunSummary summary = r.run();
  CHECK(SyncRunner::get(r.from, 1).title == cell.from_after);
  CHECK(SyncRunner::get(r.to, 1).title == cell.to_after);
  CHECK(summary.ledger.conflicts == static_cast<std::uint64_t>(cell.conflicts));
  CHECK(summary.ledger.read == 2);
  r.check_is_settled();
}

TEST_CASE("what one side alone has is created on the other", "[sync]") {
  SyncRunner r(GENERATE(SinkKind::live, SinkKind::staged),
               GENERATE(SinkKind::live, SinkKind::staged));
  r.from.bookmarks = {r.make.link(SyncRunner::url(1), "One"),
                      r.make.link(SyncRunner::url(2), "Two")};
  r.to.bookmarks = {r.make.link(SyncRunner::url(2), "Two"),
                    r.make.link(SyncRunner::url(3), "Three")};
  const RunSummary summary = r.run();
  CHECK(summary.ledger.read == 4);
  CHECK(summary.ledger[Fate::created] == 2);
  CHECK(summary.ledger[Fate::unchanged] == 2);
  CHECK(r.seen.lines ==
        std::vector<test::SeenSync::Line>{{"created", SyncRunner::url(1), "there", ""},
                                          {"created", SyncRunner::url(3), "here", ""}});
  CHECK(SyncRunner::get(r.to, 1).title == "One");
  CHECK(SyncRunner::get(r.from, 3).title == "Three");
  CHECK(r.links->size() == 3);
  r.check_is_settled();
}

TEST_CASE("changes of both sides to different fields of one bookmark are both kept", "[sync]") {
  SyncRunner r;
  r.start_with(1);
  SyncRunner::get(r.from, 0).description = "From";
  SyncRunner::get(r.to, 0).notes = "To";
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::updated] == 2);
  CHECK(summary.ledger.conflicts == 0);
  for (test::ListStore* store : {&r.from, &r.to}) {
    CHECK(SyncRunner::get(*store, 0).description == "From");
    CHECK(SyncRunner::get(*store, 0).notes == "To");
  }
  r.check_is_settled();
}

TEST_CASE("a side that cannot hold a field never empties it on the other", "[sync]") {
  SyncRunner r;
  r.to.has_notes = false;
  r.from.bookmarks = {r.make.link(SyncRunner::url(1), "One")};
  r.from.bookmarks[0].notes = "Some notes";
  r.run();
  CHECK(is_absent(SyncRunner::get(r.to, 1).notes));
  SyncRunner::get(r.to, 1).title = "Another";
  r.run();
  CHECK(SyncRunner::get(r.from, 1).title == "Another");
  CHECK(SyncRunner::get(r.from, 1).notes == "Some notes");
  SECTION("nor when it could hold it once") {
    r.to.has_notes = true;
    r.run();
    SyncRunner::get(r.to, 1).notes = "Other notes";
    r.run();
    CHECK(SyncRunner::get(r.from, 1).notes == "Other notes");
    r.to.has_notes = false;
    SyncRunner::get(r.to, 1).notes = {};
    r.run();
    CHECK(SyncRunner::get(r.from, 1).notes == "Other notes");
  }
}

TEST_CASE("a value that a side holds in its own way is no change", "[sync]") {
  SyncRunner r;
  r.to.spells = [](Bookmark& bookmark, Arena&) { bookmark.title = bookmark.title.substr(0, 5); };
  r.from.bookmarks = {r.make.link(SyncRunner::url(1), "A long title")};
  r.run();
  CHECK(SyncRunner::get(r.to, 1).title == "A lon");
  r.check_is_settled();
  SyncRunner::get(r.to, 1).description = "New";
  r.run();
  CHECK(SyncRunner::get(r.from, 1).title == "A long title");
  CHECK(SyncRunner::get(r.from, 1).description == "New");
  SECTION("even when the state is lost") {
    r.lose_state();
    CHECK(r.run().ledger.conflicts == 0);
    CHECK(SyncRunner::get(r.from, 1).title == "A long title");
  }
}

TEST_CASE("the date of change follows what is changed, and is no change itself", "[sync]") {
  SyncRunner r;
  r.start_with(1);
  SyncRunner::get(r.to, 0).modified_at = {1'700'000'000, 0, Precision::second};
  CHECK_FALSE(r.run().ledger.has_changes());
  SyncRunner::get(r.to, 0).title = "Another";
  r.run();
  CHECK(SyncRunner::get(r.from, 0).modified_at == Timestamp{1'700'000'000, 0, Precision::second});
  r.check_is_settled();
}

TEST_CASE("each side keeps its own spelling of an address", "[sync]") {
  SyncRunner r;
  r.from.bookmarks = {r.make.link("http://a.example/1/?utm_source=x", "One")};
  r.to.bookmarks = {r.make.link(SyncRunner::url(1), "One")};
  CHECK_FALSE(r.run().ledger.has_changes());
  SyncRunner::get(r.to, 1).title = "Another";
  r.run();
  CHECK(r.from.bookmarks[0].url == "http://a.example/1/?utm_source=x");
  CHECK(r.from.bookmarks[0].title == "Another");
}

TEST_CASE("what a filter leaves out is left alone on both sides", "[sync]") {
  SyncRunner r;
  r.job.filter.exclude.tags = {"private"};
  r.from.bookmarks = {r.make.link(SyncRunner::url(1), "One"),
                      r.make.link(SyncRunner::url(2), "Two")};
  r.from.bookmarks[0].tags = r.make.texts({"private"});
  r.to.bookmarks = {r.make.link(SyncRunner::url(3), "Three")};
  r.to.bookmarks[0].tags = r.make.texts({"private"});
  CHECK(r.run().ledger[Fate::filtered] == 2);
  CHECK(SyncRunner::find(r.to, 1) == nullptr);
  CHECK(SyncRunner::find(r.from, 3) == nullptr);
  SECTION("also when it falls out later") {
    SyncRunner::get(r.from, 2).tags = r.make.texts({"private"});
    SyncRunner::get(r.to, 2).title = "Another";
    CHECK_FALSE(r.run().ledger.has_changes());
    CHECK(SyncRunner::get(r.from, 2).title == "Two");
    SyncRunner::get(r.from, 2).tags = {};
    r.run();
    CHECK(SyncRunner::get(r.from, 2).title == "Another");
  }
}

TEST_CASE("a filter by something that one side cannot hold looks at the other", "[sync]") {
  SyncRunner r;
  r.to.has_folders = false;
  r.job.filter.include.folders = {"Work"};
  r.from.bookmarks = {r.make.link(SyncRunner::url(1), "One")};
  r.from.bookmarks[0].folders = r.make.folders({{"Work"}});
  r.run();
  SyncRunner::get(r.to, 1).title = "Another";
  r.run();
  CHECK(SyncRunner::get(r.from, 1).title == "Another");
}

TEST_CASE("two bookmarks that one side would hold as one are not made there twice", "[sync]") {
  SyncRunner r;
  r.job.match = MatchPreset::exact;
  r.to.unique_key = [](Text url, Arena&) { return url.substr(0, url.find('?')); };
  r.from.bookmarks = {r.make.link("https://a.example/?1"), r.make.link("https://a.example/?2")};
  CHECK(r.run().ledger[Fate::created] == 1);
  CHECK(r.to.bookmarks.size() == 1);
  r.check_is_settled();
  CHECK(r.from.bookmarks.size() == 2);
}

TEST_CASE("a dry run writes nothing, and remembers nothing", "[sync]") {
  SyncRunner r;
  r.from.bookmarks = {r.make.link(SyncRunner::url(1))};
  const RunSummary summary = r.run(false);
  CHECK(summary.is_dry_run);
  CHECK(summary.ledger[Fate::created] == 1);
  CHECK(r.to.bookmarks.empty());
  CHECK(r.links->size() == 0);
  CHECK(r.bases->size() == 0);
}

TEST_CASE("what a side rejects is tried again at the next sync", "[sync]") {
  SyncRunner r;
  r.start_with(2);
  r.to.rejects = SyncRunner::url(1);
  SyncRunner::get(r.from, 1).title = "Another";
  const RunSummary summary = r.run();
  CHECK(summary.has_failures);
  CHECK(summary.ledger[Fate::failed] == 1);
  r.to.rejects.clear();
  CHECK(r.run().ledger[Fate::updated] == 1);
  CHECK(SyncRunner::get(r.to, 1).title == "Another");
  r.check_is_settled();
}

TEST_CASE("a sync that ended between its two sides is brought to its end by the next", "[sync]") {
  SyncRunner r(SinkKind::live, SinkKind::live);
  r.start_with(3);
  SyncRunner::get(r.from, 0).title = "From";
  SyncRunner::get(r.to, 1).title = "To";
  SyncRunner::get(r.to, 2).tags = r.make.texts({"new"});
  r.from.bookmarks.push_back(r.make.link(SyncRunner::url(7), "Seven"));
  r.to.bookmarks.push_back(r.make.link(SyncRunner::url(8), "Eight"));
  // All that the first side was to get has arrived, and nothing of it is remembered.
  SyncRunner::get(r.to, 0).title = "From";
  r.to.bookmarks.push_back(r.make.link(SyncRunner::url(7), "Seven"));
  const RunSummary summary = r.run();
  CHECK(summary.ledger.conflicts == 0);
  CHECK(summary.ledger[Fate::created] == 1);
  CHECK(summary.ledger[Fate::updated] == 2);
  CHECK(r.from.bookmarks.size() == 5);
  CHECK(r.to.bookmarks.size() == 5);
  r.check_is_settled();
}
