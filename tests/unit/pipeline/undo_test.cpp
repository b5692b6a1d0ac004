#include "pipeline/undo.hpp"

#include "pipeline/record_codec.hpp"
#include "pipeline/record_keys.hpp"
#include "support/catch.hpp"
#include "support/list_endpoints.hpp"

using namespace linkferry;
using linkferry::test::ListStore;

namespace {

class NobodyLooks final : public PlanObserver {
  void on_change(const PlannedChange& /*change*/) override {}
};

/// A place from which a run has deleted a bookmark that stood in two folders.
struct Deleted {
  test::BookmarkMaker make;
  Job job;
  ListStore store;
  std::vector<UndoEntry> entries;

  explicit Deleted(SinkKind kind) {
    job.to = "there";
    store.kind = kind;
    for (const char* folder : {"A", "B"}) entries.push_back(entry_of(in_folder(folder)));
  }

  Bookmark in_folder(Text folder) {
    Bookmark bookmark = make.link("https://a.example/1", "A title");
    bookmark.folders = make.folders({{folder}});
    return bookmark;
  }
  UndoEntry entry_of(const Bookmark& bookmark) {
    UndoEntry entry;
    entry.action = Action::remove;
    const OpenSink sink = test::open_list(store, false);
    Arena arena;
    entry.key = KeyMaker(job.match, *sink.view).make(bookmark, arena).match;
    encode(bookmark, entry.before);
    return entry;
  }
  RunSummary undo() {
    OpenSink sink = test::open_list(store);
    NobodyLooks nobody;
    return undo_run(job, entries, sink, nobody, {});
  }
};

}  // namespace

TEST_CASE("an undo brings both copies of a bookmark back, and a second undo no third",
          "[pipeline][undo]") {
  Deleted deleted(GENERATE(SinkKind::staged, SinkKind::live));
  CHECK(deleted.undo().ledger[Fate::created] == 2);
  CHECK(deleted.store.bookmarks.size() == 2);
  CHECK(deleted.undo().ledger[Fate::created] == 0);
  CHECK(deleted.store.bookmarks.size() == 2);
}

TEST_CASE("an undo that was stopped between two copies brings the other one back",
          "[pipeline][undo]") {
  Deleted deleted(SinkKind::live);
  const char* const arrived = GENERATE("A", "B");
  deleted.store.bookmarks = {deleted.in_folder(arrived)};
  CHECK(deleted.undo().ledger[Fate::created] == 1);
  REQUIRE(deleted.store.bookmarks.size() == 2);
  CHECK(deleted.store.bookmarks[1].folders[0][0] != Text(arrived));
}

TEST_CASE("beside what somebody has made anew an undo puts no copy", "[pipeline][undo]") {
  Deleted deleted(GENERATE(SinkKind::staged, SinkKind::live));
  deleted.store.bookmarks = {deleted.make.link("https://a.example/1", "Mine")};
  const RunSummary summary = deleted.undo();
  CHECK(summary.ledger[Fate::created] == 0);
  CHECK(summary.ledger[Fate::kept] == 1);
  CHECK(deleted.store.bookmarks.size() == 1);
}
