// Updates, and what may not be written.

#include <functional>

#include "api_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

/// Reads what there is, lets `meanwhile` happen, and gives all that was read another tag.
std::vector<Outcome> retag(RaindropSetup& setup, const std::function<void()>& meanwhile = {}) {
  const auto sink = setup.sink();
  const auto listing = contract::read_all(*sink->existing(), 256);
  if (meanwhile) meanwhile();
  BookmarkMaker make;
  std::vector<Bookmark> wanted;
  Strings ids;
  for (const Bookmark* held : listing.bookmarks()) {
    wanted.push_back(*held);
    wanted.back().tags = make.texts({"new"});
    ids.emplace_back(held->origin->id);
  }
  return write(*sink, Action::update, wanted, make.arena(), ids);
}

RaindropRow& add_to(RaindropSetup& setup, const char* url, std::int64_t collection) {
  auto fields = fields_of(url, "A page");
  fields.collection = collection;
  return setup.account().create(fields);
}

bool is_changing(const SeenRequest& request, const std::string& part) {
  return request.method != "GET" && (request.path() + request.body).find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an update of something else leaves a bookmark in its collection, whichever it is",
          "[raindrop][api][sink][update]") {
  RaindropSetup setup;
  RaindropAccount& account = setup.account();
  const auto work = account.add_collection("Work");
  const auto twin = account.add_collection("Work");
  const auto untitled = account.add_collection("", work);
  const auto theirs = account.add_collection("Shared");
  account.collections()[theirs].access = 1;
  const std::map<std::string, std::int64_t> places = {{"https://twin.example/", twin},
                                                      {"https://untitled.example/", untitled},
                                                      {"https://unlisted.example/", 4711},
                                                      {"https://theirs.example/", theirs},
                                                      {"https://unsorted.example/", -1}};
  for (const auto& [url, place] : places) add_to(setup, url.c_str(), place);
  CHECK(are_all(retag(setup), Result::done));
  for (const auto& [id, row] : account.rows()) {
    INFO(row.link);
    CHECK(row.tags == Strings{"new"});
    CHECK(row.collection == places.at(row.link));
  }
  CHECK(setup.fake.count(Requests::make_collection) == 0);
  CHECK(setup.fake.count(Requests::update) == places.size());
}

TEST_CASE("an update moves a bookmark whose folder is another one, by one request",
          "[raindrop][api][sink][update]") {
  RaindropSetup setup;
  const auto work = setup.account().add_collection("Work");
  const RaindropRow& row = add_to(setup, "https://a.example/", work);
  const auto sink = setup.sink();
  contract::read_all(*sink->existing(), 256);
  BookmarkMaker make;
  Bookmark b = make.link("https://a.example/", "A page");
  b.folders = make.folders({{"Elsewhere"}});
  CHECK(are_all(write(*sink, Action::update, {b}, make.arena(), {std::to_string(row.id)}),
                Result::done));
  CHECK(place_of(setup, row) == Strings{"Elsewhere"});
  CHECK(setup.fake.count(Requests::update) == 1);
  b.folders = {};
  CHECK(are_all(write(*sink, Action::update, {b}, make.arena(), {std::to_string(row.id)}),
                Result::done));
  CHECK(row.collection == -1);
  // A sink that has not read anything does so, too.
  b.folders = make.folders({{"Work"}});
  CHECK(are_all(write(*setup.sink(), Action::update, {b}, make.arena(), {std::to_string(row.id)}),
                Result::done));
  CHECK(row.collection == work);
}

TEST_CASE("an update does not fetch out of Trash what was put there meanwhile",
          "[raindrop][api][sink][update]") {
  RaindropSetup setup;
  const auto work = setup.account().add_collection("Work");
  const RaindropRow& row = add_to(setup, "https://a.example/", GENERATE_COPY(work, -1));
  const auto outcomes = retag(setup, [&] { setup.account().remove(row.id); });
  CHECK(are_all(outcomes, Result::failed));
  CHECK(row.collection == -99);
}

TEST_CASE("what may not be changed is rejected, and what comes after it is written",
          "[raindrop][api][sink][forbidden]") {
  RaindropSetup setup;
  setup.fill(3);
  const Strings ids = all_ids(setup);
  setup.fake.options().forbids = [&](const SeenRequest& request) {
    return is_changing(request, "/raindrop/" + ids[1]);
  };
  const auto outcomes = retag(setup);
  CHECK(outcomes[0].result == Result::done);
  CHECK(outcomes[1].result == Result::rejected);
  CHECK_THAT(outcomes[1].reason, Catch::Contains("access denied"));
  CHECK(outcomes[2].result == Result::done);
}

TEST_CASE("what may not be removed is rejected, and what is elsewhere is removed",
          "[raindrop][api][sink][forbidden]") {
  RaindropSetup setup;
  const auto theirs = setup.account().add_collection("Shared");
  add_to(setup, "https://theirs.example/", theirs);
  add_to(setup, "https://mine.example/", -1);
  setup.fake.options().forbids = [&](const SeenRequest& request) {
    return is_changing(request, "/raindrops/" + std::to_string(theirs));
  };
  const auto outcomes = remove(setup, all_ids(setup));
  CHECK(outcomes[0].result == Result::rejected);
  CHECK(outcomes[1].result == Result::done);
}

TEST_CASE("one bookmark whose creation is forbidden is found and rejected",
          "[raindrop][api][sink][forbidden]") {
  RaindropSetup setup;
  BookmarkMaker make;
  auto all = links(make, 100);
  setup.fake.options().forbids = [&](const SeenRequest& request) {
    return request.path().find("/raindrop") != std::string::npos &&
           is_changing(request, "\"https://site.example/41\"");
  };
  const auto outcomes = write(*setup.sink(), Action::create, all, make.arena());
  CHECK(outcomes[41].result == Result::rejected);
  CHECK(std::ranges::count(outcomes, Result::done, &Outcome::result) == 99);
}

TEST_CASE("a token that may create nothing ends the run after a few",
          "[raindrop][api][sink][forbidden]") {
  RaindropSetup setup;
  BookmarkMaker make;
  setup.fake.options().forbids = [](const SeenRequest& request) {
    return is_changing(request, "/raindrop");
  };
  try {
    write(*setup.sink(), Action::create, links(make, 100), make.arena());
    FAIL("it went on");
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::authentication);
  }
  CHECK(setup.fake.requests() < 40);
}
