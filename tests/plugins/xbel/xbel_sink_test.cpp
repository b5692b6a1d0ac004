#include "xbel/xbel_sink.hpp"

#include <algorithm>

#include "plugins/jsonl/random_records.hpp"
#include "plugins/jsonl/read_all.hpp"
#include "plugins/jsonl/record_equality.hpp"
#include "support/catch.hpp"
#include "support/map_settings.hpp"
#include "support/memory_host.hpp"
#include "xbel/xbel_source.hpp"

using namespace linkferry;
using test::is_same;
using test::ReadAll;

namespace {

const std::string path = "/out.xbel";

struct Writing {
  Writing() : sink(xbel::make_sink(test::MapSettings{{"path", path}}, host)) {}

  std::string write(const std::vector<Change>& changes) {
    std::vector<Outcome> outcomes(changes.size());
    sink->write(changes, outcomes, {});
    sink->commit();
    return host.files.at(path);
  }

  test::MemoryHost host;
  std::unique_ptr<Sink> sink;
};

Change change_of(const Bookmark& bookmark) { return {Action::create, &bookmark, nullptr, {}}; }
Change change_of(const Folder& folder) { return {Action::create, nullptr, &folder, {}}; }

std::string write_one(const Bookmark& bookmark) { return Writing().write({change_of(bookmark)}); }

bool has_loss(const Representation& represented, Field field) {
  return std::any_of(represented.losses.begin(), represented.losses.end(),
                     [field](const Loss& loss) { return loss.field == field; });
}

}  // namespace

TEST_CASE("what XBEL represents is what is read back, whatever the record", "[xbel]") {
  const std::uint64_t seed = test::make_seed();
  INFO("LINKFERRY_SEED=" << seed);
  test::RandomRecords records(seed);
  Arena arena;
  for (int i = 0; i < 300; ++i) {
    Writing writing;
    const Representation represented = writing.sink->represent(records.bookmark(arena), arena);
    const Representation again = writing.sink->represent(represented.bookmark, arena);
    CHECK(again.losses.empty());
    CHECK(is_same(again.bookmark, represented.bookmark));

    const std::string text = writing.write({change_of(represented.bookmark)});
    INFO(text);
    const ReadAll read(*writing.sink->existing());
    CHECK(read.rejections.empty());
    CHECK(read.notices.empty());
    const auto& folders = represented.bookmark.folders;
    REQUIRE(read.bookmarks.size() == std::max<std::size_t>(1, folders.size()));
    for (Bookmark bookmark : read.bookmarks) {
      if (!folders.empty()) {
        REQUIRE(bookmark.folders.size() == 1);
        CHECK(std::any_of(folders.begin(), folders.end(),
                          [&](FolderPath f) { return is_same(f, bookmark.folders[0]); }));
      }
      bookmark.folders = folders;
      CHECK(is_same(bookmark, represented.bookmark));
    }
  }
}

TEST_CASE("the facts of a folder are read back from XBEL as they are represented", "[xbel]") {
  const std::uint64_t seed = test::make_seed();
  INFO("LINKFERRY_SEED=" << seed);
  test::RandomRecords records(seed);
  Arena arena;
  int folders = 0;
  for (int i = 0; i < 300; ++i) {
    Writing writing;
    const FolderRepresentation represented =
        writing.sink->represent_folder(records.folder(arena), arena);
    if (!represented.is_held) continue;
    const FolderRepresentation again = writing.sink->represent_folder(represented.folder, arena);
    CHECK(again.losses.empty());
    CHECK(is_same(again.folder, represented.folder));
    const std::string text = writing.write({change_of(represented.folder)});
    INFO(text);
    const ReadAll read(*writing.sink->existing());
    REQUIRE_FALSE(read.folders.empty());
    CHECK(is_same(read.folders.back(), represented.folder));
    ++folders;
  }
  CHECK(folders > 100);
}

TEST_CASE("a bookmark looks like this in XBEL", "[xbel]") {
  const Text tags[] = {"news"};
  const Text names[] = {"Work", "Tools & more"};
  const FolderPath folders[] = {names};
  const Attribute extra[] = {{"netscape.LAST_CHARSET", "UTF-8"}, {"xbel.id", "b1"}};
  Bookmark bookmark;
  bookmark.url = "https://a.example/?x=1&y=\"2\"";
  bookmark.title = "<A>";
  bookmark.notes = "line\nbreak";
  bookmark.description = "two\nlines";
  bookmark.tags = tags;
  bookmark.folders = folders;
  bookmark.created_at = {1556705472, 0, Precision::second};
  bookmark.unread = Flag::yes;
  bookmark.extra = extra;
  Writing writing;
  Arena arena;
  CHECK(writing.write({change_of(writing.sink->represent(bookmark, arena).bookmark)}) ==
        R"(<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE xbel PUBLIC "+//IDN python.org//DTD XML Bookmark Exchange Language 1.0//EN//XML" "http://pyxml.sourceforge.net/topics/dtds/xbel.dtd">
<xbel version="1.0">
  <folder>
    <title>Work</title>
    <folder>
      <title>Tools &amp; more</title>
      <bookmark href="https://a.example/?x=1&amp;y=&quot;2&quot;" added="2019-05-01T10:11:12Z" id="b1">
        <title>&lt;A&gt;</title>
        <info>
          <metadata owner="linkferry" notes="line&#10;break" unread="yes">
            <tag name="news"/>
            <extra name="netscape.LAST_CHARSET" value="UTF-8"/>
          </metadata>
        </info>
        <desc>two
lines</desc>
      </bookmark>
    </folder>
  </folder>
</xbel>
)");
}

