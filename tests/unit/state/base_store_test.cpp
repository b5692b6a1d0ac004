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
  run(folder, "i1", [](BaseTable& bases) { CHECK(bases.size() == 1); });
}
