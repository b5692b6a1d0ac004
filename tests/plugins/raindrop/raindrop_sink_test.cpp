#include "raindrop/raindrop_sink.hpp"

#include <memory>
#include <string>
#include <vector>

#include "plugins/jsonl/random_records.hpp"
#include "plugins/jsonl/read_all.hpp"
#include "plugins/jsonl/record_equality.hpp"
#include "raindrop/raindrop_source.hpp"
#include "support/bookmarks.hpp"
#include "support/catch.hpp"
#include "support/map_settings.hpp"
#include "support/memory_host.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

struct Target {
  MemoryHost host;
  MapSettings settings;
  std::unique_ptr<Sink> sink;

  explicit Target(const std::string& layout = "export")
      : settings({{"path", "out.csv"}, {"layout", layout}, {"folder_separator", "auto"}}),
        sink(raindrop::make_sink(settings, host)) {}

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

std::vector<std::string> losses_of(const Representation& representation) {
  std::vector<std::string> losses;
  for (const Loss& loss : representation.losses) {
    losses.push_back(std::string(name_of(loss.field)) + " " + std::string(name_of(loss.kind)));
  }
  return losses;
}

}  // namespace

TEST_CASE("Raindrop's export has its columns in its order, quoted only where needed",
          "[raindrop]") {
  BookmarkMaker maker;
  Bookmark bookmark = maker.link("https://e.org/", "Say \"hi\"");
  bookmark.tags = maker.texts({"a", "b c"});
  bookmark.folders = maker.folders({{"Work", "C++"}});
  bookmark.created_at = parse_rfc3339("2024-09-03T20:06:53.347Z");
  bookmark.favorite = Flag::yes;
  Target target;
  const auto held = target.sink->represent(bookmark, maker.arena());
  CHECK(held.losses.empty());
  CHECK(target.write({held.bookmark}) ==
        "id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\n"
        ",\"Say \"\"hi\"\"\",,,https://e.org/,Work / C++,\"a, b "
        "c\",2024-09-03T20:06:53.347Z,,,true\n");
}

TEST_CASE("the import layout has the columns that Raindrop's import understands", "[raindrop]") {
  BookmarkMaker maker;
  Bookmark bookmark = maker.link("https://e.org/", "T");
  bookmark.folders = maker.folders({{"Work", "C++"}});
  bookmark.notes = "N";
  bookmark.description = "D";
  bookmark.favorite = Flag::yes;
  Target target("import");
  const auto held = target.sink->represent(bookmark, maker.arena());
  CHECK(losses_of(held) == std::vector<std::string>{"description dropped", "favorite dropped"});
  CHECK(target.write({held.bookmark}) ==
        "url,folder,title,note,tags,created\nhttps://e.org/,Work/C++,T,N,,\n");
}

TEST_CASE("what Raindrop's CSV cannot hold is named", "[raindrop]") {
  BookmarkMaker maker;
  Bookmark bookmark = maker.link("https://e.org/", "two\nlines");
  bookmark.tags = maker.texts({"a,b"});
  bookmark.folders = maker.folders({{"AC/DC"}, {"Other"}});
  bookmark.created_at = parse_rfc3339("2024-09-03T20:06:53.347123Z");
  bookmark.modified_at = bookmark.created_at;
  bookmark.unread = Flag::yes;
  bookmark.archived = Flag::no;
  bookmark.keyword = "k";
  Target target;
  const auto held = target.sink->represent(bookmark, maker.arena());
  CHECK(losses_of(held) ==
        std::vector<std::string>{"modified_at dropped", "unread dropped", "archived dropped",
                                 "keyword dropped", "title transformed", "tags transformed",
                                 "folders transformed", "folders dropped", "created_at truncated"});
  CHECK(as_strings(held.bookmark.tags) == std::vector<std::string>{"a b"});
  CHECK(as_strings(held.bookmark.folders) == std::vector<std::vector<std::string>>{{"AC-DC"}});
  CHECK(format_rfc3339(held.bookmark.created_at) == "2024-09-03T20:06:53.347Z");
}

TEST_CASE("a bookmark without an address is refused by Raindrop's CSV", "[raindrop]") {
  BookmarkMaker maker;
  Bookmark note;
  note.kind = Kind::note;
  Target target;
  CHECK(is_present(target.sink->represent(note, maker.arena()).refusal));
}

TEST_CASE("what is read from Raindrop's CSV after writing equals its representation",
          "[raindrop]") {
  const std::string layout = GENERATE("export", "import");
  const std::uint64_t seed = make_seed();
  CAPTURE(seed, layout);
  RandomRecords random(seed);
  Arena arena;
  Target target(layout);
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
    CAPTURE(i, std::string(held[i].url));
    CHECK(is_same(all.bookmarks[i], held[i]));
  }
  CHECK(all.notices.empty());
}

TEST_CASE("a Raindrop CSV that is read and written again is the same, ids included", "[raindrop]") {
  const std::string bytes =
      "id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\n"
      "815,T,\"N\n2\",E,https://e.org/,Work / C++,\"a, "
      "b\",2024-09-03T20:06:53.347Z,https://e.org/c,Highlight:x,true\n"
      "816,T,,,https://e.org/2,Unsorted,,2024-09-03T20:06:53.000Z,,\"Else\nHighlight:y\",false\n";
  Target target;
  target.host.files["out.csv"] = bytes;
  const auto existing = target.sink->existing();
  const ReadAll all(*existing);
  std::vector<Bookmark> kept;
  Arena arena;
  for (const Bookmark& bookmark : all.bookmarks) {
    const auto held = target.sink->represent(bookmark, arena);
    CHECK(held.losses.empty());
    kept.push_back(held.bookmark);
  }
  CHECK(target.write(kept, Action::keep) == bytes);
}

TEST_CASE("an empty job leaves a Raindrop CSV with its header, and nothing before commit",
          "[raindrop]") {
  Target target;
  CHECK(target.sink->existing() == nullptr);
  CHECK(target.write({}) ==
        "id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\n");
  Target dropped;
  BookmarkMaker maker;
  const Bookmark bookmark = maker.link("https://e.org/");
  const Change change{Action::create, &bookmark, nullptr, {}};
  Outcome outcome;
  dropped.sink->write({&change, 1}, {&outcome, 1}, {});
  CHECK(dropped.host.files.empty());
}

TEST_CASE("Raindrop's HTML is not replaced by CSV", "[raindrop]") {
  Target target;
  target.host.files["out.csv"] =
      "<!DOCTYPE NETSCAPE-Bookmark-file-1><TITLE>Raindrop.io Bookmarks</TITLE>";
  CHECK_THROWS_AS(target.sink->existing(), Failure);
}
