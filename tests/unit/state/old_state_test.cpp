#include <cstdio>

#include "state/database.hpp"
#include "state/history.hpp"
#include "state/job_lock.hpp"
#include "state/job_state.hpp"
#include "state/state_care.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry;

namespace {

using Poco::Data::Keywords::into;
using Poco::Data::Keywords::now;

constexpr Key created{1, 2};
constexpr Key marked{3, 4};

JournalEntry entry_of(Action action, const Key& key) {
  JournalEntry entry;
  entry.action = action;
  entry.key = key;
  entry.after = {77, 0};
  return entry;
}

/// A run that was killed: of one creation it is not known whether it arrived, of another it is.
std::int64_t leave_killed_run(const std::filesystem::path& file) {
  StateStore store(file);
  JobState state(store, "job", "i1");
  const std::int64_t run = state.begin("mirror", 1'700'000'000);
  JournalEntry done = entry_of(Action::create, {5, 6});
  state.open({&done, 1}, true);
  const Outcome outcome{Result::done, "17", {}};
  state.close({&outcome, 1}, true);
  const JournalEntry open[] = {entry_of(Action::create, created), entry_of(Action::update, marked),
                               entry_of(Action::remove, {7, 8})};
  state.open(open, true);
  return run;
}

/// Makes the tables those of an older version.
void make_older(const std::filesystem::path& file, int version) {
  StateStore store(file);
  auto& session = store.database().session();
  if (version <= 3) session << "ALTER TABLE journal DROP COLUMN quarantine", now;
  if (version <= 2) session << "ALTER TABLE journal DROP COLUMN endpoint", now;
  if (version <= 2) session << "DROP TABLE bases", now;
  session << "PRAGMA user_version = " + std::to_string(version), now;
}

/// Breaks a table that a repair can do without. A session of its own leaves the tables old.
void damage(const std::filesystem::path& file) {
  int page = 0;
  int size = 0;
  {
    Poco::Data::Session session("SQLite", file.string());
    session << "INSERT INTO checkpoints VALUES ('job', 'in', 'digest', '7', 1)", now;
    session << "SELECT rootpage FROM sqlite_master WHERE name = 'checkpoints'", into(page), now;
    session << "PRAGMA page_size", into(size), now;
  }
  std::FILE* const stream = std::fopen(file.c_str(), "r+b");
  REQUIRE(stream != nullptr);
  std::fseek(stream, static_cast<long>(page - 1) * size, SEEK_SET);
  const std::string garbage(static_cast<std::size_t>(size), '\x7F');
  std::fwrite(garbage.data(), 1, garbage.size(), stream);
  std::fclose(stream);
}

void check_killed_run_is_known(const std::filesystem::path& file) {
  StateStore store(file);
  JobState state(store, "job", "i1");
  const Link* const pending = state.links().find(created);
  REQUIRE(pending != nullptr);
  CHECK(pending->is_pending);
  const Link* const arrived = state.links().find({5, 6});
  REQUIRE(arrived != nullptr);
  CHECK(arrived->is_owned);
  CHECK(arrived->sink_id == "17");
}

}  // namespace

TEST_CASE("the state of an older version is read on, with what a killed run has left open",
          "[state][migration]") {
  const test::Folder folder;
  const auto file = folder.path() / "state.db";
  leave_killed_run(file);
  make_older(file, GENERATE(2, 3));
  check_killed_run_is_known(file);
  StateStore store(file);
  int version = 0;
  store.database().session() << "PRAGMA user_version", into(version), now;
  CHECK(version == StateStore::version);
}

TEST_CASE("a repair keeps the journal, of an older version too", "[state][repair]") {
  const test::Folder folder;
  const auto file = folder.path() / "state.db";
  leave_killed_run(file);
  const int version = GENERATE(2, 3, StateStore::version);
  if (version < StateStore::version) make_older(file, version);
  damage(file);
  const Repair repair = repair_state(file);
  CHECK(repair.was_damaged);
  CHECK(repair.runs == 1);
  check_killed_run_is_known(file);
}

TEST_CASE("a repair is no matter of names, and of one that was killed nothing is left",
          "[state][repair]") {
  const test::Folder folder;
  const auto file = folder.path() / "newer" / "state.db";
  leave_killed_run(file);
  damage(file);
  folder.write("newer/state.db.repaired", "half of a file");
  const Repair repair = repair_state(file);
  CHECK(repair.was_damaged);
  CHECK(repair.runs == 1);
  CHECK(std::filesystem::exists(repair.aside));
  CHECK_FALSE(folder.has("newer/state.db.repaired"));
  CHECK_FALSE(repair_state(file).was_damaged);
  check_killed_run_is_known(file);
}

TEST_CASE("history tells what a run that did not end has written", "[state][history]") {
  const test::Folder folder;
  const auto file = folder.path() / "state.db";
  const std::int64_t run = leave_killed_run(file);
  StateStore store(file);
  SECTION("since it was killed") {
    const auto past = History(store).find(run);
    REQUIRE(past);
    CHECK(past->outcome == RunOutcome::running);
    CHECK(past->created == 1);
    CHECK(past->updated == 0);
    CHECK(past->unsure == 3);
  }
  SECTION("since it failed") {
    JobState state(store, "job", "i1");
    const std::int64_t failed = state.begin("mirror", 1'700'000'100);
    const JournalEntry entries[] = {
        entry_of(Action::update, {11, 1}), entry_of(Action::update, {12, 1}),
        entry_of(Action::remove, {13, 1}), entry_of(Action::create, {14, 1})};
    state.open(entries, true);
    const Outcome outcomes[] = {{Result::done, {}, {}},
                                {Result::done, {}, {}},
                                {Result::done, {}, {}},
                                {Result::rejected, {}, "no"}};
    state.close(outcomes, true);
    state.finish(RunOutcome::failed, {}, "the service does not answer", StoredLinks::not_seen);
    const auto past = History(store).runs("job", 10);
    REQUIRE(past.size() == 2);
    CHECK(past[0].id == failed);
    CHECK(past[0].created == 0);
    CHECK(past[0].updated == 2);
    CHECK(past[0].deleted == 1);
    CHECK(past[0].unsure == 0);
    CHECK(past[1].created == 1);
  }
}

TEST_CASE("runs that have changed nothing push none out that can be taken back",
          "[state][history][undo]") {
  const test::Folder folder;
  StateStore store(folder.path() / "state.db");
  const auto run = [&](RunOutcome how, bool changes) {
    JobState state(store, "job", "i1");
    const std::int64_t number = state.begin("copy", 100);
    const JournalEntry entry = entry_of(Action::create, created);
    if (changes) {
      state.open({&entry, 1}, true);
      const Outcome outcome{Result::done, "17", {}};
      state.close({&outcome, 1}, true);
    }
    state.finish(how, {}, "", StoredLinks::not_seen);
    return number;
  };
  const std::int64_t first = run(RunOutcome::done, true);
  for (int i = 0; i < 60; ++i) run(RunOutcome::done, false);
  for (int i = 0; i < 60; ++i) run(RunOutcome::failed, false);
  CHECK(History(store).entries_to_undo(first).size() == 1);
  for (int i = 0; i < 99; ++i) run(RunOutcome::done, true);
  CHECK(History(store).entries_to_undo(first).size() == 1);
  run(RunOutcome::done, true);
  CHECK_THROWS_AS(History(store).entries_to_undo(first), Failure);
}

TEST_CASE(
    "of runs that were stopped or killed a schedule knows nothing, and a wrong clock is forgotten",
    "[state][history]") {
  const test::Folder folder;
  StateStore store(folder.path() / "state.db");
  const auto run = [&](const char* identity, const char* kind, std::int64_t at, RunOutcome how) {
    JobState state(store, "job", identity);
    state.begin(kind, at);
    state.finish(how, {}, "", StoredLinks::not_seen);
  };
  CHECK_FALSE(History(store).last_start("job", "i1"));
  run("i1", "copy", 100, RunOutcome::failed);
  run("i1", "copy", 200, RunOutcome::interrupted);
  run("i1", "undo", 300, RunOutcome::done);
  run("i2", "copy", 400, RunOutcome::done);
  CHECK(History(store).last_start("job", "i1") == 100);
  CHECK(History(store).last_start("job", "i2") == 400);
  CHECK_FALSE(History(store).last_start("other", "i1"));
  run("i1", "copy", 90, RunOutcome::failed);
  CHECK(History(store).last_start("job", "i1") == 90);
  JobState(store, "job", "i1").begin("copy", 500);
  CHECK(History(store).last_start("job", "i1") == 90);
}

TEST_CASE("whoever shares a lock keeps out only who wants to be alone", "[state][lock]") {
  const test::Folder folder;
  const auto take = [&](JobLock::Sharing sharing) {
    return JobLock(folder.path() / "locks", "state", "the state", sharing);
  };
  const auto is_locked = [&](JobLock::Sharing sharing) {
    try {
      take(sharing);
      return false;
    } catch (const Failure& failure) {
      CHECK(failure.kind() == FailureKind::locked);
      CHECK_THAT(failure.what(), Catch::Contains("the state is busy: process "));
      return true;
    }
  };
  using Sharing = JobLock::Sharing;
  {
    const JobLock one = take(Sharing::with_others);
    CHECK_FALSE(is_locked(Sharing::with_others));
    CHECK(is_locked(Sharing::alone));
  }
  const JobLock alone = take(Sharing::alone);
  CHECK(is_locked(Sharing::with_others));
  CHECK(is_locked(Sharing::alone));
}
