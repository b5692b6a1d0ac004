#include "pipeline/record_codec.hpp"
#include "sync/sync_undo.hpp"
#include "sync_runner.hpp"

using namespace linkferry;
using linkferry::test::ListStore;
using linkferry::test::SyncRunner;

namespace {

/// Keeps what a run has written, as the state does.
struct KeepingJournal final : Journal {
  void open(std::span<const JournalEntry> opened, bool /*is_durable*/) override {
    first_open = entries.size();
    for (const JournalEntry& entry : opened) {
      UndoEntry kept{
          entry.action, entry.key, std::string(entry.endpoint), std::string(entry.sink_id),
          entry.after,  {}};
      if (entry.before != nullptr) encode(*entry.before, kept.before);
      entries.push_back(std::move(kept));
    }
    if (entries.size() > most_entries) throw Failure(FailureKind::failed, "the disk is full");
  }
  void close(std::span<const Outcome> outcomes, bool /*are_visible*/) override {
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      if (!outcomes[i].id.empty()) entries[first_open + i].sink_id = outcomes[i].id;
    }
  }
  void make_durable() override {}
  void settle() override {}
  void keep_bases() override {
    // What is remembered must be there whenever the process is stopped.
    CHECK(entries.empty());
    ++times_kept;
  }

  std::vector<UndoEntry> entries;
  std::size_t first_open = 0;
  std::size_t most_entries = 1000;  ///< the next change fails
  int times_kept = 0;
};

/// A sync whose last run can be taken back.
struct UndoRunner : SyncRunner {
  KeepingJournal journal;

  using SyncRunner::SyncRunner;

  /// `count` bookmarks are in step; what a run does now can be taken back.
  void begin_with(int count) {
    start_with(count);
    options.memory.journal = &journal;
  }
  RunSummary undo(bool may_write = true) {
    OpenSink open_from = open_list(from, may_write);
    OpenSink open_to = open_list(to, may_write);
    seen = {};
    RunOptions undo_options;
    undo_options.memory.bases = bases.get();
    undo_journal = {};
    undo_options.memory.journal = &undo_journal;
    const RunSummary summary =
        undo_sync(job, journal.entries, open_from, open_to, seen, undo_options);
    CHECK(summary.ledger.is_balanced());
    return summary;
  }
  /// A sync neither does again what was taken back, nor takes it for a change.
  void check_stays_undone() {
    options.memory.journal = nullptr;
    const int writes = from.writes + to.writes;
    for (int times = 0; times < 2; ++times) {
      const RunSummary summary = run();
      CHECK_FALSE(summary.ledger.has_changes());
      CHECK(summary.ledger.conflicts == 0);
    }
    CHECK(from.writes + to.writes == writes);
  }

  KeepingJournal undo_journal;
};

}  // namespace

TEST_CASE("what a sync has created on either side goes, and is not created again", "[sync][undo]") {
  UndoRunner r(GENERATE(SinkKind::staged, SinkKind::live),
               GENERATE(SinkKind::staged, SinkKind::live));
  r.begin_with(3);
  r.from.bookmarks.push_back(r.make.link(SyncRunner::url(10), "Of from"));
  r.to.bookmarks.push_back(r.make.link(SyncRunner::url(11)));
  r.run();
  REQUIRE(r.from.bookmarks.size() == 5);
  const RunSummary summary = r.undo();
  CHECK(summary.ledger[Fate::deleted] == 2);
  CHECK(r.undo_journal.times_kept == 1);
  CHECK(SyncRunner::find(r.to, 10) == nullptr);
  CHECK(SyncRunner::find(r.from, 11) == nullptr);
  CHECK(SyncRunner::get(r.from, 10).title == "Of from");
  CHECK(r.to.bookmarks.size() == 4);
  r.check_stays_undone();
  CHECK(r.run().ledger[Fate::kept] == 2);
  SECTION("until somebody changes it") {
    SyncRunner::get(r.from, 10).title = "Another";
    CHECK(r.run().ledger[Fate::created] == 1);
    CHECK(SyncRunner::get(r.to, 10).title == "Another");
  }
  SECTION("and what somebody adds on the other side is the same bookmark") {
    r.to.bookmarks.push_back(r.make.link(SyncRunner::url(10), "Of from"));
    CHECK_FALSE(r.run().ledger.has_changes());
    SyncRunner::get(r.to, 10).title = "Another";
    r.run();
    CHECK(SyncRunner::get(r.from, 10).title == "Another");
  }
  SECTION("and is forgotten when it is gone on this side too") {
    SyncRunner::take_away(r.from, 10);
    SyncRunner::take_away(r.to, 11);
    CHECK_FALSE(r.run().ledger.has_changes());
    CHECK(r.bases->size() == 3);
  }
}

