#include "bkmark_setup.hpp"
#include "pipeline/compare.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Requests = FakeBkmark::Kind;
using Strings = std::vector<std::string>;

namespace {

Bookmark full(BookmarkMaker& make, const char* url = "https://a.example/") {
  Bookmark b = make.link(url, "Title");
  b.description = "Description";
  b.notes = "Notes\n\nmore";
  b.tags = make.texts({"a", "b"});
  b.favorite = b.archived = Flag::yes;
  b.unread = Flag::no;
  b.read_at = date("2025-04-02T09:00:00.123Z");
  return b;
}

std::string body_of_last(FakeBkmark& fake, const std::string& method) {
  std::string body;
  for (const SeenRequest& request : fake.server().requests())
    if (request.method == method) body = request.body;
  return body;
}

}  // namespace

TEST_CASE("a plain create takes one request", "[bkmark][sink]") {
  BkmarkSetup setup;
  const auto sink = setup.sink();
  Bookmark b = setup.make.link("https://a.example/", "Title");
  b.tags = setup.make.texts({"a", "b"});
  const Outcome outcome = create(*sink, b, setup.make.arena());
  CHECK(outcome.result == Result::done);
  REQUIRE(setup.library().active().size() == 1);
  CHECK(outcome.id == setup.library().active().front().id);
  CHECK(setup.library().active().front().title == "Title");
  CHECK(setup.library().active().front().tags == Strings{"b", "a"});
  CHECK(setup.fake.writes() == 1);
  CHECK(body_of_last(setup.fake, "POST").find("force") == std::string::npos);
}

TEST_CASE("what a create cannot say is said by one more request", "[bkmark][sink]") {
  BkmarkSetup setup;
  const Outcome outcome = create(*setup.sink(), full(setup.make), setup.make.arena());
  CHECK(outcome.result == Result::done);
  CHECK(setup.fake.count(Requests::create) == 1);
  CHECK(setup.fake.count(Requests::update) == 1);
  CHECK(setup.fake.writes() == 2);
  const BkmarkRow row = setup.library().active().front();
  CHECK(row.description == "Description\n\n[linkferry-notes]\nNotes\n\nmore");
  CHECK((row.is_favorite && row.is_archived));
  CHECK(row.read == moment("2025-04-02T09:00:00.123Z"));
}

TEST_CASE("what was written is read back as it was represented", "[bkmark][sink]") {
  BkmarkSetup setup;
  const auto sink = setup.sink();
  const auto held = sink->represent(full(setup.make), setup.make.arena());
  create(*sink, held.bookmark, setup.make.arena());
  const auto listing = setup.read(*setup.sink()->existing());
  CHECK(differing_fields(*listing.bookmarks().front(), held.bookmark).empty());
}

TEST_CASE("what was read, nobody knows when, is read back so", "[bkmark][sink]") {
  BkmarkSetup setup;
  Bookmark b = setup.make.link("https://a.example/");
  b.unread = Flag::no;
  create(*setup.sink(), b, setup.make.arena());
  CHECK(setup.library().active().front().read);
  const auto listing = setup.read(*setup.source());
  CHECK(listing.bookmarks().front()->unread == Flag::no);
  CHECK_FALSE(listing.bookmarks().front()->read_at.is_known());
}

TEST_CASE("notes and code are created without an address", "[bkmark][sink]") {
  BkmarkSetup setup;
  const auto sink = setup.sink();
  for (const Kind kind : {Kind::note, Kind::code}) {
    Bookmark b = setup.make.link({}, "Shopping");
    b.url = {};
    b.kind = kind;
    b.notes = "milk";
    CHECK(create(*sink, b, setup.make.arena()).result == Result::done);
    CHECK(create(*sink, b, setup.make.arena()).result == Result::already_so);
  }
  const auto rows = setup.library().active();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].type == "note");
  CHECK(rows[1].type == "code");
  CHECK(rows[0].url.empty());
}

