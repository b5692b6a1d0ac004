// What the page of Bkmark's API leaves open, in either answer; sources have theirs beside them.

#include "bkmark_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Requests = FakeBkmark::Kind;
using Strings = std::vector<std::string>;

namespace {

Bookmark tagged(BookmarkMaker& make, const char* url) {
  Bookmark b = make.link(url, "New");
  b.description = "New description";
  b.tags = make.texts({"new"});
  return b;
}

}  // namespace

TEST_CASE("a duplicate that the engine did not see is found and added to, never made twice",
          "[bkmark][open][duplicates]") {
  const auto errors = GENERATE(FakeBkmark::ErrorShape::code, FakeBkmark::ErrorShape::error,
                               FakeBkmark::ErrorShape::nested, FakeBkmark::ErrorShape::bare);
  const bool names_id = GENERATE(true, false);
  const bool was_read = GENERATE(true, false);
  BkmarkSetup setup(FakeBkmark::Options{
      .compares_loosely = true, .errors = errors, .conflict_names_id = names_id});
  BkmarkRow old;
  old.url = "http://A.example";
  old.title = "Old";
  old.tags = {"old"};
  old.is_archived = true;
  const std::string id = setup.library().add(old).id;
  const auto sink = setup.sink();
  if (was_read) read_existing(*sink);
  const Outcome outcome =
      create(*sink, tagged(setup.make, "https://a.example/"), setup.make.arena());
  INFO(outcome.reason);
  // It is the person's: a mirror must not take it for linkferry's own.
  CHECK(outcome.result == Result::already_so);
  CHECK(outcome.id == id);
  REQUIRE(setup.library().rows().size() == 1);
  const BkmarkRow row = setup.library().rows().front();
  CHECK(row.title == "Old");
  CHECK(row.description == "New description");
  CHECK(row.tags.size() == 2);
  CHECK(row.is_archived);
  for (const SeenRequest& request : setup.fake.server().requests())
    CHECK(request.body.find("force") == std::string::npos);
}

TEST_CASE("a duplicate that the engine did not see is read if the new one was, and not archived",
          "[bkmark][open][duplicates]") {
  BkmarkSetup setup(FakeBkmark::Options{.compares_loosely = true});
  setup.add("http://A.example", "Old");
  Bookmark b = tagged(setup.make, "https://a.example/");
  b.unread = Flag::no;
  b.read_at = date("2020-01-02T03:04:05Z");
  b.archived = Flag::yes;
  CHECK(create(*setup.sink(), b, setup.make.arena()).result == Result::already_so);
  REQUIRE(setup.library().rows().size() == 1);
  const BkmarkRow row = setup.library().rows().front();
  CHECK(row.read == moment("2020-01-02T03:04:05Z"));
  CHECK_FALSE(row.is_archived);
}

TEST_CASE("a create whose answer was lost is linkferry's own, in whatever form it was stored",
          "[bkmark][open][duplicates][faults]") {
  // The list is behind, so that only the 409 tells of it.
  const std::string row =
      R"({"id":"1","url":"http://a.example","title":"New","description":"New description",)"
      R"("type":"link","tags":[{"id":"t","name":"new"}],"groups":[]})";
  unsigned posts = 0;
  unsigned lists = 0;
  HttpServer server([&](const SeenRequest& request) -> Reply {
    if (request.path().ends_with("trash-count")) return Reply::json(R"({"count":0})");
    if (request.method == "POST" && ++posts == 1) return Reply::of(502);
    if (request.method == "POST") return Reply::of(409, R"({"code":"duplicate_url"})");
    if (request.path() != "/bookmarks") return Reply::json(row);
    const bool is_there = ++lists > 1;
    return Reply::json(R"({"data":[)" + (is_there ? row : "") + R"(],"nextCursor":null})");
  });
  BkmarkSetup setup;
  setup.options["url"] = server.url();
  const Outcome outcome =
      create(*setup.sink(), tagged(setup.make, "https://a.example/"), setup.make.arena());
  INFO(outcome.reason);
  CHECK(outcome.result == Result::done);
  CHECK(outcome.id == "1");
}

