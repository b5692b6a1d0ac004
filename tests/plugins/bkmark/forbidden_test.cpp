// What is answered by 403: one bookmark, or everything.

#include "bkmark_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

/// The ids of all that there is, after a sink has read it.
std::vector<std::string> ids_of(BkmarkSetup& setup) {
  std::vector<std::string> ids;
  for (const BkmarkRow& row : setup.library().rows()) ids.push_back(row.id);
  return ids;
}

/// Gives everything another tag and another title.
std::vector<Outcome> change_all(BkmarkSetup& setup, bool has_title = true) {
  const auto sink = setup.sink();
  const auto listing = setup.read(*sink->existing());
  std::vector<Bookmark> wanted;
  std::vector<Change> changes;
  for (const Bookmark* held : listing.bookmarks()) {
    wanted.push_back(*held);
    if (has_title) wanted.back().title = "New";
    wanted.back().tags = setup.make.texts({held->tags.front(), "x"});
  }
  for (const Bookmark& b : wanted) changes.push_back({Action::update, &b, nullptr, b.origin->id});
  return write(*sink, changes);
}

}  // namespace

TEST_CASE("what may not be changed is rejected, and what comes after it is written",
          "[bkmark][sink][forbidden]") {
  BkmarkSetup setup;
  setup.fill(3);
  const auto ids = ids_of(setup);
  const std::string method = GENERATE("PATCH", "POST");
  setup.fake.options().forbids = [&](const SeenRequest& request) {
    return request.method == method && request.path().find(ids[1]) != std::string::npos;
  };
  const auto outcomes = change_all(setup);
  CHECK(outcomes[0].result == Result::done);
  CHECK(outcomes[1].result == Result::rejected);
  CHECK_THAT(outcomes[1].reason, Catch::Contains("that is not yours"));
  CHECK(outcomes[2].result == Result::done);
}

TEST_CASE("a bulk action that is forbidden is done one by one", "[bkmark][sink][forbidden][bulk]") {
  BkmarkSetup setup;
  setup.fill(3);
  setup.fake.options().forbids = [](const SeenRequest& request) {
    return request.path().ends_with("/bulk");
  };
  for (const Outcome& outcome : change_all(setup, false)) CHECK(outcome.result == Result::done);
  for (const BkmarkRow& row : setup.library().rows()) CHECK(row.tags.size() == 2);
}

TEST_CASE("one bookmark whose creation is forbidden is rejected", "[bkmark][sink][forbidden]") {
  BkmarkSetup setup;
  setup.fake.options().forbids = [](const SeenRequest& request) {
    return request.body.find("https://site.example/4\"") != std::string::npos;
  };
  std::vector<Bookmark> all;
  for (int i = 0; i < 9; ++i)
    all.push_back(setup.make.link("https://site.example/" + std::to_string(i), "Page"));
  const RunSummary summary = setup.run(all);
  CHECK(summary.ledger[Fate::created] == 8);
  CHECK(setup.library().rows().size() == 8);
}

TEST_CASE("a token that may create nothing ends the run after a few", "[bkmark][sink][forbidden]") {
  BkmarkSetup setup;
  setup.fake.options().forbids = [](const SeenRequest& request) {
    return request.method == "POST";
  };
  std::vector<Bookmark> all;
  for (int i = 0; i < 50; ++i)
    all.push_back(setup.make.link("https://site.example/" + std::to_string(i), "Page"));
  try {
    setup.run(all);
    FAIL("it went on");
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::authentication);
    CHECK_THAT(failure.what(), Catch::Contains("Authentication"));
  }
  CHECK(setup.fake.requests() < 20);
}
