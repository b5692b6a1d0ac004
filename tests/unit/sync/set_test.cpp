#include "sync/set_merge.hpp"
#include "sync_runner.hpp"

using namespace linkferry;
using linkferry::test::SyncRunner;
using test::as_strings;

namespace {

using Texts = std::vector<std::string>;
using Paths = std::vector<std::vector<std::string>>;

}  // namespace

TEST_CASE("tags that either side has added or taken away are so on both", "[sync]") {
  SyncRunner r;
  r.from.bookmarks = {r.make.link(SyncRunner::url(1))};
  r.from.bookmarks[0].tags = r.make.texts({"a", "b", "c"});
  r.run();
  SyncRunner::get(r.from, 1).tags = r.make.texts({"a", "c", "x"});
  SyncRunner::get(r.to, 1).tags = r.make.texts({"a", "b", "y"});
  CHECK(r.run().ledger.conflicts == 0);
  CHECK(as_strings(SyncRunner::get(r.from, 1).tags) == Texts{"a", "x", "y"});
  CHECK(as_strings(SyncRunner::get(r.to, 1).tags) == Texts{"a", "y", "x"});
  r.check_is_settled();
}

TEST_CASE("a tag taken away on one side and added again on the other is there", "[sync]") {
  SyncRunner r;
  r.from.bookmarks = {r.make.link(SyncRunner::url(1))};
  r.from.bookmarks[0].tags = r.make.texts({"a"});
  r.run();
  SyncRunner::get(r.from, 1).tags = {};
  r.run();
  CHECK(SyncRunner::get(r.to, 1).tags.empty());
  SyncRunner::get(r.to, 1).tags = r.make.texts({"a"});
  r.run();
  CHECK(as_strings(SyncRunner::get(r.from, 1).tags) == Texts{"a"});
}

TEST_CASE("a tag is the same in the spelling of either side", "[sync]") {
  SyncRunner r;
  r.to.spells = [](Bookmark& bookmark, Arena& arena) {
    std::vector<Text> tags;
    for (const Text tag : bookmark.tags) {
      std::string spelled(tag);
      std::ranges::replace(spelled, ' ', '-');
      const Text kept = arena.copy(spelled);
      if (std::ranges::find(tags, kept) == tags.end()) tags.push_back(kept);
    }
    bookmark.tags = arena.copy(std::span<const Text>(tags));
  };
  r.from.bookmarks = {r.make.link(SyncRunner::url(1))};
  r.from.bookmarks[0].tags = r.make.texts({"to read", "b"});
  r.run();
  CHECK(as_strings(SyncRunner::get(r.to, 1).tags) == Texts{"to-read", "b"});
  r.check_is_settled();
  SECTION("when it is taken away here") {
    SyncRunner::get(r.from, 1).tags = r.make.texts({"b"});
    r.run();
    CHECK(as_strings(SyncRunner::get(r.to, 1).tags) == Texts{"b"});
  }
  SECTION("when it is taken away there") {
    SyncRunner::get(r.to, 1).tags = r.make.texts({"b"});
    r.run();
    CHECK(as_strings(SyncRunner::get(r.from, 1).tags) == Texts{"b"});
  }
  SECTION("when another one is added there") {
    SyncRunner::get(r.to, 1).tags = r.make.texts({"to-read", "b", "c"});
    r.run();
    CHECK(as_strings(SyncRunner::get(r.from, 1).tags) == Texts{"to read", "b", "c"});
  }
  SECTION("when the state is lost") {
    r.lose_state();
    r.run();
    CHECK(as_strings(SyncRunner::get(r.from, 1).tags) == Texts{"to read", "b"});
  }
  SECTION("when both spellings are here, and one goes") {
    SyncRunner::get(r.from, 1).tags = r.make.texts({"to read", "to-read", "b"});
    r.run();
    SyncRunner::get(r.from, 1).tags = r.make.texts({"to-read", "b"});
    r.run();
    CHECK(as_strings(SyncRunner::get(r.to, 1).tags) == Texts{"to-read", "b"});
  }
  r.check_is_settled();
}

TEST_CASE("a bookmark that is moved on one side is moved on the other", "[sync]") {
  SyncRunner r;
  r.from.bookmarks = {r.make.link(SyncRunner::url(1))};
  r.from.bookmarks[0].folders = r.make.folders({{"A"}});
  r.run();
  SyncRunner::get(r.from, 1).folders = r.make.folders({{"B", "C"}});
  r.run();
  CHECK(as_strings(SyncRunner::get(r.to, 1).folders) == Paths{{"B", "C"}});
  r.check_is_settled();
  SECTION("and by both to two places, it is in both") {
    SyncRunner::get(r.from, 1).folders = r.make.folders({{"D"}});
    SyncRunner::get(r.to, 1).folders = r.make.folders({{"E"}});
    r.run();
    CHECK(as_strings(SyncRunner::get(r.from, 1).folders) == Paths{{"D"}, {"E"}});
    CHECK(as_strings(SyncRunner::get(r.to, 1).folders) == Paths{{"E"}, {"D"}});
    r.check_is_settled();
  }
}

TEST_CASE("a side without folders leaves those of the other alone", "[sync]") {
  SyncRunner r;
  r.to.has_folders = false;
  r.from.bookmarks = {r.make.link(SyncRunner::url(1))};
  r.from.bookmarks[0].folders = r.make.folders({{"A"}});
  r.run();
  SyncRunner::get(r.to, 1).title = "Another";
  r.run();
  CHECK(as_strings(SyncRunner::get(r.from, 1).folders) == Paths{{"A"}});
}

TEST_CASE("copies in several folders of a file are one bookmark with several folders", "[sync]") {
  SyncRunner r(SinkKind::staged, SinkKind::live);
  Bookmark in_a = r.make.link(SyncRunner::url(1), "One");
  in_a.folders = r.make.folders({{"A"}});
  Bookmark in_b = in_a;
  in_b.folders = r.make.folders({{"B"}});
  r.from.bookmarks = {in_a, r.make.link(SyncRunner::url(2)), in_b};
  CHECK(r.run().ledger[Fate::merged] == 1);
  CHECK(as_strings(SyncRunner::get(r.to, 1).folders) == Paths{{"A"}, {"B"}});
  r.check_is_settled();
  SyncRunner::take_away(r.to, 1);
  CHECK(r.run().ledger[Fate::deleted] == 1);
  CHECK(r.from.bookmarks.size() == 1);
}
