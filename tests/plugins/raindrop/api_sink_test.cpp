#include <algorithm>

#include "api_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

RaindropRow& only_row(RaindropSetup& setup) {
  REQUIRE(setup.account().rows().size() == 1);
  return setup.account().rows().begin()->second;
}

}  // namespace

TEST_CASE("bookmarks are created by hundreds, with their dates, after one look for all of them",
          "[raindrop][api][sink]") {
  RaindropSetup setup;
  BookmarkMaker make;
  const auto outcomes = write(*setup.sink(), Action::create, links(make, 1000), make.arena());
  CHECK(are_all(outcomes, Result::done));
  CHECK(setup.fake.count(Requests::create_many) == 10);
  CHECK(setup.fake.count(Requests::exists) == 1);
  CHECK(setup.fake.requests() == 11);
  REQUIRE(setup.account().rows().size() == 1000);
  for (const auto& [id, row] : setup.account().rows()) CHECK(row.created % 1000 == 347);
  CHECK(outcomes.front().id == std::to_string(setup.account().rows().begin()->first));
}

TEST_CASE("what is there already among many is found, and nothing comes twice",
          "[raindrop][api][sink]") {
  RaindropSetup setup;
  BookmarkMaker make;
  const auto all = links(make, 350);
  write(*setup.sink(), Action::create, {all[7], all[222]}, make.arena());
  auto twice = all;
  twice.push_back(all[3]);
  const auto outcomes = write(*setup.sink(), Action::create, twice, make.arena());
  CHECK(setup.account().rows().size() == 350);
  CHECK(outcomes[7].result == Result::already_so);
  CHECK(outcomes[222].result == Result::already_so);
  CHECK(outcomes[3].result == Result::done);
  CHECK(outcomes.back().result == Result::already_so);
  CHECK(outcomes.back().id == outcomes[3].id);
}

TEST_CASE("a look for many that fails is made in hundreds", "[raindrop][api][sink]") {
  RaindropSetup setup;
  setup.fake.options().most_looked_for = 100;
  BookmarkMaker make;
  const auto outcomes = write(*setup.sink(), Action::create, links(make, 350), make.arena());
  CHECK(are_all(outcomes, Result::done));
  CHECK(setup.account().rows().size() == 350);
  CHECK(setup.fake.count(Requests::exists) == 5);
}

TEST_CASE("every field is written", "[raindrop][api][sink]") {
  RaindropSetup setup;
  BookmarkMaker make;
  Bookmark b = make.link("https://a.example/?b=1#c", "A title");
  b.description = "An excerpt";
  b.notes = "A note";
  b.tags = make.texts({"zulu", "two words"});
  b.folders = make.folders({{"Work", "C++ / Qt"}});
  b.created_at = date("2024-09-03T20:06:53.347Z");
  b.favorite = Flag::yes;
  b.kind = Kind::image;
  b.cover_url = "https://a.example/cover.png";
  const Highlight highlights[] = {{"Quoted", "why", "blue", {}}, {"Plain", {}, "yellow", {}}};
  b.highlights = highlights;
  write(*setup.sink(), Action::create, {b}, make.arena());
  const RaindropRow& row = only_row(setup);
  CHECK(row.link == "https://a.example/?b=1#c");
  CHECK(row.title == "A title");
  CHECK(row.excerpt == "An excerpt");
  CHECK(row.note == "A note");
  CHECK(row.tags == Strings{"zulu", "two words"});
  CHECK(place_of(setup, row) == Strings{"Work", "C++ / Qt"});
  CHECK(row.created == moment("2024-09-03T20:06:53.347Z"));
  CHECK(row.is_important);
  CHECK(row.type == "image");
  CHECK(row.cover == "https://a.example/cover.png");
  REQUIRE(row.highlights.size() == 2);
  CHECK(row.highlights[0].note == "why");
  CHECK(row.highlights[0].color == "blue");
}

TEST_CASE("a collection is made once, below what is there", "[raindrop][api][sink]") {
  RaindropSetup setup;
  const auto work = setup.account().add_collection("Work");
  BookmarkMaker make;
  auto all = links(make, 300);
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i].folders =
        i % 2 == 0 ? make.folders({{"Work", "New", "Deep"}}) : make.folders({{"Other"}});
  CHECK(are_all(write(*setup.sink(), Action::create, all, make.arena()), Result::done));
  CHECK(setup.fake.count(Requests::make_collection) == 3);
  REQUIRE(setup.account().collections().size() == 4);
  CHECK(setup.account().children_of(work).size() == 1);
}