TEST_CASE("what a sync has changed on both sides is as it was on both", "[sync][undo]") {
  UndoRunner r;
  r.begin_with(3);
  SyncRunner::get(r.from, 1).title = "New in from";
  SyncRunner::get(r.from, 1).tags = r.make.texts({"a", "b"});
  SyncRunner::get(r.to, 1).notes = "new in to";
  r.run();
  REQUIRE(SyncRunner::get(r.to, 1).title == "New in from");
  REQUIRE(SyncRunner::get(r.from, 1).notes == "new in to");
  CHECK(r.undo().ledger[Fate::updated] == 2);
  CHECK(SyncRunner::get(r.from, 1).title == "New in from");
  CHECK(SyncRunner::get(r.from, 1).notes.empty());
  CHECK(SyncRunner::get(r.to, 1).title == "A title");
  CHECK(SyncRunner::get(r.to, 1).notes == "new in to");
  CHECK(SyncRunner::get(r.to, 1).tags.empty());
  r.check_stays_undone();
  SECTION("and what is changed later goes to the other side, alone") {
    SyncRunner::get(r.from, 1).description = "later";
    SyncRunner::get(r.from, 1).tags = r.make.texts({"a", "b", "c"});
    CHECK(r.run().ledger[Fate::updated] == 1);
    CHECK(SyncRunner::get(r.to, 1).description == "later");
    CHECK(SyncRunner::get(r.to, 1).title == "A title");
    CHECK(SyncRunner::get(r.to, 1).tags.size() == 1);
  }
}

TEST_CASE("what a sync has deleted is there again, on that side alone", "[sync][undo]") {
  UndoRunner r(SinkKind::staged, GENERATE(SinkKind::staged, SinkKind::live));
  r.begin_with(30);
  const bool has_from_lost = GENERATE(true, false);
  ListStore& loser = has_from_lost ? r.from : r.to;
  ListStore& keeper = has_from_lost ? r.to : r.from;
  SyncRunner::get(keeper, 3).tags = r.make.texts({"a"});
  SyncRunner::get(loser, 3).tags = r.make.texts({"a"});
  r.run();
  SyncRunner::take_away(loser, 3);
  r.journal.entries.clear();
  r.run();
  REQUIRE(SyncRunner::find(keeper, 3) == nullptr);
  CHECK(r.undo().ledger[Fate::created] == 1);
  CHECK(SyncRunner::get(keeper, 3).tags.size() == 1);
  CHECK(SyncRunner::find(loser, 3) == nullptr);
  r.check_stays_undone();
  CHECK(keeper.bookmarks.size() == 30);
  SyncRunner::get(keeper, 3).title = "Another";
  CHECK(r.run().ledger[Fate::created] == 1);
  CHECK(SyncRunner::get(loser, 3).title == "Another");
}

TEST_CASE("a quarantine of a sync is taken back, and not made again", "[sync][undo]") {
  UndoRunner r;
  r.begin_with(30);
  r.job.deletion.quarantine = GENERATE(Quarantine::tag, Quarantine::archive);
  SyncRunner::take_away(r.from, 3);
  REQUIRE(r.run().ledger[Fate::quarantined] == 1);
  CHECK(r.undo().ledger[Fate::updated] == 1);
  CHECK(SyncRunner::get(r.to, 3).tags.empty());
  CHECK(SyncRunner::get(r.to, 3).archived != Flag::yes);
  r.check_stays_undone();
  CHECK(SyncRunner::find(r.from, 3) == nullptr);
}

TEST_CASE("what somebody has changed since stays, and is the change that it is", "[sync][undo]") {
  UndoRunner r;
  r.begin_with(3);
  r.from.bookmarks.push_back(r.make.link(SyncRunner::url(10)));
  SyncRunner::get(r.from, 1).title = "New in from";
  r.run();
  SyncRunner::get(r.to, 10).title = "Mine";
  SyncRunner::get(r.to, 1).title = "Mine, too";
  const RunSummary summary = r.undo();
  CHECK(summary.ledger[Fate::kept] == 2);
  CHECK_FALSE(summary.is_written);
  CHECK_THAT(r.seen.lines[0].reason, Catch::Contains("changed after the run"));
  CHECK(r.seen.lines[0].endpoint == "there");
  r.run();
  CHECK(SyncRunner::get(r.from, 10).title == "Mine");
  CHECK(SyncRunner::get(r.from, 1).title == "Mine, too");
}

TEST_CASE("what somebody has changed since on the other side is carried on", "[sync][undo]") {
  UndoRunner r;
  r.begin_with(3);
  SyncRunner::get(r.from, 1).title = "New in from";
  r.run();
  SyncRunner::get(r.from, 1).notes = "since then";
  r.undo();
  CHECK(SyncRunner::get(r.to, 1).title == "A title");
  CHECK(r.run().ledger[Fate::updated] == 1);
  CHECK(SyncRunner::get(r.to, 1).notes == "since then");
  CHECK(SyncRunner::get(r.to, 1).title == "A title");
}

