#include <filesystem>
#include <fstream>
#include <sstream>

#include "plugins/jsonl/record_equality.hpp"
#include "plugins/pocket/pocket_files.hpp"
#include "pocket/pocket_json.hpp"
#include "support/bookmarks.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Names = std::vector<std::string>;

namespace {

std::string load(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  return bytes.str();
}

}  // namespace

TEST_CASE("every column of Pocket's CSV has its field", "[pocket]") {
  const auto all = read_pocket(pocket_header +
                               "A title,https://e.org/#x,1600322788,css|web design,unread\n"
                               "https://e.org/2,https://e.org/2,1600322789,,archive\n"
                               "\"Two\n\nlines\",https://e.org/3,0,a,\n");
  REQUIRE(all.bookmarks.size() == 3);
  const Bookmark& first = all.bookmarks[0];
  CHECK(first.title == "A title");
  CHECK(first.url == "https://e.org/#x");
  CHECK(format_rfc3339(first.created_at) == "2020-09-17T06:06:28Z");
  CHECK(as_strings(first.tags) == Names{"css", "web design"});
  CHECK(first.unread == Flag::yes);
  CHECK(first.archived == Flag::no);
  CHECK(first.origin->plugin == "pocket");
  CHECK(is_absent(all.bookmarks[1].title));
  CHECK(all.bookmarks[1].archived == Flag::yes);
  CHECK(all.bookmarks[1].unread == Flag::no);
  CHECK(all.bookmarks[2].title == "Two lines");
  CHECK_FALSE(all.bookmarks[2].created_at.is_known());
  CHECK(all.bookmarks[2].unread == Flag::unknown);
  CHECK(all.notices.empty());
}

TEST_CASE("Pocket's columns go by their names, so the cursor of 2024 does no harm", "[pocket]") {
  const auto all = read_pocket(
      "title,url,time_added,cursor,tags,status\nShiori,https://e.org/,1541343937,,shiori,unread");
  REQUIRE(all.bookmarks.size() == 1);
  CHECK(as_strings(all.bookmarks[0].tags) == Names{"shiori"});
  CHECK(all.bookmarks[0].unread == Flag::yes);
  CHECK(all.bookmarks[0].extra.empty());
}

TEST_CASE("a status that nobody knows is kept, with a notice", "[pocket]") {
  const auto all = read_pocket(pocket_header + "T,https://e.org/,1,,shelved\n");
  REQUIRE(all.bookmarks[0].extra.size() == 1);
  CHECK(all.bookmarks[0].extra[0].name == "pocket.status");
  CHECK(all.bookmarks[0].extra[0].value == "shelved");
  CHECK(all.notices.size() == 1);
}

TEST_CASE("a tag list of 1,024 bytes was cut by Pocket, which is told", "[pocket]") {
  const std::string tags = std::string(1000, 'a') + "|" + std::string(23, 'b');
  CHECK(read_pocket(pocket_header + "T,https://e.org/,1," + tags + ",unread\n").notices.size() ==
        1);
  CHECK(read_pocket(pocket_header + "T,https://e.org/,1," + tags + "b,unread\n").notices.empty());
}

TEST_CASE("ril_export.html gives unread and archived bookmarks", "[pocket]") {
  const auto all = read_pocket(
      "<!DOCTYPE html>\n<html>\n<!--So long and thanks for all the fish-->\n<head><meta "
      "http-equiv=\"Content-Type\" "
      "content=\"text/html; charset=UTF-8\" /><title>Pocket "
      "Export</title></head>\n<body>\n<h1>Unread</h1>\n<ul>\n"
      "<li><a href=\"https://e.org/?a=1&amp;b=2\" time_added=\"1493913054\" tags=\"a,b c\">One "
      "&amp; only</a></li>\n"
      "<li><a href=\"https://e.org/2\" time_added=\"1493913055\" "
      "tags=\"\">https://e.org/2</a></li>\n</ul>\n"
      "<h1>Read Archive</h1>\n<ul>\n<li><a href=\"https://e.org/3\" time_added=\"1493913056\" "
      "tags=\"\">Three</a></li>\n"
      "</ul>\n</body>\n</html>\n");
  REQUIRE(all.bookmarks.size() == 3);
  CHECK(all.bookmarks[0].url == "https://e.org/?a=1&b=2");
  CHECK(all.bookmarks[0].title == "One & only");
  CHECK(format_rfc3339(all.bookmarks[0].created_at) == "2017-05-04T15:50:54Z");
  CHECK(as_strings(all.bookmarks[0].tags) == Names{"a", "b c"});
  CHECK(all.bookmarks[0].unread == Flag::yes);
  CHECK(all.bookmarks[0].folders.empty());
  CHECK(all.bookmarks[0].extra.empty());
  CHECK(is_absent(all.bookmarks[1].title));
  CHECK(all.bookmarks[2].archived == Flag::yes);
  CHECK(all.bookmarks[2].unread == Flag::no);
  CHECK(all.folders.empty());
}

