#include "pocket/pocket_sink.hpp"

#include "plugins/jsonl/random_records.hpp"
#include "plugins/jsonl/record_equality.hpp"
#include "plugins/pocket/pocket_files.hpp"
#include "support/bookmarks.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Names = std::vector<std::string>;

namespace {

struct Target {
  MemoryHost host;
  MapSettings settings{{"path", "out.csv"}};
  std::unique_ptr<Sink> sink = pocket::make_sink(settings, host);

  const std::string& write(const std::vector<Bookmark>& bookmarks, Action action = Action::create) {
    std::vector<Change> changes;
    for (const Bookmark& bookmark : bookmarks) changes.push_back({action, &bookmark, nullptr, {}});
    std::vector<Outcome> outcomes(changes.size());
    sink->write(changes, outcomes, {});
    for (const Outcome& outcome : outcomes) CHECK(outcome.result == Result::done);
    sink->commit();
    return host.files["out.csv"];
  }
};

Names losses_of(const Representation& representation) {
  Names losses;
  for (const Loss& loss : representation.losses) {
    losses.push_back(std::string(name_of(loss.field)) + " " + std::string(name_of(loss.kind)));
  }
  return losses;
}

}  // namespace

TEST_CASE("Pocket's CSV is written as Pocket wrote it", "[pocket]") {
  BookmarkMaker maker;
  Bookmark first = maker.link("https://e.org/", "Say \"hi\", you");
  first.tags = maker.texts({"css", "web design"});
  first.created_at = parse_rfc3339("2020-09-17T06:06:28Z");
  first.unread = Flag::yes;
  first.archived = Flag::no;
  const Bookmark second = maker.link("https://e.org/2");
  Target target;
  const auto held = target.sink->represent(first, maker.arena());
  CHECK(held.losses.empty());
  CHECK(target.write({held.bookmark, second}) ==
        "title,url,time_added,tags,status\n"
        "\"Say \"\"hi\"\", you\",https://e.org/,1600322788,css|web design,unread\n"
        "https://e.org/2,https://e.org/2,,,\n");
}

TEST_CASE("Pocket's one status says archived or unread, or nothing", "[pocket]") {
  BookmarkMaker maker;
  Target target;
  const auto [archived, unread, held_archived, held_unread] =
      GENERATE(table<Flag, Flag, Flag, Flag>({
          {Flag::yes, Flag::no, Flag::yes, Flag::no},
          {Flag::yes, Flag::yes, Flag::yes, Flag::no},
          {Flag::yes, Flag::unknown, Flag::yes, Flag::no},
          {Flag::no, Flag::yes, Flag::no, Flag::yes},
          {Flag::unknown, Flag::yes, Flag::no, Flag::yes},
          {Flag::no, Flag::no, Flag::unknown, Flag::unknown},
          {Flag::no, Flag::unknown, Flag::unknown, Flag::unknown},
          {Flag::unknown, Flag::no, Flag::unknown, Flag::unknown},
          {Flag::unknown, Flag::unknown, Flag::unknown, Flag::unknown},
      }));
  Bookmark bookmark = maker.link("https://e.org/", "T");
  bookmark.archived = archived;
  bookmark.unread = unread;
  const auto held = target.sink->represent(bookmark, maker.arena());
  CHECK(held.bookmark.archived == held_archived);
  CHECK(held.bookmark.unread == held_unread);
  const bool is_changed = archived != held_archived || unread != held_unread;
  CHECK(held.losses.empty() == !is_changed);
}

TEST_CASE("what Pocket's CSV cannot hold is named", "[pocket]") {
  BookmarkMaker maker;
  Bookmark bookmark = maker.link("https://e.org/", "https://e.org/");
  bookmark.description = "D";
  bookmark.notes = "N";
  bookmark.tags = maker.texts({"a|b"});
  bookmark.folders = maker.folders({{"F"}});
  bookmark.created_at = parse_rfc3339("2020-09-17T06:06:28.5Z");
  bookmark.favorite = Flag::yes;
  Target target;
  const auto held = target.sink->represent(bookmark, maker.arena());
  CHECK(losses_of(held) == Names{"title dropped", "tags transformed", "created_at truncated",
                                 "description dropped", "notes dropped", "folders dropped",
                                 "favorite dropped"});
  CHECK(as_strings(held.bookmark.tags) == Names{"a b"});
}