TEST_CASE("one side put back while somebody has changed the other loses neither", "[sync][undo]") {
  UndoRunner r;
  r.begin_with(3);
  SyncRunner::get(r.from, 1).title = "New in from";
  SyncRunner::get(r.to, 1).notes = "new in to";
  r.run();
  SyncRunner::get(r.to, 1).notes = "mine";
  const RunSummary summary = r.undo();
  CHECK(summary.ledger[Fate::updated] == 1);
  CHECK(summary.ledger[Fate::kept] == 1);
  const RunSummary next = r.run();
  CHECK(next.ledger[Fate::deleted] == 0);
  CHECK(SyncRunner::get(r.to, 1).notes == "mine");
  CHECK(SyncRunner::get(r.from, 1).notes == "mine");
}

TEST_CASE("a dry run of an undo shows both sides and changes nothing", "[sync][undo]") {
  UndoRunner r;
  r.begin_with(3);
  r.from.bookmarks.push_back(r.make.link(SyncRunner::url(10)));
  r.to.bookmarks.push_back(r.make.link(SyncRunner::url(11)));
  r.run();
  const RunSummary summary = r.undo(false);
  CHECK(summary.is_dry_run);
  CHECK(r.seen.lines ==
        std::vector<test::SeenSync::Line>{{"deleted", SyncRunner::url(10), "there", ""},
                                          {"deleted", SyncRunner::url(11), "here", ""}});
  CHECK(r.undo_journal.times_kept == 0);
  r.check_is_settled();
}

TEST_CASE("an undo that is stopped in the middle deletes nothing later, and can be ended",
          "[sync][undo]") {
  UndoRunner r(SinkKind::live, SinkKind::live);
  r.begin_with(30);
  r.from.bookmarks.push_back(r.make.link(SyncRunner::url(40)));
  r.to.bookmarks.push_back(r.make.link(SyncRunner::url(41)));
  SyncRunner::get(r.from, 1).title = "New in from";
  SyncRunner::get(r.to, 1).notes = "new in to";
  SyncRunner::take_away(r.to, 2);
  r.run();
  const std::size_t stop_after = GENERATE(0U, 1U, 2U, 3U, 4U);
  {
    OpenSink open_from = open_list(r.from);
    OpenSink open_to = open_list(r.to);
    KeepingJournal stopped;
    stopped.most_entries = stop_after;
    RunOptions options;
    options.memory.bases = r.bases.get();
    options.memory.journal = &stopped;
    CHECK_THROWS_AS(undo_sync(r.job, r.journal.entries, open_from, open_to, r.seen, options),
                    Failure);
  }
  SECTION("by another undo") {
    r.undo();
    CHECK(SyncRunner::find(r.to, 40) == nullptr);
    CHECK(SyncRunner::find(r.from, 41) == nullptr);
    CHECK(SyncRunner::get(r.from, 1).notes.empty());
    CHECK(SyncRunner::get(r.to, 1).title == "A title");
    CHECK(SyncRunner::find(r.from, 2) != nullptr);
    CHECK(r.from.bookmarks.size() == 31);
    r.check_stays_undone();
  }
  SECTION("or left so") {
    r.options.memory.journal = nullptr;
    const RunSummary summary = r.run();
    CHECK(summary.ledger[Fate::deleted] == 0);
    CHECK(summary.ledger[Fate::updated] == 0);
    CHECK(SyncRunner::find(r.from, 40) != nullptr);
    CHECK(SyncRunner::find(r.to, 41) != nullptr);
    CHECK(SyncRunner::get(r.from, 1).title == "New in from");
    CHECK(SyncRunner::get(r.to, 1).notes == "new in to");
    r.check_stays_undone();
  }
}

TEST_CASE("a sync that did not end is taken back as far as it came", "[sync][undo]") {
  UndoRunner r(SinkKind::live, SinkKind::live);
  r.begin_with(3);
  r.from.bookmarks.push_back(r.make.link(SyncRunner::url(10)));
  SyncRunner::get(r.from, 1).title = "New in from";
  r.journal.most_entries = 1;
  CHECK_THROWS_AS(r.run(), Failure);
  r.journal.most_entries = 1000;
  r.undo();
  CHECK(SyncRunner::get(r.to, 1).title == "A title");
  CHECK(SyncRunner::get(r.from, 1).title == "New in from");
  CHECK(SyncRunner::find(r.to, 10) == nullptr);
  r.options.memory.journal = nullptr;
  const RunSummary next = r.run();
  CHECK(next.ledger[Fate::updated] == 0);
  CHECK(next.ledger[Fate::created] == 1);
  CHECK(SyncRunner::get(r.to, 1).title == "A title");
}

TEST_CASE("what an undo has left on one side is remembered from run to run", "[sync][undo]") {
  SyncBase base;
  base.is_absent[to_side] = true;
  base.prints[from_side][static_cast<std::size_t>(Field::title)] = 7;
  std::string bytes;
  encode(base, bytes);
  const SyncBase read = decode_base(bytes);
  CHECK(read.is_absent == base.is_absent);
  CHECK(read.prints == base.prints);
}
