#include "raindrop/raindrop_source.hpp"

#include <memory>
#include <string>
#include <vector>

#include "plugins/jsonl/read_all.hpp"
#include "plugins/jsonl/record_equality.hpp"
#include "support/bookmarks.hpp"
#include "support/catch.hpp"
#include "support/map_settings.hpp"
#include "support/memory_host.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Paths = std::vector<std::vector<std::string>>;

namespace {

const std::string export_header =
    "id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\n";

const std::string html_export =
    "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; "
    "charset=UTF-8\">\n"
    "<TITLE>Raindrop.io Bookmarks</TITLE>\n<H1>Raindrop.io Bookmarks</H1>\n<DL><p>\n"
    "\t<DT><H3 ADD_DATE=\"0\" LAST_MODIFIED=\"0\">Unsorted</H3>\n\t<DL><p>\n"
    "\t\t<DT><A HREF=\"https://e.org/?a=1&region=2\" ADD_DATE=\"1725394013\" "
    "LAST_MODIFIED=\"1725394014\" TAGS=\"a,b c\" "
    "DATA-COVER=\"https://e.org/c.png\" DATA-IMPORTANT=\"true\">Title</A>\n\t\t<DD>It&#39;s an "
    "excerpt\n"
    "\t\t<DD><blockquote COLOR=\"yellow\" ADD_DATE=\"1725394015\">some "
    "words</blockquote>\n\t</DL><p>\n"
    "\t<DT><H3>Work</H3>\n\t<DL><p>\n\t\t<DT><A HREF=\"https://e.org/2\" TAGS=\"\" "
    "DATA-COVER=\"\">Two</A>\n\t</DL><p>\n</DL><p>\n";

/// A source over bytes, with everything it needs.
struct Opened {
  MemoryHost host;
  MapSettings settings;
  std::unique_ptr<Source> source;

  explicit Opened(const std::string& bytes, const std::string& separator = "auto",
                  const std::string& path = "r.csv")
      : host(std::map<std::string, std::string>{{path, bytes}}),
        settings({{"path", path}, {"folder_separator", separator}}),
        source(raindrop::make_source(settings, host)) {}
};

ReadAll read(const std::string& bytes, const std::string& separator = "auto",
             const std::string& path = "r.csv") {
  Opened opened(bytes, separator, path);
  return ReadAll(*opened.source);
}

std::vector<Paths> folders_of(const std::vector<std::string>& cells,
                              const std::string& separator = "auto",
                              const std::string& path = "r.csv") {
  std::string bytes = export_header;
  for (const auto& cell : cells) bytes += "1,t,,,https://e.org/,\"" + cell + "\",,,,,\n";
  const auto all = read(bytes, separator, path);
  std::vector<Paths> folders;
  for (const Bookmark& bookmark : all.bookmarks) folders.push_back(as_strings(bookmark.folders));
  return folders;
}

std::string message_of(const std::string& bytes) {
  try {
    read(bytes);
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::configuration);
    return failure.what();
  }
  return "no failure";
}

}  // namespace

TEST_CASE("every column of Raindrop's export has its field", "[raindrop]") {
  const auto all = read(
      export_header +
      "815,\"A title,\n with a break\",\"# Note\n- b\",Fish &amp; chips&nbsp;,https://e.org/#x,"
      "Work / C++,\"gui, two "
      "words\",2024-09-03T20:06:53.347Z,https://e.org/c.png,Highlight:fast,true\n"
      "816,,,,https://e.org/2,Unsorted,,,,,false\n");
  REQUIRE(all.bookmarks.size() == 2);
  const Bookmark& first = all.bookmarks[0];
  CHECK(first.origin->id == "815");
  CHECK(first.origin->plugin == "raindrop");
  CHECK(first.title == "A title, with a break");
  CHECK(first.notes == "# Note\n- b");
  CHECK(first.description == "Fish &amp; chips&nbsp;");
  CHECK(first.url == "https://e.org/#x");
  CHECK(as_strings(first.folders) == Paths{{"Work", "C++"}});
  CHECK(as_strings(first.tags) == std::vector<std::string>{"gui", "two words"});
  CHECK(format_rfc3339(first.created_at) == "2024-09-03T20:06:53.347Z");
  CHECK(first.cover_url == "https://e.org/c.png");
  REQUIRE(first.highlights.size() == 1);
  CHECK(first.highlights[0].text == "fast");
  CHECK(first.favorite == Flag::yes);
  CHECK(first.line == 2);
  const Bookmark& second = all.bookmarks[1];
  CHECK(is_absent(second.title));
  CHECK(is_absent(second.notes));
  CHECK(second.folders.empty());
  CHECK(second.tags.empty());
  CHECK_FALSE(second.created_at.is_known());
  CHECK(second.favorite == Flag::no);
  CHECK(second.line == 5);
}