TEST_CASE("of siblings with the same title that one is used which has the rest of the path",
          "[raindrop][api][sink]") {
  RaindropSetup setup;
  setup.account().add_collection("Work");
  const auto twin = setup.account().add_collection("Work");
  const auto inner = setup.account().add_collection("Inner", twin);
  BookmarkMaker make;
  Bookmark b = make.link("https://a.example/");
  b.folders = make.folders({{"Work", "Inner"}});
  write(*setup.sink(), Action::create, {b}, make.arena());
  CHECK(only_row(setup).collection == inner);
  CHECK(setup.fake.count(Requests::make_collection) == 0);
}

TEST_CASE("a collection of others that can be read only is not written to",
          "[raindrop][api][sink]") {
  RaindropSetup setup;
  const auto theirs = setup.account().add_collection("Shared");
  setup.account().collections()[theirs].access = 1;
  BookmarkMaker make;
  Bookmark b = make.link("https://a.example/");
  b.folders = make.folders({{"Shared"}});
  write(*setup.sink(), Action::create, {b}, make.arena());
  CHECK(only_row(setup).collection != theirs);
  CHECK(place_of(setup, only_row(setup)) == Strings{"Shared"});
}

TEST_CASE("an empty folder becomes an empty collection, once", "[raindrop][api][sink]") {
  RaindropSetup setup;
  BookmarkMaker make;
  Folder folder;
  folder.path = make.texts({"Shelf", "Empty"});
  const auto sink = setup.sink();
  const Change change{Action::create, nullptr, &folder, {}};
  for (int i = 0; i < 2; ++i) {
    Outcome outcome;
    sink->write({&change, 1}, {&outcome, 1}, {});
    CHECK(outcome.result == Result::done);
  }
  CHECK(setup.account().collections().size() == 2);
}

TEST_CASE("what is there already under the same address is not created again",
          "[raindrop][api][sink]") {
  RaindropSetup setup;
  setup.fake.options().tells_duplicates = GENERATE(true, false);
  setup.fill(30);
  BookmarkMaker make;
  auto all = links(make, 60);
  const auto outcomes = write(*setup.sink(), Action::create, all, make.arena());
  CHECK(setup.account().rows().size() == 60);
  CHECK(std::ranges::none_of(
      outcomes, [](const Outcome& outcome) { return outcome.result == Result::failed; }));
  // It is made what was wanted.
  CHECK(setup.account().rows().begin()->second.tags.empty());
}

TEST_CASE("addresses that are the same to the service alone are two bookmarks",
          "[raindrop][api][sink]") {
  RaindropSetup setup;
  setup.account().create(fields_of("http://www.a.example/page/", "Mine"));
  BookmarkMaker make;
  const auto outcomes = write(*setup.sink(), Action::create,
                              {make.link("https://a.example/page", "Other")}, make.arena());
  CHECK(are_all(outcomes, Result::done));
  REQUIRE(setup.account().rows().size() == 2);
  CHECK(setup.account().rows().begin()->second.title == "Mine");
}

TEST_CASE("an update replaces the tags and changes highlights one by one",
          "[raindrop][api][sink]") {
  RaindropSetup setup;
  auto fields = fields_of("https://a.example/", "Old");
  fields.tags = Strings{"old", "kept"};
  fields.highlights = {
      {"", "stays", "", "red"}, {"", "changes", "", "red"}, {"", "goes", "", "red"}};
  RaindropRow& row = setup.account().create(fields);
  const std::string first = row.highlights[0].id;
  const std::string second = row.highlights[1].id;
  BookmarkMaker make;
  Bookmark b = make.link("https://a.example/", "New");
  b.tags = make.texts({"kept", "new"});
  const Highlight highlights[] = {
      {"stays", {}, "red", {}}, {"changes", "a note", "blue", {}}, {"comes", {}, "teal", {}}};
  b.highlights = highlights;
  const auto outcomes =
      write(*setup.sink(), Action::update, {b}, make.arena(), {std::to_string(row.id)});
  CHECK(are_all(outcomes, Result::done));
  CHECK(row.title == "New");
  CHECK(row.tags == Strings{"kept", "new"});
  REQUIRE(row.highlights.size() == 3);
  CHECK(row.highlights[0].id == first);
  CHECK(row.highlights[1].id == second);
  CHECK(row.highlights[1].note == "a note");
  CHECK(row.highlights[2].text == "comes");
  CHECK(setup.fake.count(Requests::update_many) == 0);
}

