#include "state/database.hpp"
#include "state/job_state.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry;

namespace {

std::filesystem::path file_in(const test::Folder& folder) { return folder.path() / "state.db"; }

SyncBase base_with(Print title) {
  SyncBase base;
  base.prints[0][static_cast<std::size_t>(Field::title)] = title;
  return base;
}

/// A run that changes the bases as it likes.
template <class Change>
void run(const test::Folder& folder, std::string_view identity, Change&& change) {
  StateStore store(file_in(folder));
  JobState state(store, "both", identity);
  state.begin("sync", 1'700'000'000);
  change(state.bases());
  state.finish(RunOutcome::done, {}, "", StoredLinks::yes);
}

}  // namespace

TEST_CASE("what a sync remembers of its links is there at the next one", "[state][sync]") {
  const test::Folder folder;
  run(folder, "i1", [](BaseTable& bases) {
    for (std::uint64_t i = 0; i < 500; ++i) bases.put({i, 1}, base_with(static_cast<Print>(i)));
  });
  run(folder, "i1", [](BaseTable& bases) {
    REQUIRE(bases.size() == 500);
    bases.drop(*bases.find({7, 1}));
    bases.put({8, 1}, base_with(99));
  });
  run(folder, "i1", [](BaseTable& bases) {
    CHECK(bases.size() == 499);
    CHECK_FALSE(bases.find({7, 1}));
    CHECK(bases.base_of(*bases.find({8, 1})).prints == base_with(99).prints);
    CHECK(bases.base_of(*bases.find({9, 1})).prints == base_with(9).prints);
  });
}

TEST_CASE("under another identity a sync remembers nothing of what both sides held",
          "[state][sync]") {
  const test::Folder folder;
  run(folder, "i1", [](BaseTable& bases) { bases.put({1, 1}, base_with(1)); });
  run(folder, "i2", [](BaseTable& bases) { CHECK(bases.size() == 0); });
  run(folder, "i1", [](BaseTable& bases) { CHECK(bases.size() == 0); });
}

TEST_CASE("what a sync knew before something else had its turn is forgotten for good",
          "[state][sync]") {
  const test::Folder folder;
  const auto end = [&](const char* identity, const char* kind, RunOutcome how, bool writes) {
    StateStore store(file_in(folder));
    JobState state(store, "both", identity);
    state.begin(kind, 1'700'000'000);
    const JournalEntry entry;
    if (writes) state.open({&entry, 1}, true);
    const bool has_ended = how == RunOutcome::done;
    state.finish(how, {}, "", has_ended ? StoredLinks::yes : StoredLinks::not_seen);
  };
  const auto known = [&] {
    StateStore store(file_in(folder));
    return JobState(store, "both", "i1").bases().size();
  };
  run(folder, "i1", [](BaseTable& bases) { bases.put({1, 1}, base_with(1)); });
  end("i1", "undo", RunOutcome::done, true);
  end("i2", "sync", RunOutcome::blocked, false);
  end("i2", "sync", RunOutcome::failed, false);
  CHECK(known() == 1);
  SECTION("a run under another identity") { end("i2", "sync", RunOutcome::done, false); }
  SECTION("one that was killed on its way") { end("i2", "sync", RunOutcome::interrupted, true); }
  SECTION("a copy") { end("i1", "copy", RunOutcome::done, false); }
  CHECK(known() == 0);
  end("i1", "sync", RunOutcome::failed, true);
  CHECK(known() == 0);
  run(folder, "i1", [](BaseTable& bases) { bases.put({2, 2}, base_with(2)); });
  CHECK(known() == 1);
}

TEST_CASE("back under an identity that it had, a job knows what is its own, and only once",
          "[state]") {
  const test::Folder folder;
  const auto links_after = [&](const char* identity, std::uint64_t number) {
    StateStore store(file_in(folder));
    JobState state(store, "job", identity);
    state.begin("mirror", 1'700'000'000);
    state.links().put({number, 1}, {"in", "", ""}, true);
    state.finish(RunOutcome::done, {}, "", StoredLinks::yes);
    int count = 0;
    store.database().session() << "SELECT count(*) FROM links JOIN jobs ON jobs.id = links.job "
                                  "WHERE identity = '" +
                                      std::string(identity) + "'",
        Poco::Data::Keywords::into(count), Poco::Data::Keywords::now;
    return count;
  };
  const std::string sink(32, 's');
  const std::string first = sink + "1";
  const std::string second = sink + "2";
  CHECK(links_after(first.c_str(), 1) == 1);
  CHECK(links_after(second.c_str(), 2) == 2);
  CHECK(links_after(first.c_str(), 3) == 3);
  StateStore store(file_in(folder));
  JobState state(store, "job", first);
  CHECK(state.links().is_evidence());
  CHECK(state.links().size() == 3);
  CHECK_FALSE(JobState(store, "job", second).links().is_evidence());
}