TEST_CASE("what an import creates after its answer is met as a duplicate, each time",
          "[bkmark][open][duplicates][import]") {
  BkmarkSetup setup;
  setup.fill(10);
  const auto sink = setup.sink();
  read_existing(*sink);
  for (const char* const url : {"https://a.example/", "https://b.example/", "https://c.example/"}) {
    const std::string id = setup.add(url, "New").id;
    const Outcome outcome = create(*sink, tagged(setup.make, url), setup.make.arena());
    INFO(outcome.reason);
    CHECK(outcome.result == Result::already_so);
    CHECK(outcome.id == id);
  }
  CHECK(setup.library().rows().size() == 13);
}

TEST_CASE("a duplicate that is not to be found so soon may be later",
          "[bkmark][open][duplicates]") {
  BkmarkSetup setup;
  setup.fill(400);
  const auto sink = setup.sink();
  read_existing(*sink);
  BkmarkRow old;
  old.title = "New";
  old.created = moment("2015-01-01T00:00:00Z");
  for (const char* const url : {"https://a.example/", "https://b.example/"}) {
    old.url = url;
    setup.library().add(old);
    const Outcome outcome = create(*sink, tagged(setup.make, url), setup.make.arena());
    // The second time all would have to be read again: the next run does so.
    const bool is_first = Text(url) == "https://a.example/";
    CHECK(outcome.result == (is_first ? Result::already_so : Result::failed));
  }
  CHECK(setup.library().rows().size() == 402);
}

TEST_CASE("the bookmark that a refusal names is the duplicate, whatever else looks like it",
          "[bkmark][open][duplicates]") {
  BkmarkSetup setup(FakeBkmark::Options{.conflict_names_id = true});
  const std::string similar = setup.add("http://a.example", "Similar").id;
  const auto sink = setup.sink();
  read_existing(*sink);
  const std::string id = setup.add("https://a.example/", "New").id;
  const Outcome outcome =
      create(*sink, tagged(setup.make, "https://a.example/"), setup.make.arena());
  CHECK(outcome.result == Result::already_so);
  CHECK(outcome.id == id);
  CHECK(setup.library().find(similar)->tags.empty());
}

TEST_CASE("two addresses that Bkmark takes for one are two where force says so",
          "[bkmark][open][duplicates]") {
  BkmarkSetup setup(FakeBkmark::Options{.compares_loosely = true});
  setup.options["force"] = "true";
  setup.add("http://a.example");
  const auto sink = setup.sink();
  read_existing(*sink);
  CHECK(create(*sink, tagged(setup.make, "https://a.example/"), setup.make.arena()).result ==
        Result::done);
  CHECK(setup.library().rows().size() == 2);
  // But the same address never.
  CHECK(
      create(*setup.sink(), tagged(setup.make, "https://a.example/"), setup.make.arena()).result ==
      Result::already_so);
  CHECK(setup.library().rows().size() == 2);
}

TEST_CASE("a duplicate in trash, of another spelling, is restored", "[bkmark][open][duplicates]") {
  BkmarkSetup setup(FakeBkmark::Options{.compares_loosely = true, .trash_conflicts = true});
  BkmarkRow old;
  old.url = "http://a.example";
  old.is_in_trash = true;
  setup.library().add(old);
  CHECK(
      create(*setup.sink(), tagged(setup.make, "https://a.example/"), setup.make.arena()).result ==
      Result::done);
  CHECK(setup.library().active().size() == 1);
  CHECK(setup.library().rows().size() == 1);
}

