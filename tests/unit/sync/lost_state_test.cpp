#include "sync_runner.hpp"

using namespace linkferry;
using linkferry::test::SyncRunner;

TEST_CASE("after the state is lost nothing is deleted and nothing is there twice", "[sync]") {
  SyncRunner r;
  r.start_with(5);
  SyncRunner::take_away(r.from, 2);
  r.lose_state();
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::deleted] == 0);
  CHECK(summary.ledger[Fate::created] == 1);
  CHECK(r.from.bookmarks.size() == 5);
  CHECK(r.to.bookmarks.size() == 5);
  r.check_is_settled();
}

TEST_CASE("without a state what differs is a conflict, and no text is lost", "[sync]") {
  SyncRunner r;
  r.from.bookmarks = {r.make.link(SyncRunner::url(1), "From")};
  r.to.bookmarks = {r.make.link(SyncRunner::url(1), "To")};
  r.from.bookmarks[0].notes = "notes of from";
  r.to.bookmarks[0].notes = "notes of to";
  r.from.bookmarks[0].tags = r.make.texts({"a"});
  r.to.bookmarks[0].tags = r.make.texts({"b"});
  r.to.bookmarks[0].description = "only there";
  const RunSummary summary = r.run();
  CHECK(summary.ledger.conflicts == 1);
  for (test::ListStore* store : {&r.from, &r.to}) {
    const Bookmark& bookmark = SyncRunner::get(*store, 1);
    CHECK(bookmark.title == "From");
    CHECK(bookmark.notes == "notes of from\n\nnotes of to");
    CHECK(bookmark.description == "only there");
    CHECK(bookmark.tags.size() == 2);
  }
  REQUIRE(r.seen.conflicts.size() == 2);
  CHECK(r.seen.conflicts[0].to == "To");
  CHECK(r.seen.conflicts[1].resolved == ConflictPolicy::both);
  r.check_is_settled();
}

TEST_CASE("a policy that names the field decides about its text, state or no state", "[sync]") {
  SyncRunner r;
  r.job.conflicts.fields[static_cast<std::size_t>(Field::notes)] = ConflictPolicy::sink;
  r.from.bookmarks = {r.make.link(SyncRunner::url(1))};
  r.to.bookmarks = {r.make.link(SyncRunner::url(1))};
  r.from.bookmarks[0].notes = "notes of from";
  r.to.bookmarks[0].notes = "notes of to";
  r.run();
  CHECK(SyncRunner::get(r.from, 1).notes == "notes of to");
}

TEST_CASE("links of another identity are no evidence for a sync", "[sync]") {
  SyncRunner r;
  r.start_with(5);
  SyncRunner::take_away(r.from, 2);
  r.bases = std::make_unique<BaseTable>();
  r.links->set_evidence(false);
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::deleted] == 0);
  CHECK(r.from.bookmarks.size() == 5);
  REQUIRE(summary.ledger.notices.size() == 1);
  CHECK_THAT(summary.ledger.notices[0].text, Catch::Contains("have changed since the last run"));
}