TEST_CASE("columns go by their names, those of the import and of older exports too", "[raindrop]") {
  const auto all =
      read("Tags,URL,description,created,folder\n\"a, b\",https://e.org/,D,1700000000,x/y\n");
  REQUIRE(all.bookmarks.size() == 1);
  CHECK(all.bookmarks[0].description == "D");
  CHECK(format_rfc3339(all.bookmarks[0].created_at) == "2023-11-14T22:13:20Z");
  CHECK(as_strings(all.bookmarks[0].folders) == Paths{{"x", "y"}});
}

TEST_CASE("folders split at blank slash blank, and at a bare slash only in files without it",
          "[raindrop]") {
  CHECK(folders_of({"a / b/c", "d/e", "Unsorted"}) ==
        std::vector<Paths>{{{"a", "b/c"}}, {{"d/e"}}, {}});
  CHECK(folders_of({"d/e", "a / b"}) == std::vector<Paths>{{{"d/e"}}, {{"a", "b"}}});
  CHECK(folders_of({"d/e", "f", "Unsorted / x"}) ==
        std::vector<Paths>{{{"d/e"}}, {{"f"}}, {{"Unsorted", "x"}}});
  CHECK(folders_of({"d/e", "f"}) == std::vector<Paths>{{{"d", "e"}}, {{"f"}}});
  CHECK(folders_of({"d/e", "f"}, " / ") == std::vector<Paths>{{{"d/e"}}, {{"f"}}});
  CHECK(folders_of({"d/e", "a / b"}, "/") == std::vector<Paths>{{{"d", "e"}}, {{"a", "b"}}});
}

TEST_CASE("a blank slash blank in a title says nothing about folders", "[raindrop]") {
  const auto all = read("url,title,folder\nhttps://e.org/,a / b,c/d\n");
  CHECK(as_strings(all.bookmarks[0].folders) == Paths{{"c", "d"}});
}

TEST_CASE("from a pipe the columns decide about slashes, and a notice says so", "[raindrop]") {
  CHECK(folders_of({"d/e"}, "auto", "-") == std::vector<Paths>{{{"d/e"}}});
  const auto all = read("url,folder\nhttps://e.org/,d/e\n", "auto", "-");
  CHECK(as_strings(all.bookmarks[0].folders) == Paths{{"d", "e"}});
  CHECK(all.notices.size() == 1);
}

TEST_CASE("highlights are read one by one, and what is none of them is kept", "[raindrop]") {
  const auto all = read(export_header +
                        "1,,,,https://e.org/,,,,,\"Highlight:one\nof two lines\nHighlight: two\",\n"
                        "2,,,,https://e.org/2,,,,,\"Something else\nHighlight:three\",\n"
                        "3,,,,https://e.org/3,,,,,\"No highlight: at all\",\n");
  REQUIRE(all.bookmarks.size() == 3);
  REQUIRE(all.bookmarks[0].highlights.size() == 2);
  CHECK(all.bookmarks[0].highlights[0].text == "one\nof two lines");
  CHECK(all.bookmarks[0].highlights[1].text == "two");
  CHECK(all.bookmarks[0].extra.empty());
  REQUIRE(all.bookmarks[1].extra.size() == 1);
  CHECK(all.bookmarks[1].extra[0].name == "raindrop.highlights");
  CHECK(all.bookmarks[1].extra[0].value == "Something else");
  CHECK(all.bookmarks[2].highlights.empty());
  CHECK(all.bookmarks[2].extra[0].value == "No highlight: at all");
}

TEST_CASE("columns and cells that nobody knows are kept as extra attributes", "[raindrop]") {
  const auto all = read("url,folder,mood\nhttps://e.org/,,good,further\n");
  REQUIRE(all.bookmarks[0].extra.size() == 2);
  CHECK(all.bookmarks[0].extra[0].name == "raindrop.mood");
  CHECK(all.bookmarks[0].extra[0].value == "good");
  CHECK(all.bookmarks[0].extra[1].name == "raindrop.column4");
  CHECK(all.notices.size() == 1);
}

TEST_CASE("an unreadable date is unknown, with a notice", "[raindrop]") {
  const auto all = read("url,created\nhttps://e.org/,yesterday\nhttps://e.org/,0\n");
  CHECK_FALSE(all.bookmarks[0].created_at.is_known());
  CHECK(all.notices == std::vector<std::string>{"a date that cannot be read is left out (2)"});
}

TEST_CASE("a file that is no Raindrop file is refused with what it looks like", "[raindrop]") {
  CHECK(message_of("title,url,time_added,tags,status\n").find("use the plugin pocket") !=
        std::string::npos);
  CHECK(message_of("name,address\n").find("its header is \"name,address\"") != std::string::npos);
  CHECK(message_of("{\"a\": 1}").find("JSON") != std::string::npos);
  CHECK(message_of("<html><body>Hello</body></html>") != "no failure");
}

TEST_CASE("an empty file has no bookmarks", "[raindrop]") {
  for (const std::string bytes : {"", "\n\n"}) {
    const auto all = read(bytes);
    CHECK(all.bookmarks.empty());
    CHECK(all.result == ReadResult::end);
  }
  CHECK(read(export_header).bookmarks.empty());
}