TEST_CASE("a duplicate that is nowhere to be found is rejected, and the reason names force",
          "[bkmark][open][duplicates]") {
  HttpServer server([](const SeenRequest& request) -> Reply {
    if (request.method == "POST") return Reply::of(409, R"({"code":"duplicate_url"})");
    if (request.path().ends_with("trash-count")) return Reply::json(R"({"count":0})");
    return Reply::json(R"({"data":[],"nextCursor":null})");
  });
  BkmarkSetup setup;
  setup.options["url"] = server.url();
  const Outcome outcome =
      create(*setup.sink(), tagged(setup.make, "https://a.example/"), setup.make.arena());
  CHECK(outcome.result == Result::rejected);
  CHECK_THAT(outcome.reason, Catch::Contains("force"));
}

TEST_CASE("an empty text may be filled in by Bkmark: it is emptied once, by one request",
          "[bkmark][open]") {
  const bool fills = GENERATE(true, false);
  BkmarkSetup setup(FakeBkmark::Options{.fills_empty_texts = fills});
  const auto sink = setup.sink();
  CHECK(create(*sink, setup.make.link("https://a.example/"), setup.make.arena()).result ==
        Result::done);
  CHECK(setup.library().rows().front().title.empty());
  CHECK(setup.fake.count(Requests::update) == (fills ? 1 : 0));
}

TEST_CASE("a text that Bkmark will not empty is no failure", "[bkmark][open]") {
  const std::string row =
      R"({"id":"1","url":"https://a.example/","title":"Fetched","type":"link","tags":[],"groups":[]})";
  HttpServer server([&](const SeenRequest& request) -> Reply {
    if (request.path().ends_with("trash-count")) return Reply::json(R"({"count":0})");
    return Reply::of(request.method == "POST" ? 201 : 200, row);
  });
  BkmarkSetup setup;
  setup.options["url"] = server.url();
  CHECK(create(*setup.sink(), setup.make.link("https://a.example/"), setup.make.arena()).result ==
        Result::done);
}

TEST_CASE("answers may be wrapped, or have no body", "[bkmark][open]") {
  const bool wraps = GENERATE(true, false);
  const bool is_silent = GENERATE(true, false);
  BkmarkSetup setup(FakeBkmark::Options{.wraps_objects = wraps, .answers_without_body = is_silent});
  Bookmark b = tagged(setup.make, "https://a.example/");
  b.favorite = Flag::yes;
  const auto sink = setup.sink();
  const Outcome made = create(*sink, b, setup.make.arena());
  INFO(made.reason);
  CHECK(made.result == Result::done);
  b.tags = setup.make.texts({"other"});
  CHECK(change(*sink, Action::update, b, made.id, setup.make.arena()).result == Result::done);
  const BkmarkRow row = setup.library().rows().front();
  CHECK(row.is_favorite);
  CHECK(row.tags == Strings{"other"});
  CHECK(setup.library().rows().size() == 1);
}

TEST_CASE("a tag may keep the spelling that Bkmark knows", "[bkmark][open]") {
  BkmarkSetup setup(FakeBkmark::Options{.folds_tags = true});
  BkmarkRow other;
  other.url = "https://b.example/";
  other.tags = {"New"};
  setup.library().add(other);
  CHECK(
      create(*setup.sink(), tagged(setup.make, "https://a.example/"), setup.make.arena()).result ==
      Result::done);
  CHECK(setup.library().rows().back().tags == Strings{"New"});
}

TEST_CASE("the date of reading may be Bkmark's own: that is said, and is no failure",
          "[bkmark][open]") {
  const bool is_own = GENERATE(true, false);
  BkmarkSetup setup(FakeBkmark::Options{.dates_reading_itself = is_own});
  Bookmark b = tagged(setup.make, "https://a.example/");
  b.unread = Flag::no;
  b.read_at = date("2020-01-02T03:04:05Z");
  CHECK(create(*setup.sink(), b, setup.make.arena()).result == Result::done);
  CHECK(setup.host.has_logged("it dates the reading itself") == is_own);
  CHECK(setup.library().rows().front().read);
}