TEST_CASE("an update sends what differs and nothing else", "[bkmark][sink]") {
  BkmarkSetup setup;
  const std::string id = setup.add("https://a.example/", "Old").id;
  const auto sink = setup.sink();
  read_existing(*sink);
  Bookmark b = setup.make.link("https://a.example/", "New");
  CHECK(change(*sink, Action::update, b, id, setup.make.arena()).result == Result::done);
  CHECK(body_of_last(setup.fake, "PATCH") == R"({"title":"New"})");
  CHECK(setup.fake.writes() == 1);
  b.tags = setup.make.texts({"x"});
  CHECK(change(*sink, Action::update, b, id, setup.make.arena()).result == Result::done);
  CHECK(setup.fake.count(Requests::tags) == 1);
  CHECK(setup.fake.writes() == 2);
  CHECK(change(*sink, Action::update, b, id, setup.make.arena()).result == Result::already_so);
  CHECK(setup.fake.writes() == 2);
}

TEST_CASE("groups are replaced where they differ", "[bkmark][sink]") {
  BkmarkSetup setup;
  const std::string group = setup.library().add_group("Engineering");
  setup.groups = {{"Work/Engineering", group}};
  const std::string id = setup.add("https://a.example/").id;
  const auto sink = setup.sink();
  read_existing(*sink);
  Bookmark b = setup.make.link("https://a.example/", "A page");
  b.folders = setup.make.folders({{"Work", "Engineering"}});
  CHECK(change(*sink, Action::update, b, id, setup.make.arena()).result == Result::done);
  CHECK(setup.library().find(id)->groups == Strings{group});
  CHECK(setup.fake.count(Requests::groups) == 1);
  Bookmark second = setup.make.link("https://b.example/", "B");
  second.folders = b.folders;
  create(*sink, second, setup.make.arena());
  CHECK(setup.library().active().back().groups == Strings{group});
  CHECK(setup.fake.writes() == 2);
}

TEST_CASE("two groups of one name both stay", "[bkmark][sink]") {
  BkmarkSetup setup;
  BkmarkRow row;
  row.url = "https://a.example/";
  row.title = "Old";
  row.groups = {setup.library().add_group("Same"), setup.library().add_group("Same")};
  const std::string id = setup.library().add(row).id;
  const auto sink = setup.sink();
  read_existing(*sink);
  Bookmark b = setup.make.link("https://a.example/", "New");
  b.folders = setup.make.folders({{"Same"}});
  CHECK(change(*sink, Action::update, b, id, setup.make.arena()).result == Result::done);
  CHECK(setup.library().find(id)->groups.size() == 2);
  CHECK(setup.fake.count(Requests::groups) == 0);
}

TEST_CASE("one tag set for many takes one request", "[bkmark][sink][bulk]") {
  BkmarkSetup setup;
  setup.fill(600);
  const auto sink = setup.sink();
  const auto listing = setup.read(*sink->existing());
  std::vector<Bookmark> wanted;
  std::vector<Change> changes;
  for (const Bookmark* held : listing.bookmarks()) {
    Bookmark b = *held;
    std::vector<Text> tags(b.tags.begin(), b.tags.end());
    tags.push_back("imported");
    b.tags = setup.make.arena().copy(std::span<const Text>(tags));
    wanted.push_back(sink->represent(b, setup.make.arena()).bookmark);
  }
  for (const Bookmark& b : wanted) changes.push_back({Action::update, &b, nullptr, b.origin->id});
  setup.fake.forget_counts();
  for (const Outcome& outcome : write(*sink, changes)) CHECK(outcome.result == Result::done);
  CHECK(setup.fake.count(Requests::bulk) == 2);
  CHECK(setup.fake.requests() == 2);
  for (const BkmarkRow& row : setup.library().rows()) CHECK(row.tags.size() == 2);
  for (const Outcome& outcome : write(*sink, changes)) CHECK(outcome.result == Result::already_so);
  CHECK(setup.fake.requests() == 2);
}

