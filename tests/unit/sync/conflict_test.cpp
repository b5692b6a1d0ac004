#include "sync_runner.hpp"

using namespace linkferry;
using linkferry::test::SyncRunner;

namespace {

/// Both sides have changed the title, description and notes of one bookmark.
void make_conflict(SyncRunner& r) {
  r.start_with(1);
  Bookmark& from = SyncRunner::get(r.from, 0);
  Bookmark& to = SyncRunner::get(r.to, 0);
  from.title = "From", to.title = "To";
  from.notes = "notes of from", to.notes = "notes of to";
}

void check_titles(SyncRunner& r, Text from, Text to) {
  CHECK(SyncRunner::get(r.from, 0).title == from);
  CHECK(SyncRunner::get(r.to, 0).title == to);
}

}  // namespace

TEST_CASE("a conflict is resolved in favour of the side that the policy names", "[sync]") {
  SyncRunner r;
  make_conflict(r);
  const bool is_source = GENERATE(true, false);
  r.job.conflicts.otherwise = is_source ? ConflictPolicy::source : ConflictPolicy::sink;
  const RunSummary summary = r.run();
  CHECK(summary.ledger.conflicts == 1);
  CHECK(summary.ledger.open_conflicts == 0);
  const Text winner = is_source ? "From" : "To";
  check_titles(r, winner, winner);
  REQUIRE(r.seen.conflicts.size() == 2);
  CHECK(r.seen.conflicts[0].field == Field::title);
  CHECK(r.seen.conflicts[0].from == "From");
  CHECK(r.seen.conflicts[0].to == "To");
  r.check_is_settled();
}

TEST_CASE("the side changed last wins where both know when", "[sync]") {
  SyncRunner r;
  make_conflict(r);
  const Timestamp early{1'600'000'000, 0, Precision::second};
  const Timestamp late{1'700'000'000, 0, Precision::second};
  SECTION("the one") {
    SyncRunner::get(r.from, 0).modified_at = early;
    SyncRunner::get(r.to, 0).modified_at = late;
    r.run();
    check_titles(r, "To", "To");
    CHECK(r.seen.conflicts[0].resolved == ConflictPolicy::newer);
  }
  SECTION("or the other") {
    SyncRunner::get(r.from, 0).modified_at = late;
    SyncRunner::get(r.to, 0).modified_at = early;
    r.run();
    check_titles(r, "From", "From");
  }
  SECTION("also where it dates changes itself") {
    Origin origin = *SyncRunner::get(r.to, 0).origin;
    origin.changed_at = late;
    SyncRunner::get(r.from, 0).modified_at = early;
    SyncRunner::get(r.to, 0).origin = &origin;
    r.run();
    check_titles(r, "To", "To");
    CHECK(r.seen.conflicts[0].resolved == ConflictPolicy::newer);
  }
  SECTION("and the source where one does not") {
    SyncRunner::get(r.to, 0).modified_at = late;
    r.run();
    check_titles(r, "From", "From");
    CHECK(r.seen.conflicts[0].resolved == ConflictPolicy::source);
  }
}

TEST_CASE("each field has its own policy, and the others the default", "[sync]") {
  SyncRunner r;
  make_conflict(r);
  r.job.conflicts.otherwise = ConflictPolicy::sink;
  r.job.conflicts.fields[static_cast<std::size_t>(Field::notes)] = ConflictPolicy::both;
  r.run();
  check_titles(r, "To", "To");
  CHECK(SyncRunner::get(r.from, 0).notes == "notes of from\n\nnotes of to");
  CHECK(SyncRunner::get(r.to, 0).notes == "notes of from\n\nnotes of to");
  r.check_is_settled();
}

TEST_CASE("both joins a text with one that has it in it to the longer one", "[sync]") {
  SyncRunner r;
  r.start_with(1);
  r.job.conflicts.otherwise = ConflictPolicy::both;
  SyncRunner::get(r.from, 0).notes = "a b";
  SyncRunner::get(r.to, 0).notes = "b";
  r.run();
  CHECK(SyncRunner::get(r.to, 0).notes == "a b");
}

TEST_CASE("both unites lists", "[sync]") {
  SyncRunner r;
  r.start_with(1);
  r.job.conflicts.otherwise = ConflictPolicy::both;
  SyncRunner::get(r.from, 0).extra = r.make.extra({{"x.a", "1"}});
  SyncRunner::get(r.to, 0).extra = r.make.extra({{"x.b", "2"}});
  r.run();
  CHECK(SyncRunner::get(r.from, 0).extra.size() == 2);
  CHECK(SyncRunner::get(r.to, 0).extra.size() == 2);
  r.check_is_settled();
}

TEST_CASE("ask leaves both sides as they are, run after run, until they are the same", "[sync]") {
  SyncRunner r;
  make_conflict(r);
  r.job.conflicts.fields[static_cast<std::size_t>(Field::title)] = ConflictPolicy::ask;
  for (int times = 0; times < 2; ++times) {
    const RunSummary summary = r.run();
    CHECK(summary.ledger.open_conflicts == 1);
    check_titles(r, "From", "To");
    CHECK(SyncRunner::get(r.to, 0).notes == "notes of from");
    REQUIRE_FALSE(r.seen.conflicts.empty());
    CHECK(r.seen.conflicts[0].from == "From");
    CHECK(r.seen.conflicts[0].to == "To");
  }
  SyncRunner::get(r.from, 0).title = "To";
  CHECK(r.run().ledger.conflicts == 0);
  r.check_is_settled();
  SyncRunner::get(r.from, 0).title = "Another";
  r.run();
  check_titles(r, "Another", "Another");
}

TEST_CASE("a conflict that nothing resolves and that changes nothing is told all the same",
          "[sync]") {
  SyncRunner r;
  r.start_with(1);
  r.job.conflicts.otherwise = ConflictPolicy::ask;
  SyncRunner::get(r.from, 0).title = "From";
  SyncRunner::get(r.to, 0).title = "To";
  const RunSummary summary = r.run();
  CHECK_FALSE(summary.ledger.has_changes());
  CHECK(summary.ledger[Fate::unchanged] == 2);
  CHECK(r.seen.lines.size() == 1);
}

TEST_CASE("of dates that differ the earlier creation and the later visit count, without a conflict",
          "[sync]") {
  SyncRunner r;
  r.start_with(1);
  const Timestamp early{1'600'000'000, 0, Precision::second};
  const Timestamp late{1'700'000'000, 0, Precision::second};
  Bookmark& from = SyncRunner::get(r.from, 0);
  Bookmark& to = SyncRunner::get(r.to, 0);
  from.created_at = late, to.created_at = early;
  from.visited_at = early, to.visited_at = late;
  CHECK(r.run().ledger.conflicts == 0);
  CHECK(SyncRunner::get(r.from, 0).created_at == early);
  CHECK(SyncRunner::get(r.from, 0).visited_at == late);
  CHECK(SyncRunner::get(r.to, 0).created_at == early);
  r.check_is_settled();
}