TEST_CASE("dates that Pocket's CSV would read as something else are dropped", "[pocket]") {
  BookmarkMaker maker;
  Target target;
  for (const auto date : {"1970-01-01T00:00:00Z", "5200-01-01T00:00:00Z"}) {
    Bookmark bookmark = maker.link("https://e.org/", "T");
    bookmark.created_at = parse_rfc3339(date);
    const auto held = target.sink->represent(bookmark, maker.arena());
    CHECK_FALSE(held.bookmark.created_at.is_known());
    CHECK(losses_of(held) == Names{"created_at dropped"});
  }
}

TEST_CASE("what is read from Pocket's CSV after writing equals its representation", "[pocket]") {
  const std::uint64_t seed = make_seed();
  CAPTURE(seed);
  RandomRecords random(seed);
  Arena arena;
  Target target;
  std::vector<Bookmark> held;
  for (int i = 0; i < 500; ++i) {
    const auto once = target.sink->represent(random.bookmark(arena), arena);
    if (is_present(once.refusal)) continue;
    const auto twice = target.sink->represent(once.bookmark, arena);
    CHECK(twice.losses.empty());
    CHECK(is_same(once.bookmark, twice.bookmark));
    held.push_back(once.bookmark);
  }
  REQUIRE(held.size() > 100);
  target.write(held);
  const auto existing = target.sink->existing();
  const ReadAll all(*existing);
  REQUIRE(all.bookmarks.size() == held.size());
  for (std::size_t i = 0; i < held.size(); ++i) {
    CAPTURE(i, std::string(held[i].url), std::string(held[i].title));
    CHECK(is_same(all.bookmarks[i], held[i]));
  }
}

TEST_CASE("a title like the address, with blanks around it, is none", "[pocket]") {
  BookmarkMaker maker;
  Target target;
  std::vector<Bookmark> held;
  for (const auto& [url, title] : {std::pair<Text, Text>{" https://e.org/ ", {}},
                                   {" https://e.org/ ", "https://e.org/"},
                                   {"https://e.org/", " https://e.org/\n"},
                                   {"https://e.org/", ""}}) {
    held.push_back(target.sink->represent(maker.link(url, title), maker.arena()).bookmark);
    CHECK(is_absent(held.back().title));
  }
  target.write(held);
  const auto existing = target.sink->existing();
  const ReadAll all(*existing);
  REQUIRE(all.bookmarks.size() == held.size());
  for (std::size_t i = 0; i < held.size(); ++i) CHECK(is_same(all.bookmarks[i], held[i]));
}

TEST_CASE("what is removed is not written, and an empty job leaves a header", "[pocket]") {
  BookmarkMaker maker;
  const Bookmark bookmark = maker.link("https://e.org/", "T");
  Target target;
  CHECK(target.write({bookmark}, Action::remove) == pocket_header);
  Target empty;
  CHECK(empty.write({}) == pocket_header);
}

TEST_CASE("only Pocket's CSV is replaced by Pocket's CSV", "[pocket]") {
  Target target;
  CHECK(target.sink->existing() == nullptr);
  target.host.files["out.csv"] = "PK\3\4";
  CHECK_THROWS_AS(target.sink->existing(), Failure);
  target.host.files["out.csv"] = "<title>Pocket Export</title>";
  CHECK_THROWS_AS(target.sink->existing(), Failure);
}

TEST_CASE("a stop request leaves the rest of the changes failed", "[pocket]") {
  BookmarkMaker maker;
  const Bookmark bookmark = maker.link("https://e.org/", "T");
  const Change change{Action::create, &bookmark, nullptr, {}};
  Outcome outcome;
  std::stop_source stop;
  stop.request_stop();
  Target target;
  target.sink->write({&change, 1}, {&outcome, 1}, stop.get_token());
  CHECK(outcome.result == Result::failed);
}