TEST_CASE("a bulk action that touched only some is finished one by one", "[bkmark][sink][bulk]") {
  BkmarkSetup setup;
  setup.fill(5);
  const auto sink = setup.sink();
  const auto listing = setup.read(*sink->existing());
  setup.library().rows()[2].is_in_trash = true;
  std::vector<Bookmark> wanted;
  std::vector<Change> changes;
  for (const Bookmark* held : listing.bookmarks()) {
    wanted.push_back(*held);
    wanted.back().tags = setup.make.texts({held->tags.front(), "x"});
  }
  for (const Bookmark& b : wanted) changes.push_back({Action::update, &b, nullptr, b.origin->id});
  const auto outcomes = write(*sink, changes);
  CHECK(outcomes[2].result == Result::failed);
  for (const BkmarkRow& row : setup.library().active()) CHECK(row.tags.size() == 2);
  CHECK(setup.fake.count(Requests::tags) == 0);
}

TEST_CASE("what is deleted goes to trash", "[bkmark][sink][remove]") {
  BkmarkSetup setup;
  const std::string id = setup.add("https://a.example/").id;
  const auto sink = setup.sink();
  const Bookmark b = setup.make.link("https://a.example/");
  CHECK(change(*sink, Action::remove, b, id, setup.make.arena()).result == Result::done);
  CHECK(setup.library().trash().size() == 1);
  CHECK(change(*sink, Action::remove, b, "nowhere", setup.make.arena()).result ==
        Result::already_so);
}

TEST_CASE("only the option permanent deletes for good, by either way",
          "[bkmark][sink][remove][open]") {
  const bool has_path = GENERATE(true, false);
  BkmarkSetup setup(FakeBkmark::Options{.has_permanent_path = has_path});
  setup.options["permanent"] = "true";
  const std::string id = setup.add("https://a.example/").id;
  const Bookmark b = setup.make.link("https://a.example/");
  CHECK(change(*setup.sink(), Action::remove, b, id, setup.make.arena()).result == Result::done);
  CHECK(setup.library().rows().empty());
}

TEST_CASE("many are purged by one request", "[bkmark][sink][remove][bulk]") {
  BkmarkSetup setup;
  setup.options["permanent"] = "true";
  setup.fill(30);
  const auto sink = setup.sink();
  const auto listing = setup.read(*sink->existing());
  std::vector<Change> changes;
  for (const Bookmark* held : listing.bookmarks())
    changes.push_back({Action::remove, held, nullptr, held->origin->id});
  for (const Outcome& outcome : write(*sink, changes)) CHECK(outcome.result == Result::done);
  CHECK(setup.library().rows().empty());
  CHECK(setup.fake.writes() == 1);
}

TEST_CASE("an address that is in trash is restored and made what it should be",
          "[bkmark][sink][trash]") {
  const bool trash_conflicts = GENERATE(true, false);
  BkmarkSetup setup(FakeBkmark::Options{.trash_conflicts = trash_conflicts});
  BkmarkRow old;
  old.url = "https://a.example/";
  old.title = "Old";
  old.tags = {"old"};
  old.is_in_trash = true;
  const std::string id = setup.library().add(old).id;
  const Outcome outcome = create(*setup.sink(), full(setup.make), setup.make.arena());
  CHECK(outcome.result == Result::done);
  CHECK(outcome.id == id);
  REQUIRE(setup.library().rows().size() == 1);
  const BkmarkRow row = setup.library().rows().front();
  CHECK_FALSE(row.is_in_trash);
  CHECK(row.title == "Title");
  CHECK(row.tags == Strings{"b", "a"});
  CHECK(setup.fake.count(Requests::create) == 0);
}

TEST_CASE("what a run deletes and another wants again is restored", "[bkmark][sink][trash]") {
  BkmarkSetup setup;
  const auto sink = setup.sink();
  const Bookmark b = setup.make.link("https://a.example/", "A");
  const std::string id = create(*sink, b, setup.make.arena()).id;
  change(*sink, Action::remove, b, id, setup.make.arena());
  CHECK(create(*sink, b, setup.make.arena()).id == id);
  change(*sink, Action::remove, b, id, setup.make.arena());
  CHECK(create(*setup.sink(), b, setup.make.arena()).id == id);
  CHECK(setup.library().active().size() == 1);
}