TEST_CASE("an update that says nothing of it leaves the type that the service found",
          "[raindrop][api][sink]") {
  RaindropSetup setup;
  auto fields = fields_of("https://a.example/", "Old");
  fields.type = "article";
  const RaindropRow& row = setup.account().create(fields);
  BookmarkMaker make;
  write(*setup.sink(), Action::update, {make.link("https://a.example/", "New")}, make.arena(),
        {std::to_string(row.id)});
  CHECK(row.type == "article");
  CHECK(setup.fake.requests() == 1);
}

TEST_CASE("an update of what is gone fails and changes nothing", "[raindrop][api][sink]") {
  RaindropSetup setup;
  BookmarkMaker make;
  const auto outcomes = write(*setup.sink(), Action::update, {make.link("https://a.example/")},
                              make.arena(), {"4711"});
  CHECK(are_all(outcomes, Result::failed));
  CHECK(setup.account().rows().empty());
}

TEST_CASE("one bookmark that is refused does not keep the others of its call from being made",
          "[raindrop][api][sink]") {
  RaindropSetup setup;
  BookmarkMaker make;
  auto all = links(make, 100);
  // What `represent` would never let through.
  const std::string too_long(20'000, 'x');
  all[41].notes = make.arena().copy(std::string_view(too_long));
  std::vector<Change> changes;
  for (const Bookmark& b : all) changes.push_back({Action::create, &b, nullptr, {}});
  std::vector<Outcome> outcomes(changes.size());
  setup.sink()->write(changes, outcomes, {});
  CHECK(outcomes[41].result == Result::rejected);
  CHECK_THAT(outcomes[41].reason, Catch::Contains("note is too long"));
  CHECK(std::ranges::count(outcomes, Result::done, &Outcome::result) == 99);
  CHECK(setup.account().rows().size() == 99);
}

TEST_CASE("what is removed goes to Trash, a hundred of a collection in one call",
          "[raindrop][api][sink][remove]") {
  RaindropSetup setup;
  setup.fill(150);
  Strings ids = all_ids(setup);
  ids.resize(120);
  CHECK(are_all(remove(setup, ids), Result::done));
  CHECK(setup.account().list(0, "created").size() == 30);
  CHECK(setup.account().list(-99, "created").size() == 120);
  CHECK(setup.fake.requests() == 2);
  CHECK(setup.fake.calls_on_all() == 0);
}

TEST_CASE("what is removed for good is in no Trash, and what else is there stays",
          "[raindrop][api][sink][remove]") {
  RaindropSetup setup;
  setup.fill(10);
  setup.options["permanent"] = "true";
  const auto other = setup.account().create(fields_of("https://dropped.example/")).id;
  Strings ids = all_ids(setup);
  ids.pop_back();
  setup.account().remove(other);
  CHECK(are_all(remove(setup, ids), Result::done));
  REQUIRE(setup.account().rows().size() == 1);
  CHECK(setup.account().rows().begin()->first == other);
  CHECK(setup.fake.calls_on_all() == 0);
}

TEST_CASE("what is gone, in Trash, or moved elsewhere meanwhile is removed all the same",
          "[raindrop][api][sink][remove]") {
  RaindropSetup setup;
  setup.fill(4);
  const Strings ids = all_ids(setup);
  const auto sink = setup.sink();
  contract::read_all(*sink->existing(), 256);
  RaindropAccount& account = setup.account();
  account.rows().erase(std::stoll(ids[0]));
  account.remove(std::stoll(ids[1]));
  account.find(std::stoll(ids[2]))->collection = account.add_collection("Elsewhere");
  BookmarkMaker make;
  const Bookmark b = make.link("https://site.example/");
  std::vector<Change> changes;
  for (const std::string& id : ids) changes.push_back({Action::remove, &b, nullptr, id});
  std::vector<Outcome> outcomes(changes.size());
  sink->write(changes, outcomes, {});
  CHECK(outcomes[0].result == Result::already_so);
  // Which of those in Trash the call has moved is not said: all were outside when they were listed.
  CHECK(outcomes[1].result == Result::done);
  CHECK(outcomes[2].result == Result::done);
  CHECK(outcomes[3].result == Result::done);
  CHECK(account.list(0, "created").empty());
  CHECK(account.list(-99, "created").size() == 3);
}

TEST_CASE("what was in Trash before anything was sent is none of the run's doing",
          "[raindrop][api][sink][remove]") {
  RaindropSetup setup;
  setup.fill(1);
  const Strings ids = all_ids(setup);
  setup.account().remove(std::stoll(ids[0]));
  CHECK(are_all(remove(setup, ids), Result::already_so));
  CHECK(setup.fake.writes() == 0);
}

TEST_CASE("a removal whose answer is lost is done, so that it can be undone, and not for good",
          "[raindrop][api][sink][remove][faults]") {
  RaindropSetup setup;
  setup.fill(20);
  const Strings ids = all_ids(setup);
  const auto sink = setup.sink();
  contract::read_all(*sink->existing(), 256);
  setup.fake.options().faults = {.lost = GENERATE(2u, 3u)};
  BookmarkMaker make;
  const Bookmark b = make.link("https://site.example/");
  std::vector<Change> changes;
  for (const std::string& id : ids) changes.push_back({Action::remove, &b, nullptr, id});
  std::vector<Outcome> outcomes(changes.size());
  sink->write(changes, outcomes, {});
  CHECK(are_all(outcomes, Result::done));
  CHECK(setup.account().list(-99, "created").size() == 20);
}

TEST_CASE("a call on many without ids cannot be made", "[raindrop][api][sink]") {
  CHECK_THROWS_AS(raindrop::ids_member({}), Failure);
  const std::int64_t ids[] = {1, 22};
  CHECK(raindrop::ids_member(ids) == "\"ids\":[1,22]");
}

TEST_CASE("an account goes into another one, and a second run writes nothing",
          "[raindrop][api][sink][run]") {
  RaindropSetup setup;
  setup.fill(300, "from");
  RaindropAccount& from = setup.account("from");
  const auto work = from.add_collection("Work");
  const auto inner = from.add_collection("Inner", work);
  from.add_collection("Empty");
  auto fields = fields_of("https://marked.example/", "Marked");
  fields.collection = inner;
  fields.important = true;
  fields.highlights = {{"", "Quoted", "why", "blue"}};
  from.create(fields);
  const RunSummary first = run_into(setup, setup.source("from"), {}, "to");
  CHECK(first.ledger[Fate::created] == 301);
  CHECK(setup.account("to").rows().size() == 301);
  CHECK(setup.account("to").collections().size() == 3);
  CHECK_FALSE(first.has_failures);
  setup.fake.forget_counts();
  const RunSummary second = run_into(setup, setup.source("from"), {}, "to");
  CHECK(second.ledger[Fate::unchanged] == 301);
  CHECK(second.ledger.folders_created == 0);
  CHECK(setup.fake.writes() == 0);
}

TEST_CASE("what was changed in Raindrop after the source was is newer, however old it is",
          "[raindrop][api][sink][run]") {
  RaindropSetup setup;
  setup.fill(1, "from");
  setup.account("from").rows().begin()->second.updated = moment("2020-01-01T00:00:00Z");
  auto mine = fields_of("https://site.example/0/", "Mine");
  mine.created = moment("2015-01-01T00:00:00Z");
  RaindropRow& row = setup.account("to").create(mine);
  const bool is_newer = GENERATE(true, false);
  row.updated = moment(is_newer ? "2021-01-01T00:00:00Z" : "2019-01-01T00:00:00Z");
  Job job;
  job.on_match = OnMatch::newer;
  const RunSummary summary = run_into(setup, setup.source("from"), job, "to");
  CHECK(summary.ledger[Fate::updated] == (is_newer ? 0 : 1));
  CHECK((setup.account("to").rows().begin()->second.title == "Mine") == is_newer);
}

TEST_CASE("after an update a second run writes nothing, whatever happens to what matches",
          "[raindrop][api][sink][run]") {
  const OnMatch on_match =
      GENERATE(OnMatch::fill, OnMatch::merge, OnMatch::newer, OnMatch::overwrite);
  RaindropSetup setup;
  setup.fill(20, "from");
  for (int i = 0; i < 10; ++i) {
    auto bare = fields_of("https://site.example/" + std::to_string(i) + "/");
    bare.created = moment("2015-01-01T00:00:00Z");
    setup.account("to").create(bare).updated = moment("2016-01-01T00:00:00Z");
  }
  Job job;
  job.on_match = on_match;
  const RunSummary first = run_into(setup, setup.source("from"), job, "to");
  CHECK(first.ledger[Fate::updated] == 10);
  CHECK(first.ledger[Fate::created] == 10);
  CHECK(setup.account("to").rows().size() == 20);
  setup.fake.forget_counts();
  const RunSummary second = run_into(setup, setup.source("from"), job, "to");
  CHECK(second.ledger[Fate::unchanged] == 20);
  CHECK(setup.fake.writes() == 0);
}
