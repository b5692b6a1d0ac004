#include "sync/sync_deletions.hpp"
#include "sync_runner.hpp"

using namespace linkferry;
using linkferry::test::ListStore;
using linkferry::test::SyncRunner;

namespace {

/// A sync in which one of the sides has lost something, whichever that is.
struct Lost : SyncRunner {
  ListStore& loser;
  ListStore& keeper;

  explicit Lost(bool is_from, int count = 30)
      : loser(is_from ? from : to), keeper(is_from ? to : from) {
    start_with(count);
    REQUIRE(to.bookmarks.size() == static_cast<std::size_t>(count));
  }
  std::string loser_name() const { return &loser == &from ? "here" : "there"; }
  std::string keeper_name() const { return &loser == &from ? "there" : "here"; }
};

}  // namespace

TEST_CASE("what one side has deleted, and the other not changed, is deleted there", "[sync]") {
  Lost r(GENERATE(true, false));
  SyncRunner::take_away(r.loser, 3);
  SyncRunner::take_away(r.loser, 7);
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::deleted] == 2);
  CHECK(summary.ledger.read == 56);
  CHECK(r.keeper.bookmarks.size() == 28);
  CHECK(r.seen.lines[0] ==
        test::SeenSync::Line{"deleted", SyncRunner::url(3), r.keeper_name(), ""});
  CHECK(r.links->size() == 28);
  r.check_is_settled();
}

TEST_CASE("what goes with a deleted bookmark, and had no place on the other side, is a loss",
          "[sync]") {
  Lost r(GENERATE(true, false));
  r.loser.has_notes = false;
  SyncRunner::get(r.keeper, 3).notes = "Mine";
  r.run();
  SyncRunner::take_away(r.loser, 3);
  SyncRunner::take_away(r.loser, 7);
  r.loser.bookmarks.push_back(r.make.link("https://a.example/three", "A title"));
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::deleted] == 2);
  REQUIRE(summary.ledger.losses.size() == 1);
  CHECK(summary.ledger.losses[0].field == Field::notes);
  CHECK(summary.ledger.losses[0].kind == LossKind::dropped);
  CHECK(summary.ledger.losses[0].records == 1);
  CHECK(summary.ledger.losses[0].example == SyncRunner::url(3));
}

TEST_CASE("what one side has deleted and the other changed is created again", "[sync]") {
  Lost r(GENERATE(true, false));
  SyncRunner::take_away(r.loser, 3);
  SyncRunner::get(r.keeper, 3).title = "Another";
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::deleted] == 0);
  CHECK(summary.ledger.conflicts == 1);
  CHECK(SyncRunner::get(r.loser, 3).title == "Another");
  REQUIRE(r.seen.lines.size() == 1);
  CHECK(r.seen.lines[0].endpoint == r.loser_name());
  CHECK_THAT(r.seen.lines[0].reason, Catch::Contains("conflict"));
  r.check_is_settled();
}

TEST_CASE("what both sides have deleted is forgotten", "[sync]") {
  Lost r(true);
  SyncRunner::take_away(r.from, 3);
  SyncRunner::take_away(r.to, 3);
  CHECK_FALSE(r.run().ledger.has_changes());
  CHECK(r.links->size() == 29);
  r.to.bookmarks.push_back(r.make.link(SyncRunner::url(3), "New"));
  CHECK(r.run().ledger[Fate::created] == 1);
}