TEST_CASE("what cannot be restored is created", "[bkmark][sink][trash][open]") {
  const bool get_shows_trash = GENERATE(true, false);
  const std::string row =
      R"({"id":"1","url":"https://a.example/","title":"A","type":"link","tags":[],"groups":[]})";
  HttpServer server([&](const SeenRequest& request) -> Reply {
    const std::string path = request.path();
    if (path.ends_with("trash-count")) return Reply::json(R"({"count":1})");
    if (path.ends_with("trash"))
      return Reply::json(R"({"data":[)" + row + R"(],"nextCursor":null})");
    if (path.ends_with("restore")) return Reply::of(400, R"({"code":"not_now"})");
    if (request.method == "POST") return Reply::of(201, row);
    return get_shows_trash ? Reply::json(row) : Reply::of(404);
  });
  BkmarkSetup setup;
  setup.options["url"] = server.url();
  const Bookmark b = setup.make.link("https://a.example/", "A");
  CHECK(create(*setup.sink(), b, setup.make.arena()).result == Result::done);
  CHECK(server.requests().back().path() == "/bookmarks");
}

TEST_CASE("an empty trash costs one request a run", "[bkmark][sink][trash]") {
  BkmarkSetup setup;
  const auto sink = setup.sink();
  for (const char* const url : {"https://a.example/", "https://b.example/"})
    create(*sink, setup.make.link(url), setup.make.arena());
  CHECK(setup.fake.count(Requests::trash_count) == 1);
  CHECK(setup.fake.count(Requests::trash) == 0);
  CHECK(setup.fake.requests() == 3);
}

TEST_CASE("what Bkmark refuses is rejected with its reason", "[bkmark][sink]") {
  BkmarkSetup setup(FakeBkmark::Options{.needs_url = true});
  Bookmark b = setup.make.link({}, "A note");
  b.url = {};
  b.kind = Kind::note;
  const Outcome outcome = create(*setup.sink(), b, setup.make.arena());
  CHECK(outcome.result == Result::rejected);
  CHECK_THAT(outcome.reason, Catch::Contains("url should not be empty"));
}

TEST_CASE("several changes go at the same time where that is wanted", "[bkmark][sink]") {
  BkmarkSetup setup;
  setup.options["concurrency"] = "4";
  std::vector<Bookmark> all;
  for (int i = 0; i < 100; ++i)
    all.push_back(full(setup.make, ("https://a.example/" + std::to_string(i)).c_str()));
  CHECK(setup.run(all).ledger[Fate::created] == 100);
  CHECK(setup.library().active().size() == 100);
  CHECK(setup.fake.writes() == 200);
}

TEST_CASE("a note that was deleted and is wanted again is restored", "[bkmark][sink][trash]") {
  const Kind kind = GENERATE(Kind::note, Kind::code);
  BkmarkSetup setup;
  const auto sink = setup.sink();
  Bookmark b = setup.make.link({}, "Shopping");
  b.url = {};
  b.kind = kind;
  b.description = "Today";
  b.notes = "milk";
  const std::string id = create(*sink, b, setup.make.arena()).id;
  change(*sink, Action::remove, b, id, setup.make.arena());
  REQUIRE(setup.library().trash().size() == 1);
  const bool is_same_run = GENERATE(true, false);
  const auto later = is_same_run ? nullptr : setup.sink();
  CHECK(create(later ? *later : *sink, b, setup.make.arena()).id == id);
  CHECK(setup.library().rows().size() == 1);
  CHECK(setup.library().active().size() == 1);
}

TEST_CASE("a note is not taken for another one in trash", "[bkmark][sink][trash]") {
  BkmarkSetup setup;
  for (const char* const type : {"code", "note"}) {
    BkmarkRow row;
    row.type = type;
    row.title = "Shopping";
    row.description = row.type == "code" ? "milk" : "bread";
    row.is_in_trash = true;
    setup.library().add(row);
  }
  Bookmark b = setup.make.link({}, "Shopping");
  b.url = {};
  b.kind = Kind::note;
  b.description = "milk";
  CHECK(create(*setup.sink(), b, setup.make.arena()).result == Result::done);
  CHECK(setup.library().active().size() == 1);
  CHECK(setup.library().trash().size() == 2);
}