TEST_CASE("a Raindrop CSV cut off inside a cell is read as far as it goes", "[raindrop]") {
  const auto all = read("url,title\nhttps://e.org/,one\nhttps://e.org/2,\"tw");
  CHECK(all.bookmarks.size() == 1);
  CHECK(all.result == ReadResult::incomplete);
  REQUIRE(all.rejections.size() == 1);
  CHECK(all.rejections[0].line == 3);
  CHECK(all.notices == std::vector<std::string>{"the file ends inside a quoted cell (3)"});
}

TEST_CASE(
    "reading a Raindrop CSV gives the same however the bytes arrive, and goes on at every "
    "checkpoint",
    "[raindrop]") {
  std::string bytes = export_header;
  for (int i = 0; i < 50; ++i) {
    const std::string n = std::to_string(i);
    bytes += n + ",\"t \"\"" + n + "\"\"\",\"n\n" + n + "\",,https://e.org/" + n + ",A / é" + n +
             ",\"x, y\",,,,true\n";
  }
  const auto whole = read(bytes);
  REQUIRE(whole.bookmarks.size() == 50);
  for (const std::size_t size : {1u, 2u, 3u, 7u}) {
    Opened opened(bytes);
    opened.host.read_sizes = {size};
    const ReadAll all(*opened.source, 3);
    REQUIRE(all.bookmarks.size() == 50);
    for (std::size_t i = 0; i < 50; ++i) CHECK(is_same(all.bookmarks[i], whole.bookmarks[i]));
    std::size_t done = 0;
    for (const auto& batch : all.batches) {
      done += batch->bookmarks.size();
      Opened again(bytes);
      REQUIRE(again.source->resume(batch->checkpoint));
      const ReadAll rest(*again.source);
      REQUIRE(rest.bookmarks.size() == 50 - done);
      for (std::size_t i = done; i < 50; ++i) {
        CHECK(is_same(rest.bookmarks[i - done], whole.bookmarks[i]));
        CHECK(rest.bookmarks[i - done].line == whole.bookmarks[i].line);
      }
    }
  }
}

TEST_CASE("a checkpoint of something else is refused", "[raindrop]") {
  Opened opened(export_header + "1,t,,,https://e.org/,,,,,,\n");
  CHECK_FALSE(opened.source->resume("nonsense"));
  CHECK_FALSE(opened.source->resume("9999999:3"));
  CHECK(ReadAll(*opened.source).bookmarks.size() == 1);
}

TEST_CASE("Raindrop's HTML gives covers, favourites and highlights", "[raindrop]") {
  const auto all = read(html_export);
  REQUIRE(all.bookmarks.size() == 2);
  const Bookmark& first = all.bookmarks[0];
  CHECK(first.url == "https://e.org/?a=1&region=2");
  CHECK(first.folders.empty());
  CHECK(first.cover_url == "https://e.org/c.png");
  CHECK(first.favorite == Flag::yes);
  CHECK(first.description == "It's an excerpt");
  REQUIRE(first.highlights.size() == 1);
  CHECK(first.highlights[0].text == "some words");
  CHECK(first.highlights[0].color == "yellow");
  CHECK(format_rfc3339(first.highlights[0].created_at) == "2024-09-03T20:06:55Z");
  CHECK(as_strings(all.bookmarks[1].folders) == Paths{{"Work"}});
  CHECK(is_absent(all.bookmarks[1].cover_url));
  for (const Folder& folder : all.folders) CHECK(folder.path[0] == "Work");
}

TEST_CASE("Raindrop's HTML is the same when it is skimmed and completed", "[raindrop]") {
  const auto all = read(html_export);
  Opened opened(html_export);
  REQUIRE(opened.source->skim());
  Batch batch;
  opened.source->read(batch, 100, {});
  REQUIRE(batch.bookmarks.size() == all.bookmarks.size());
  REQUIRE(batch.rests.size() == all.bookmarks.size());
  CHECK(is_present(batch.rests[0]));
  CHECK(is_absent(batch.bookmarks[0].description));
  for (std::size_t i = 0; i < batch.bookmarks.size(); ++i) {
    opened.source->complete(batch.bookmarks[i], batch.rests[i], batch.arena);
    CHECK(is_same(batch.bookmarks[i], all.bookmarks[i]));
  }
  CHECK_FALSE(Opened(export_header).source->skim());
}

TEST_CASE("Raindrop files are recognized by their columns or title", "[raindrop]") {
  CHECK(raindrop::recognize(export_header, true) == 95);
  CHECK(raindrop::recognize("url,folder,title,note,tags,created\n", true) == 70);
  CHECK(raindrop::recognize("title,url,time_added,tags,status\n", true) == 0);
  CHECK(raindrop::recognize(
            "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Raindrop.io Bookmarks</TITLE>\n", false) ==
        100);
  CHECK(raindrop::recognize("<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n",
                            false) == 0);
  CHECK(raindrop::recognize("URL,Title,Folder,Rating\n", true) == 10);
  CHECK(raindrop::recognize("URL,Title,Selection,Folder,Timestamp\n", true) == 0);
  CHECK(raindrop::recognize("", true) == 0);
}