TEST_CASE("a dump of Pocket's API gives favourites, excerpts, dates and highlights", "[pocket]") {
  const auto all = read_pocket(R"({"account": {}, "list": {
    "11": {"item_id": "11", "favorite": "1", "status": "1", "time_added": "1464715504", "time_updated": "1569145019",
      "time_read": "0", "tags": {"quantum": {"tag": "quantum"}}, "given_url": "http://e.org/?p=2464", "given_title": "",
      "resolved_title": "Bell", "resolved_url": "https://e.org/", "excerpt": "A few weeks ago", "lang": "en",
      "top_image_url": "https://e.org/i.gif", "annotations": [{"quote": "words", "created_at": "2019-09-22T03:36:43.000Z"}]},
    "12": {"item_id": "12", "status": "2"}}})");
  REQUIRE(all.bookmarks.size() == 1);
  const Bookmark& bookmark = all.bookmarks[0];
  CHECK(bookmark.url == "http://e.org/?p=2464");
  CHECK(bookmark.title == "Bell");
  CHECK(bookmark.description == "A few weeks ago");
  CHECK(as_strings(bookmark.tags) == Names{"quantum"});
  CHECK(bookmark.favorite == Flag::yes);
  CHECK(bookmark.archived == Flag::yes);
  CHECK(bookmark.unread == Flag::no);
  CHECK(bookmark.language == "en");
  CHECK(bookmark.cover_url == "https://e.org/i.gif");
  CHECK(format_rfc3339(bookmark.modified_at) == "2019-09-22T09:36:59Z");
  CHECK_FALSE(bookmark.read_at.is_known());
  REQUIRE(bookmark.highlights.size() == 1);
  CHECK(format_rfc3339(bookmark.highlights[0].created_at) == "2019-09-22T08:36:43.000Z");
  CHECK(bookmark.origin->id == "11");
  CHECK(bookmark.origin->raw.find("resolved_url") != Text::npos);
  REQUIRE(all.rejections.size() == 1);
  CHECK(all.rejections[0].reason == "the item was deleted in Pocket");
  CHECK(read_pocket(R"({"list": []})").bookmarks.empty());
}

TEST_CASE("the clock of Pocket's highlights is that of Texas", "[pocket]") {
  CHECK(format_rfc3339(pocket::parse_central_time("2020-01-01T00:00:00Z")) ==
        "2020-01-01T06:00:00Z");
  CHECK(format_rfc3339(pocket::parse_central_time("2020-03-08T01:59:59Z")) ==
        "2020-03-08T07:59:59Z");
  CHECK(format_rfc3339(pocket::parse_central_time("2020-03-08T03:00:00Z")) ==
        "2020-03-08T08:00:00Z");
  CHECK(format_rfc3339(pocket::parse_central_time("2020-11-01T02:00:00Z")) ==
        "2020-11-01T08:00:00Z");
  CHECK_FALSE(pocket::parse_central_time("yesterday").is_known());
}

TEST_CASE("a file that is no Pocket file is refused with what it looks like", "[pocket]") {
  CHECK(pocket_refusal("id,title,note,excerpt,url,folder,tags,created\n")
            .find("use the plugin raindrop") != std::string::npos);
  CHECK(pocket_refusal("name,address\n")
            .find("its header is \"name,address\", expected \"title,url") != std::string::npos);
  CHECK(pocket_refusal("<html></html>").find("HTML") != std::string::npos);
  CHECK(pocket_refusal("[1, 2]").find("JSON") != std::string::npos);
  CHECK(pocket_refusal("{\"list\": {\"1\": {").find("no complete JSON") != std::string::npos);
  CHECK(pocket_refusal("\"title,url").find("its first row has no end") != std::string::npos);
}

TEST_CASE("an empty file has no Pocket bookmarks", "[pocket]") {
  CHECK(read_pocket("").bookmarks.empty());
  CHECK(read_pocket(pocket_header).bookmarks.empty());
}