TEST_CASE("a visit alone does not bring back what was deleted", "[sync]") {
  Lost r(true);
  SyncRunner::take_away(r.from, 3);
  SyncRunner::get(r.to, 3).visited_at = {1'700'000'000, 0, Precision::second};
  CHECK(r.run().ledger[Fate::deleted] == 1);
}

TEST_CASE("more deletions on one side than the limits allow hold the whole sync", "[sync]") {
  Lost r(GENERATE(true, false), 40);
  for (int i = 0; i < 5; ++i) SyncRunner::take_away(r.loser, i);
  r.loser.bookmarks.push_back(r.make.link(SyncRunner::url(99)));
  const RunSummary summary = r.run();
  CHECK_FALSE(summary.is_written);
  CHECK(r.keeper.bookmarks.size() == 40);
  CHECK_THAT(summary.blocked, Catch::Contains("5 of the 40 bookmarks") &&
                                  Catch::Contains("deleted in " + r.keeper_name()) &&
                                  Catch::Contains("the list of " + r.loser_name()) &&
                                  Catch::Contains("at most 4") &&
                                  Catch::Contains("--max-delete 5"));
  SECTION("until somebody lets them go") {
    r.options.max_delete = 5;
    CHECK(r.run().is_written);
    CHECK(r.keeper.bookmarks.size() == 36);
  }
}

TEST_CASE("the limits count for each side alone", "[sync]") {
  Lost r(true, 40);
  for (int i = 0; i < 4; ++i) {
    SyncRunner::take_away(r.from, i);
    SyncRunner::take_away(r.to, 10 + i);
  }
  CHECK(r.run().ledger[Fate::deleted] == 8);
  CHECK(r.from.bookmarks.size() == 32);
  CHECK(r.to.bookmarks.size() == 32);
}

TEST_CASE("nothing is deleted after an empty list, unless somebody says so", "[sync]") {
  Lost r(GENERATE(true, false), 1);
  r.loser.bookmarks.clear();
  CHECK_THAT(r.run().blocked, Catch::Contains("the list of " + r.loser_name() + " is empty"));
  CHECK(r.keeper.bookmarks.size() == 1);
  r.options.max_delete = 1;
  CHECK(r.run().is_written);
  CHECK(r.keeper.bookmarks.empty());
}

TEST_CASE("nothing is deleted, and nothing made anew, after a list that is not whole", "[sync]") {
  Lost r(GENERATE(true, false));
  SyncRunner::take_away(r.loser, 3);
  SECTION("since it is cut off") { r.loser.existing.is_cut_off = true; }
  SECTION("since it has an entry that cannot be read") { r.loser.existing.rejections = 1; }
  r.options.accept_partial = true;
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::kept] == 1);
  CHECK(summary.ledger[Fate::created] == 0);
  CHECK(r.keeper.bookmarks.size() == 30);
  r.loser.existing = {};
  CHECK(r.run().ledger[Fate::deleted] == 1);
}

TEST_CASE("a side that is cut off holds the sync", "[sync]") {
  Lost r(GENERATE(true, false));
  r.loser.existing.is_cut_off = true;
  r.keeper.bookmarks.push_back(r.make.link(SyncRunner::url(99)));
  const RunSummary summary = r.run();
  CHECK_FALSE(summary.is_written);
  CHECK_THAT(summary.blocked, Catch::StartsWith(r.loser_name() + ": "));
}

TEST_CASE("what a side knows to be there, or gone for another reason, stays on the other",
          "[sync]") {
  Lost r(false);
  const std::string id(SyncRunner::get(r.to, 3).origin->id);
  SyncRunner::take_away(r.to, 3);
  r.to.existing.absences[id] = GENERATE(Absence::gone, Absence::present);
  CHECK(r.run().ledger[Fate::kept] == 1);
  CHECK(r.from.bookmarks.size() == 30);
  CHECK(r.run().ledger[Fate::kept] == 1);
  CHECK(r.to.bookmarks.size() == 29);
}

TEST_CASE("a sync that may not delete keeps what the other side has deleted, and says so",
          "[sync]") {
  Lost r(true);
  r.job.deletion.policy = DeletePolicy::none;
  SyncRunner::take_away(r.from, 3);
  for (int times = 0; times < 2; ++times) CHECK(r.run().ledger[Fate::kept] == 1);
  CHECK(r.to.bookmarks.size() == 30);
  CHECK(r.from.bookmarks.size() == 29);
}

TEST_CASE("quarantine marks instead of deleting, once, and does not bring back", "[sync]") {
  Lost r(GENERATE(true, false));
  r.job.deletion.quarantine = GENERATE(Quarantine::tag, Quarantine::archive);
  SyncRunner::take_away(r.loser, 3);
  CHECK(r.run().ledger[Fate::quarantined] == 1);
  const Bookmark& marked = SyncRunner::get(r.keeper, 3);
  CHECK((marked.archived == Flag::yes) == (r.job.deletion.quarantine == Quarantine::archive));
  CHECK((marked.tags.size() == 1) == (r.job.deletion.quarantine == Quarantine::tag));
  const RunSummary second = r.run();
  CHECK(second.ledger[Fate::kept] == 1);
  CHECK_FALSE(second.ledger.has_changes());
  CHECK(SyncRunner::find(r.loser, 3) == nullptr);
  SECTION("until somebody takes the mark away") {
    SyncRunner::get(r.keeper, 3).archived = Flag::unknown;
    SyncRunner::get(r.keeper, 3).tags = {};
    CHECK(r.run().ledger[Fate::created] == 1);
    CHECK(SyncRunner::find(r.loser, 3) != nullptr);
  }
}