TEST_CASE("an XBEL file that was written is copied byte by byte from the second time on",
          "[xbel]") {
  const std::string text =
      "<xbel xmlns:k=\"http://k.example\"><folder folded=\"no\"><title> Work </title><bookmark "
      "href=\"u\" icon=\"i\"><info>"
      "<metadata owner=\"k\"><k:x "
      "a='1'/></metadata></info></bookmark><separator/></folder><bookmark href=\"v\"/></xbel>";
  const auto copy = [](const std::string& from) {
    Writing writing;
    writing.host.files["/in"] = from;
    const auto source = xbel::make_source(test::MapSettings{{"path", "/in"}}, writing.host);
    const ReadAll read(*source);
    std::vector<Change> changes;
    Arena arena;
    std::vector<Bookmark> represented;
    for (const Bookmark& bookmark : read.bookmarks)
      represented.push_back(writing.sink->represent(bookmark, arena).bookmark);
    std::size_t folder = 0;
    for (std::size_t i = 0; i <= represented.size(); ++i) {
      while (folder < read.folders.size() && read.folders_before[folder] == i)
        changes.push_back(change_of(read.folders[folder++]));
      if (i < represented.size()) changes.push_back(change_of(represented[i]));
    }
    return writing.write(changes);
  };
  const std::string once = copy(text);
  CHECK(once.find("<metadata xmlns:k=\"http://k.example\" owner=\"k\">") != std::string::npos);
  CHECK(once.find("icon=\"i\"") != std::string::npos);
  CHECK(once.find("<separator/>") != std::string::npos);
  CHECK(copy(once) == once);
}

TEST_CASE("a bookmark in two folders is written in both, without an id that would stand twice",
          "[xbel]") {
  const Text a[] = {"A"};
  const Text b[] = {"B"};
  const FolderPath folders[] = {a, b, FolderPath{}, a};
  const Attribute extra[] = {{"xbel.id", "b1"}, {"xbel.x", "y"}};
  Bookmark bookmark;
  bookmark.url = "u";
  bookmark.folders = folders;
  bookmark.extra = extra;
  Writing writing;
  Arena arena;
  const Representation represented = writing.sink->represent(bookmark, arena);
  CHECK(represented.bookmark.folders.size() == 2);
  CHECK(has_loss(represented, Field::folders));
  CHECK(has_loss(represented, Field::extra));
  const std::string text = writing.write({change_of(represented.bookmark)});
  CHECK(text.find("href=\"u\" x=\"y\"") != text.rfind("href=\"u\" x=\"y\""));
}

TEST_CASE("what XBEL cannot hold is named", "[xbel]") {
  const Highlight highlights[] = {{"t", {}, {}, {}}};
  const Media media[] = {{"u", {}, {}, {}}};
  const Post post;
  std::vector<Text> deep(1000, "f");
  const FolderPath folders[] = {deep};
  Bookmark bookmark;
  bookmark.url = "a\ufffeb";
  bookmark.title = " a\nb";
  bookmark.highlights = highlights;
  bookmark.media = media;
  bookmark.post = &post;
  bookmark.folders = folders;
  Writing writing;
  Arena arena;
  const Representation represented = writing.sink->represent(bookmark, arena);
  for (const Field field :
       {Field::url, Field::title, Field::folders, Field::highlights, Field::media, Field::post}) {
    CHECK(has_loss(represented, field));
  }
  CHECK(represented.bookmark.url == "a\ufffdb");
  CHECK(represented.bookmark.title == "a b");
  CHECK(represented.bookmark.folders[0].size() == 64);
  writing.write({change_of(represented.bookmark)});
  CHECK(ReadAll(*writing.sink->existing()).bookmarks.size() == 1);
}

TEST_CASE("foreign metadata cannot break the file it is written to", "[xbel]") {
  const std::string value =
      GENERATE(as<std::string>(), "</info></bookmark>", "<metadata owner='k'/><x/>", "<metadata",
               "<metadata owner='linkferry' kind='note'/>", "<metadatas/>", "text", "");
  const Attribute extra[] = {{"xbel.metadata", value}};
  Bookmark bookmark;
  bookmark.url = "u";
  bookmark.extra = extra;
  Writing writing;
  Arena arena;
  const Representation represented = writing.sink->represent(bookmark, arena);
  INFO(writing.write({change_of(represented.bookmark)}));
  const ReadAll read(*writing.sink->existing());
  REQUIRE(read.bookmarks.size() == 1);
  CHECK(is_same(read.bookmarks[0], bookmark));
}

TEST_CASE("an empty XBEL file is written when there is nothing", "[xbel]") {
  Writing writing;
  CHECK(writing.sink->existing() == nullptr);
  writing.write({});
  CHECK(ReadAll(*writing.sink->existing()).bookmarks.empty());
  CHECK(write_one(Bookmark{}).find("<bookmark/>") != std::string::npos);
}
