#include "bkmark_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Requests = FakeBkmark::Kind;

namespace {

std::vector<Absence> look_up(Source& source, const std::vector<std::string>& ids) {
  const std::vector<Text> views(ids.begin(), ids.end());
  std::vector<Absence> absences(ids.size());
  source.look_up(views, absences, {});
  return absences;
}

}  // namespace

TEST_CASE("what is in trash, and what is nowhere, was removed by the person", "[bkmark][look_up]") {
  const bool get_shows_trash = GENERATE(true, false);
  BkmarkSetup setup(FakeBkmark::Options{.get_shows_trash = get_shows_trash});
  const std::string present = setup.add("https://a.example/").id;
  BkmarkRow trashed;
  trashed.url = "https://b.example/";
  trashed.is_in_trash = true;
  const std::string in_trash = setup.library().add(trashed).id;
  const auto found = look_up(*setup.source(), {in_trash, present, "00000000-no-such"});
  CHECK(found == std::vector{Absence::removed, Absence::present, Absence::removed});
}

TEST_CASE("what fell out of a view is present", "[bkmark][look_up][filter]") {
  BkmarkSetup setup;
  setup.options["favorite"] = "true";
  BkmarkRow row;
  row.url = "https://a.example/";
  row.is_archived = true;
  const std::string id = setup.library().add(row).id;
  const auto source = setup.source();
  CHECK(setup.read(*source).bookmarks().empty());
  CHECK(look_up(*source, {id}) == std::vector{Absence::present});
}

TEST_CASE("many are looked up by one reading", "[bkmark][look_up]") {
  BkmarkSetup setup(FakeBkmark::Options{.list_has_archived = false});
  setup.fill(120, 7);
  std::vector<std::string> ids;
  for (const BkmarkRow& row : setup.library().rows()) ids.push_back(row.id);
  ids.emplace_back("nowhere");
  const auto found = look_up(*setup.source(), ids);
  CHECK(std::count(found.begin(), found.end(), Absence::present) == 120);
  CHECK(found.back() == Absence::removed);
  CHECK(setup.fake.count(Requests::get) == 0);
  CHECK(setup.fake.requests() < 6);
}

TEST_CASE("an answer that does not come is no absence", "[bkmark][look_up][faults]") {
  BkmarkSetup setup;
  const auto source = setup.source();
  setup.fake.options().token = "another";
  CHECK_THROWS_AS(look_up(*source, {"x"}), Failure);
}

TEST_CASE("of what may not be looked at nobody knows where it is", "[bkmark][look_up][forbidden]") {
  BkmarkSetup setup;
  const std::string first = setup.add("https://a.example/").id;
  const std::string second = setup.add("https://b.example/").id;
  setup.fake.options().forbids = [&](const SeenRequest& request) {
    return request.path().ends_with(first);
  };
  const auto found = look_up(*setup.source(), {first, second});
  CHECK(found == std::vector{Absence::unknown, Absence::present});
}

TEST_CASE("a library that may not be read is a matter of the token", "[bkmark][forbidden]") {
  BkmarkSetup setup;
  setup.fill(3);
  const std::string part = GENERATE("/bookmarks", "/trash-count");
  setup.fake.options().forbids = [&](const SeenRequest& request) {
    return request.path().ends_with(part);
  };
  try {
    const auto source = setup.source();
    setup.read(*source);
    look_up(*source, {"x"});
    FAIL("it was read");
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::authentication);
    CHECK_THAT(failure.what(), Catch::Contains("Authentication"));
  }
}
