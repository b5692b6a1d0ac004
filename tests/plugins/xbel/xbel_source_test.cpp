#include "xbel/xbel_source.hpp"

#include <fstream>
#include <sstream>

#include "linkferry/failure.hpp"
#include "linkferry/timestamp_text.hpp"
#include "plugins/jsonl/read_all.hpp"
#include "support/catch.hpp"
#include "support/map_settings.hpp"
#include "support/memory_host.hpp"

using namespace linkferry;
using test::ReadAll;

namespace {

struct Reading {
  explicit Reading(std::string text) {
    host.files["/in.xbel"] = std::move(text);
    source = xbel::make_source(test::MapSettings{{"path", "/in.xbel"}}, host);
  }
  ReadAll all(std::size_t limit = 256) { return ReadAll(*source, limit); }

  test::MemoryHost host;
  std::unique_ptr<Source> source;
};

std::string in_xbel(const std::string& inside) {
  return "<xbel version=\"1.0\">" + inside + "</xbel>";
}

std::string desktop() {
  std::ifstream in(LINKFERRY_TEST_DATA "/xbel/desktop.xbel", std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string failure_of(const std::string& text) {
  try {
    Reading(text).all();
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::configuration);
    return failure.what();
  }
  return "no failure";
}

}  // namespace

TEST_CASE("an XBEL bookmark keeps its attributes, texts and foreign metadata", "[xbel]") {
  const ReadAll read = Reading(desktop()).all();
  CHECK(read.result == ReadResult::end);
  REQUIRE(read.bookmarks.size() == 4);
  const Bookmark& bookmark = read.bookmarks[0];
  CHECK(bookmark.url == "https://a.example/?x=1&y=2");
  CHECK(bookmark.title == "First & best");
  CHECK(bookmark.description == "Two\n  lines");
  CHECK(format_rfc3339(bookmark.created_at) == "2019-05-01T10:11:12Z");
  CHECK(format_rfc3339(bookmark.visited_at) == "2020-01-02");
  CHECK_FALSE(bookmark.modified_at.is_known());
  CHECK(bookmark.folders.empty());
  CHECK(bookmark.line == 5);
  REQUIRE(bookmark.extra.size() == 2);
  CHECK(bookmark.extra[0].name == "xbel.id");
  CHECK(bookmark.extra[1].name == "xbel.metadata");
  CHECK(bookmark.extra[1].value ==
        "<metadata xmlns:bookmark=\"http://www.freedesktop.org/standards/desktop-bookmarks\" "
        "owner=\"http://freedesktop.org\">"
        "<bookmark:icon name=\"text-html\"/></metadata>");
}

TEST_CASE("TAGS as buku writes it are tags, and a date that is none is kept", "[xbel]") {
  const ReadAll read = Reading(desktop()).all();
  const Bookmark& bookmark = read.bookmarks.at(1);
  CHECK(bookmark.title == "From <buku>");
  REQUIRE(bookmark.tags.size() == 3);
  CHECK(bookmark.tags[1] == "y z");
  CHECK_FALSE(bookmark.modified_at.is_known());
  REQUIRE(bookmark.extra.size() == 1);
  CHECK(bookmark.extra[0].name == "xbel.modified");
  CHECK(bookmark.extra[0].value == "soon");
}

TEST_CASE("XBEL folders come with their facts, and separators with their place", "[xbel]") {
  const ReadAll read = Reading(desktop()).all();
  REQUIRE(read.folders.size() == 3);
  CHECK(read.folders[0].path[0] == "Work");
  CHECK(read.folders[0].description == "Paid");
  CHECK(read.folders[0].role == FolderRole::toolbar);
  CHECK(format_rfc3339(read.folders[0].created_at) == "2018-01-01T00:00:00Z");
  REQUIRE(read.folders[0].extra.size() == 2);
  CHECK(read.folders[0].extra[1].name == "xbel.folded");
  CHECK(read.folders[1].type == Folder::Type::separator);
  CHECK(read.folders[2].path.size() == 2);
  CHECK(read.folders[2].path[1] == "Empty");
  CHECK(read.folders_before == std::vector<std::size_t>{1, 2, 2});
}

TEST_CASE("an alias is the bookmark again in the other folder", "[xbel]") {
  const ReadAll read = Reading(desktop()).all();
  const Bookmark& alias = read.bookmarks.at(2);
  CHECK(alias.url == "https://a.example/?x=1&y=2");
  REQUIRE(alias.folders.size() == 1);
  CHECK(alias.folders[0][0] == "Work");
  REQUIRE(read.rejections.size() == 2);
  CHECK(read.rejections[0].reason ==
        "an alias refers to a folder, which cannot stand in two places");
  CHECK(read.rejections[1].reason == "an alias refers to an id that no bookmark has");
  CHECK(is_absent(read.bookmarks.at(3).url));
}

TEST_CASE("reading resumes after any batch of an XBEL file", "[xbel]") {
  Reading first(desktop());
  const ReadAll all = first.all(1);
  std::size_t seen = 0;
  for (const auto& batch : all.batches) {
    seen += batch->bookmarks.size();
    Reading second(desktop());
    REQUIRE(second.source->resume(batch->checkpoint));
    const ReadAll rest = second.all(2);
    REQUIRE(rest.bookmarks.size() == 4 - seen);
    for (std::size_t i = 0; i < rest.bookmarks.size(); ++i) {
      CHECK(rest.bookmarks[i].title == all.bookmarks[seen + i].title);
      CHECK(rest.bookmarks[i].folders.size() == all.bookmarks[seen + i].folders.size());
    }
  }
  CHECK(first.source->rewind());
  CHECK(first.all().bookmarks.size() == 4);
  CHECK_FALSE(first.source->resume("x"));
  CHECK_FALSE(first.source->resume("999"));
}

TEST_CASE("an XBEL file that is cut off is read up to its last whole bookmark", "[xbel]") {
  const std::string whole = desktop();
  const std::size_t root = whole.find("<xbel");
  for (std::size_t size = whole.find('>', root) + 1; size < whole.rfind("</xbel>"); ++size) {
    INFO(whole.substr(0, size));
    const ReadAll read = Reading(whole.substr(0, size)).all();
    REQUIRE(read.result == ReadResult::incomplete);
    CHECK(read.notices.back().starts_with("the file is cut off inside an element"));
    std::size_t complete = 0;
    for (const auto* end : {"</bookmark>", "<alias ref=\"b1\"/>"}) {
      for (std::size_t at = whole.find(end); at != std::string::npos;
           at = whole.find(end, at + 1)) {
        complete += at + std::string_view(end).size() <= size ? 1 : 0;
      }
    }
    CHECK(read.bookmarks.size() == complete);
  }
}

TEST_CASE("what is no XBEL file is refused with line and reason", "[xbel]") {
  CHECK(failure_of("<rss></rss>") == "/in.xbel: no XBEL file: found rss, expected <xbel>");
  CHECK(failure_of("") == "/in.xbel:0: not well-formed XML (empty document)");
  CHECK(failure_of("<xbel>\n<folder></bookmark></xbel>") ==
        "/in.xbel:2: not well-formed XML (mismatched element)");
  CHECK(failure_of("just text").starts_with("/in.xbel:"));
}

TEST_CASE("deep nesting and entity bombs cost little", "[xbel]") {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<folder>";
  CHECK(failure_of(in_xbel(deep)) == "/in.xbel:1: elements are nested deeper than 100 levels");
  const ReadAll read =
      Reading("<!DOCTYPE xbel [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>" +
              in_xbel("<bookmark href=\"u\"><title>&b;&#x41;&unknown;</title></bookmark>"))
          .all();
  REQUIRE(read.bookmarks.size() == 1);
  CHECK(read.bookmarks[0].title == "&b;A&unknown;");
}

TEST_CASE("ampersands that begin no reference stand for themselves in XBEL", "[xbel]") {
  const auto [inside, url] = GENERATE(table<std::string, std::string>({
      {"?a=1&amp;b=2&c=3&d", "?a=1&b=2&c=3&d"},
      {"a&#xD800;b&#0;c&#x110000;", "a&#xD800;b&#0;c&#x110000;"},
      {"&lt;&nbsp;&#233;&#xe9;&apos;&amp", "<&nbsp;éé'&amp"},
  }));
  const ReadAll read = Reading(in_xbel("<!-- & --><bookmark href=\"" + inside +
                                       "\"><title><![CDATA[&&amp;]]></title></bookmark>"))
                           .all();
  REQUIRE(read.bookmarks.size() == 1);
  CHECK(read.bookmarks[0].url == url);
  CHECK(read.bookmarks[0].title == "&&amp;");
}

TEST_CASE("a charset that the XML declaration names is read", "[xbel]") {
  const ReadAll read = Reading("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" +
                               in_xbel("<bookmark href=\"caf\xe9\"/>"))
                           .all();
  REQUIRE(read.bookmarks.size() == 1);
  CHECK(read.bookmarks[0].url == "café");
}

TEST_CASE("XBEL files are recognised by how they begin", "[xbel]") {
  CHECK(xbel::recognize(desktop(), true) == 95);
  CHECK(xbel::recognize("\xef\xbb\xbf <!-- c --><xbel>", true) == 95);
  CHECK(xbel::recognize("<!DOCTYPE xbel PUBLIC", false) == 95);
  for (const auto* other :
       {"", "x", "<html><xbel>", "{\"url\":\"<xbel\"}", "<?xml version=\"1.0\"?><rss>"}) {
    INFO(other);
    CHECK(xbel::recognize(other, true) == 0);
  }
}