TEST_CASE("Pocket files are recognized by their content", "[pocket]") {
  CHECK(pocket::recognize(pocket_header, true) == 95);
  CHECK(pocket::recognize("title,url,time_added,cursor,tags,status\nx", false) == 95);
  CHECK(pocket::recognize("<!DOCTYPE html><html><head><title>Pocket Export</title>", false) == 100);
  CHECK(pocket::recognize("<!DOCTYPE NETSCAPE-Bookmark-file-1>", false) == 0);
  CHECK(pocket::recognize("id,title,note,excerpt,url,folder,tags,created\n", true) == 0);
  CHECK(pocket::recognize(R"({"list": {"1": {"item_id": "1", "given_url": "x"}}})", true) == 90);
  CHECK(pocket::recognize("", true) == 0);
}

TEST_CASE(
    "reading Pocket's CSV gives the same however the bytes arrive, and goes on at every checkpoint",
    "[pocket]") {
  std::string bytes = pocket_header;
  for (int i = 0; i < 50; ++i) {
    const std::string n = std::to_string(i);
    bytes +=
        "\"t \"\"" + n + "\"\",\né\",https://e.org/" + n + ",160000000" + n + ",a|b c,unread\n";
  }
  const auto whole = read_pocket(bytes);
  REQUIRE(whole.bookmarks.size() == 50);
  for (const std::size_t size : {1u, 2u, 3u, 7u}) {
    OpenedPocket opened(bytes);
    opened.host.read_sizes = {size};
    const ReadAll all(*opened.source, 7);
    REQUIRE(all.bookmarks.size() == 50);
    for (std::size_t i = 0; i < 50; ++i) CHECK(is_same(all.bookmarks[i], whole.bookmarks[i]));
    std::size_t done = 0;
    for (const auto& batch : all.batches) {
      done += batch->bookmarks.size();
      OpenedPocket again(bytes);
      REQUIRE(again.source->resume(batch->checkpoint));
      const ReadAll rest(*again.source);
      REQUIRE(rest.bookmarks.size() == 50 - done);
      for (std::size_t i = done; i < 50; ++i)
        CHECK(is_same(rest.bookmarks[i - done], whole.bookmarks[i]));
    }
  }
}

TEST_CASE("Pocket's CSV comes through a pipe, but cannot be read twice", "[pocket]") {
  OpenedPocket opened(pocket_header + "T,https://e.org/,1,,unread\n", "-");
  CHECK(ReadAll(*opened.source).bookmarks.size() == 1);
  CHECK_FALSE(opened.source->rewind());
}

TEST_CASE("the real Pocket files have as many bookmarks as they say", "[pocket][samples]") {
  const std::filesystem::path samples = LINKFERRY_SAMPLES;
  if (!std::filesystem::exists(samples)) {
    WARN("no samples at " << samples.string());
    return;
  }
  const auto [file, count, unread, archived] = GENERATE(table<std::string, std::size_t, int, int>({
      {"wallabag__wallabag/tests/fixtures/Import/pocket.csv", 7, 5, 2},
      {"wallabag__wallabag/tests/fixtures/Import/ril_export.html", 2, 2, 0},
      {"go-shiori__shiori/testdata/pocket-new.csv", 1, 1, 0},
      {"go-shiori__shiori/testdata/pocket-old.csv", 1, 1, 0},
      {"karakeep-app__karakeep/inline/15-sets-archived-true-for-items-with-status-archive.csv", 1,
       0, 1},
      {"karakeep-app__karakeep/inline/16-sets-archived-false-for-items-with-status-unread.csv", 1,
       1, 0},
      {"ArchiveBox__ArchiveBox/example_ril_export.html", 19, 9, 10},
      // The list of samples says 3; the file has two items.
      {"karlicoss__pockexport/example-output.json", 2, 2, 0},
  }));
  CAPTURE(file);
  const std::string bytes = load(samples / file);
  REQUIRE_FALSE(bytes.empty());
  CHECK(pocket::recognize(std::string_view(bytes).substr(0, 65536), bytes.size() <= 65536) >= 90);
  const auto all = read_pocket(bytes);
  CHECK(all.bookmarks.size() == count);
  const auto is = [&all](Flag Bookmark::*flag) {
    return std::count_if(all.bookmarks.begin(), all.bookmarks.end(),
                         [flag](const Bookmark& b) { return b.*flag == Flag::yes; });
  };
  CHECK(is(&Bookmark::unread) == unread);
  CHECK(is(&Bookmark::archived) == archived);
  CHECK(all.rejections.empty());
}