TEST_CASE("texts may be trimmed by Bkmark, or not", "[bkmark][open]") {
  BkmarkSetup setup(FakeBkmark::Options{.trims_texts = GENERATE(true, false)});
  Bookmark b = setup.make.link("https://a.example/", "  Title \n");
  b.tags = setup.make.texts({" a "});
  CHECK(setup.run({b}).ledger[Fate::created] == 1);
  CHECK(setup.run({b}).ledger[Fate::unchanged] == 1);
  CHECK(setup.fake.count(Requests::update) == 0);
}

TEST_CASE(
    "bulk actions whose names are guesses are tried where that is wanted, and done one by one",
    "[bkmark][open][bulk]") {
  const bool has_names = GENERATE(true, false);
  const bool purges = has_names && GENERATE(true, false);
  BkmarkSetup setup(FakeBkmark::Options{.has_bulk_names = has_names, .bulk_delete_purges = purges});
  setup.options["bulk"] = "probe";
  setup.fill(12);
  const auto sink = setup.sink();
  const auto listing = setup.read(*sink->existing());
  const auto held = listing.bookmarks();
  std::vector<Bookmark> wanted;
  for (const Bookmark* b : held) wanted.push_back(*b);
  std::vector<Change> changes;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (i < 4) wanted[i].archived = Flag::yes;
    if (i >= 4 && i < 8) wanted[i].favorite = Flag::yes;
    changes.push_back(
        {i < 8 ? Action::update : Action::remove, &wanted[i], nullptr, held[i]->origin->id});
  }
  for (const Outcome& outcome : write(*sink, changes)) CHECK(outcome.result == Result::done);
  CHECK(setup.fake.count(Requests::bulk) == 3);
  CHECK(setup.fake.count(Requests::update) == (has_names ? 0 : 8));
  CHECK(setup.library().trash().size() == (purges ? 0 : 4));
  CHECK(setup.host.has_logged("does not move to trash") == purges);
  std::size_t archived = 0;
  std::size_t favorites = 0;
  for (const BkmarkRow& row : setup.library().rows()) {
    archived += row.is_archived ? 1 : 0;
    favorites += row.is_favorite ? 1 : 0;
  }
  CHECK(archived == 4);
  CHECK(favorites == 4);
}

TEST_CASE("bulk actions whose names are guesses are not tried without being asked for",
          "[bkmark][open][bulk]") {
  BkmarkSetup setup(FakeBkmark::Options{.has_bulk_names = true});
  setup.fill(3);
  const auto sink = setup.sink();
  const auto listing = setup.read(*sink->existing());
  std::vector<Change> changes;
  for (const Bookmark* held : listing.bookmarks())
    changes.push_back({Action::remove, held, nullptr, held->origin->id});
  write(*sink, changes);
  CHECK(setup.fake.count(Requests::bulk) == 0);
  CHECK(setup.library().trash().size() == 3);
}

TEST_CASE("a cursor may be a number, and what can be none is no end of the list",
          "[bkmark][open][paging]") {
  const std::string cursor = GENERATE("12", R"({"after":12})", "[12]", "true");
  const auto row = [](const char* id) {
    return R"({"id":")" + std::string(id) + R"(","url":"https://a.example/)" + id +
           R"(","title":"A","type":"link","tags":[],"groups":[]})";
  };
  HttpServer server([&](const SeenRequest& request) -> Reply {
    if (request.path().ends_with("trash-count")) return Reply::json(R"({"count":0})");
    const bool is_archive = request.target.find("isArchived") != std::string::npos;
    const bool is_next = request.target.find("cursor=12") != std::string::npos;
    if (is_archive) return Reply::json(R"({"data":[],"nextCursor":null})");
    return Reply::json(R"({"data":[)" + row(is_next ? "2" : "1") + R"(],"nextCursor":)" +
                       (is_next ? "null" : cursor) + "}");
  });
  BkmarkSetup setup;
  setup.options["url"] = server.url();
  const auto source = setup.source();
  if (cursor == "12") {
    CHECK(setup.read(*source).bookmarks().size() == 2);
  } else {
    CHECK_THROWS_AS(setup.read(*source), Failure);
  }
}
