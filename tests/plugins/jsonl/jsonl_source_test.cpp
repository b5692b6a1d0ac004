#include "jsonl/jsonl_source.hpp"

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
  explicit Reading(std::string text, std::vector<std::size_t> sizes = {})
      : host({{"/in.jsonl", std::move(text)}}) {
    host.read_sizes = std::move(sizes);
    source = jsonl::make_source(test::MapSettings{{"path", "/in.jsonl"}}, host);
  }
  ReadAll all(std::size_t limit = 256) { return ReadAll(*source, limit); }

  test::MemoryHost host;
  std::unique_ptr<Source> source;
};

std::string failure_of(Reading reading) {
  try {
    reading.all();
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::configuration);
    return failure.what();
  }
  return "no failure";
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

constexpr auto full_line =
    R"({"url":"https://a.example/?q=1","title":"A \"b\" \u00e9\ud83d\ude00","description":"","tags":["x","y z"],)"
    R"("folders":[["Work","Tools"],[]],"created_at":"2024-09-03T20:06:53.347Z","modified_at":"1965-01-01","unread":true,)"
    R"("archived":false,"kind":"post","highlights":[{"text":"t","created_at":"2020-01-01T00:00:00Z"}],)"
    R"("media":[{"url":"https://m.example/1.png","kind":"image"}],"post":{"author":"@a@b.example"},)"
    R"("extra":{"netscape.LAST_CHARSET":"UTF-8","bare":null},"origin":{"plugin":"linkding","id":"17"}})";

}  // namespace

TEST_CASE("every key of a jsonl line reaches its field", "[jsonl]") {
  const ReadAll read = Reading(std::string(full_line) + "\n").all();
  REQUIRE(read.bookmarks.size() == 1);
  const Bookmark& bookmark = read.bookmarks[0];
  CHECK(bookmark.url == "https://a.example/?q=1");
  CHECK(bookmark.title == "A \"b\" é😀");
  CHECK(is_present(bookmark.description));
  CHECK(bookmark.description.empty());
  CHECK(is_absent(bookmark.notes));
  REQUIRE(bookmark.tags.size() == 2);
  CHECK(bookmark.tags[1] == "y z");
  REQUIRE(bookmark.folders.size() == 2);
  CHECK(bookmark.folders[0][1] == "Tools");
  CHECK(bookmark.folders[1].empty());
  CHECK(format_rfc3339(bookmark.created_at) == "2024-09-03T20:06:53.347Z");
  CHECK(format_rfc3339(bookmark.modified_at) == "1965-01-01");
  CHECK(bookmark.unread == Flag::yes);
  CHECK(bookmark.archived == Flag::no);
  CHECK(bookmark.shared == Flag::unknown);
  CHECK(bookmark.kind == Kind::post);
  REQUIRE(bookmark.highlights.size() == 1);
  CHECK(bookmark.highlights[0].text == "t");
  REQUIRE(bookmark.media.size() == 1);
  CHECK(bookmark.media[0].kind == "image");
  REQUIRE(bookmark.post != nullptr);
  CHECK(bookmark.post->author == "@a@b.example");
  REQUIRE(bookmark.extra.size() == 2);
  CHECK(is_absent(bookmark.extra[1].value));
  REQUIRE(bookmark.origin != nullptr);
  CHECK(bookmark.origin->id == "17");
  CHECK(bookmark.line == 1);
}

TEST_CASE("keys may come in any order, with blanks, CRLF, a byte order mark and blank lines around",
          "[jsonl]") {
  const ReadAll read =
      Reading(
          "\xef\xbb\xbf\r\n \t{ \"title\" : \"T\" ,\t\"ur\\u006c\":\"u\" } \r\n\n{\"url\":\"v\"}")
          .all();
  CHECK(read.result == ReadResult::end);
  REQUIRE(read.bookmarks.size() == 2);
  CHECK(read.bookmarks[0].url == "u");
  CHECK(read.bookmarks[0].title == "T");
  CHECK(read.bookmarks[0].line == 2);
  CHECK(read.bookmarks[1].line == 4);
  CHECK(read.rejections.empty());
}

TEST_CASE("what no field takes survives in extra", "[jsonl]") {
  const ReadAll read =
      Reading(
          R"({"url":"u","id":7,"list":[1, {"a":"]"}],"note":"a\tb","none":null,"title":"one","title":"two",)"
          R"("created_at":"yesterday","kind":"video","type":"bookmark","highlights":[{"page":3}]})")
          .all();
  REQUIRE(read.bookmarks.size() == 1);
  const auto& extra = read.bookmarks[0].extra;
  REQUIRE(extra.size() == 8);
  const std::pair<Text, Text> expected[] = {
      {"jsonl.id", "7"},          {"jsonl.list", R"([1, {"a":"]"}])"}, {"jsonl.note", "a\tb"},
      {"jsonl.title", "two"},     {"jsonl.created_at", "yesterday"},   {"jsonl.kind", "video"},
      {"jsonl.type", "bookmark"}, {"jsonl.highlights.page", "3"}};
  for (std::size_t i = 0; i < extra.size(); ++i) {
    CHECK(extra[i].name == expected[i].first);
    CHECK(extra[i].value == expected[i].second);
  }
  CHECK(read.bookmarks[0].title == "one");
  CHECK_FALSE(read.bookmarks[0].created_at.is_known());
  CHECK(read.notices.size() == 3);
}

TEST_CASE("a value of the wrong type refuses its line and names key, found and expected",
          "[jsonl]") {
  const auto [line, reason] = GENERATE(table<std::string, std::string>({
      {R"({"url":5})", "url: found a number, expected a text"},
      {R"({"url":"u","tags":"a,b"})", "tags: found a text, expected a list of texts"},
      {R"({"url":"u","tags":["a",null]})", "tags: found null, expected texts in the list"},
      {R"({"url":"u","folders":["Work"]})",
       "folders: found a text, expected a list of lists of names"},
      {R"({"url":"u","unread":"yes"})", "unread: found a text, expected true or false"},
      {R"({"url":"u","created_at":1725393600})",
       "created_at: found a number, expected a date as a text (2024-09-03T20:06:53Z)"},
      {R"({"url":"u","extra":[]})", "extra: found a list, expected an object of texts"},
      {R"({"url":"u","post":{"html":true}})", "post.html: found true, expected a text"},
      {R"({"url":"u","highlights":[1]})",
       "highlights: found a number, expected objects in the list"},
      {R"({"type":"folder","path":"Work"})", "path: found a text, expected a list of names"},
  }));
  const ReadAll read = Reading("{\"url\":\"first\"}\n" + line + "\n{\"url\":\"last\"}\n").all();
  REQUIRE(read.rejections.size() == 1);
  CHECK(read.rejections[0].reason == reason);
  CHECK(read.rejections[0].line == 2);
  CHECK(read.rejections[0].before == 1);
  CHECK(read.rejections[0].excerpt == line);
  CHECK(read.bookmarks.size() == 2);
}

TEST_CASE("a line that is not JSON is refused with its line, and reading goes on", "[jsonl]") {
  const std::string line = GENERATE(
      as<std::string>(), "nonsense", "[1]", "{\"url\":}", "{\"url\":\"a\",}", "{\"url\":\"a\"}}",
      "{\"url\":\"a\" \"title\":\"b\"}", "{\"url\":\"a\tb\"}", "{\"a\":01}", "{\"a\":1.}",
      "{\"a\":+1}", "{\"a\":tru}", "{\"url\":\"\\x\"}", "{\"url\":\"\\u12\"}", "{'url':'a'}",
      "{\"a\":[1,]}", "{\"a\":[}", "{\"url\":\"a\"", "{\"url\":\"\\", "{\"a\":{\"b\":1]}");
  const ReadAll read = Reading("{\"url\":\"first\"}\n" + line + "\n{\"url\":\"last\"}\n").all();
  INFO(line);
  CHECK(read.rejections.size() == 1);
  CHECK(read.bookmarks.size() == 2);
  CHECK(read.result == ReadResult::end);
}

TEST_CASE("a last line that is cut off makes the file incomplete and loses nothing before it",
          "[jsonl]") {
  const std::string whole = full_line;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const ReadAll read = Reading("{\"url\":\"u\"}\n" + whole.substr(0, size)).all();
    INFO(whole.substr(0, size));
    CHECK(read.bookmarks.size() == 1);
    CHECK(read.rejections.empty());
    REQUIRE(read.result == ReadResult::incomplete);
    CHECK(read.notices.back() == "the file is cut off inside its last line (2)");
  }
}

TEST_CASE("a jsonl file does not depend on the sizes in which it is read", "[jsonl]") {
  std::string text;
  for (int i = 0; i < 40; ++i)
    text += std::string(full_line) + "\nbroken\n{\"type\":\"separator\",\"path\":[\"Work\"]}\r\n\n";
  text += "{\"url\":\"cut";
  const ReadAll expected = Reading(text).all();
  const std::size_t size = GENERATE(1u, 2u, 3u, 7u);
  const std::size_t limit = GENERATE(1u, 5u, 256u);
  const ReadAll read = Reading(text, {size}).all(limit);
  CHECK(read.result == ReadResult::incomplete);
  CHECK(read.rejections.size() == expected.rejections.size());
  CHECK(read.folders_before == expected.folders_before);
  REQUIRE(read.bookmarks.size() == 40);
  for (std::size_t i = 0; i < 40; ++i) {
    CHECK(read.bookmarks[i].title == expected.bookmarks[i].title);
    CHECK(read.bookmarks[i].line == i * 4 + 1);
  }
}

TEST_CASE("reading resumes after any batch of a jsonl file", "[jsonl]") {
  std::string text = "\xef\xbb\xbf";
  for (int i = 0; i < 20; ++i)
    text += "{\"url\":\"u" + std::to_string(i) + "\"}\n" + (i % 3 == 0 ? "\n" : "");
  Reading first(text);
  const ReadAll all = first.all(3);
  std::size_t seen = 0;
  for (const auto& batch : all.batches) {
    seen += batch->bookmarks.size();
    Reading second(text);
    REQUIRE(second.source->resume(batch->checkpoint));
    const ReadAll rest = second.all(4);
    REQUIRE(rest.bookmarks.size() == 20 - seen);
    for (std::size_t i = 0; i < rest.bookmarks.size(); ++i) {
      CHECK(rest.bookmarks[i].url == all.bookmarks[seen + i].url);
      CHECK(rest.bookmarks[i].line == all.bookmarks[seen + i].line);
    }
  }
  CHECK(seen == 20);
  REQUIRE(first.source->rewind());
  CHECK(first.all().bookmarks.size() == 20);
  for (const auto* checkpoint : {"", "x", "5", "5 x", "5 0", "99999 3"})
    CHECK_FALSE(first.source->resume(checkpoint));
}

TEST_CASE("standard input can be read but not rewound", "[jsonl]") {
  test::MemoryHost host;
  host.files["-"] = "{\"url\":\"u\"}\n";
  const auto source = jsonl::make_source(test::MapSettings{{"path", "-"}}, host);
  CHECK(ReadAll(*source).bookmarks.size() == 1);
  CHECK_FALSE(source->rewind());
}

TEST_CASE("a file that is no jsonl file is refused with a hint", "[jsonl]") {
  CHECK(failure_of(Reading("[{\"url\":\"u\"}]")) ==
        "/in.jsonl:1: found a JSON array, expected one JSON object a line; `jq -c '.[]'` makes "
        "such lines of an array");
  std::string html;
  for (int i = 0; i < 30; ++i) html += "<DT><A HREF=\"u\">A</A>\n";
  CHECK(failure_of(Reading(html)) ==
        "/in.jsonl: none of its first 21 lines is a JSON object; it is no file of JSON lines");
  CHECK(failure_of(Reading("url,title\n")).find("no file of JSON lines") != std::string::npos);
  CHECK(Reading("").all().result == ReadResult::end);
}

TEST_CASE("folder records and separators keep their place among the bookmarks", "[jsonl]") {
  const ReadAll read = Reading(
                           "{\"path\":[\"Work\"],\"role\":\"toolbar\",\"type\":\"folder\","
                           "\"description\":\"d\",\"x\":1}\n"
                           "{\"url\":\"u\"}\n{\"type\":\"separator\",\"path\":[]}\n")
                           .all();
  REQUIRE(read.folders.size() == 2);
  CHECK(read.folders_before == std::vector<std::size_t>{0, 1});
  CHECK(read.folders[0].role == FolderRole::toolbar);
  CHECK(read.folders[0].description == "d");
  REQUIRE(read.folders[0].extra.size() == 1);
  CHECK(read.folders[0].extra[0].name == "jsonl.x");
  CHECK(read.folders[1].type == Folder::Type::separator);
  CHECK(read.folders[1].path.empty());
}

TEST_CASE("bytes that are no UTF-8 and halves of surrogate pairs become U+FFFD", "[jsonl]") {
  const ReadAll read = Reading(
                           "{\"url\":\"u\"}\n{\"url\":\"a\xff"
                           "b\xe2\x82\",\"title\":\"\\ud800x\\udc00\"}\n")
                           .all();
  REQUIRE(read.bookmarks.size() == 2);
  CHECK(read.bookmarks[1].url == "a\ufffdb\ufffd");
  CHECK(read.bookmarks[1].title == "\ufffdx\ufffd");
  CHECK(read.notices.size() == 2);
}

TEST_CASE("sizes and depth of a jsonl line have a limit", "[jsonl]") {
  const std::string first = "{\"url\":\"u\"}\n";
  SECTION("a text over 16 MiB") {
    const ReadAll read =
        Reading(first + "{\"title\":\"" + std::string((16 << 20) + 1, 'x') + "\"}\n" + first).all();
    REQUIRE(read.rejections.size() == 1);
    CHECK(read.rejections[0].reason == "title is larger than 16 MiB");
    CHECK(read.bookmarks.size() == 2);
  }
  SECTION("a line over 64 MiB") {
    const ReadAll read =
        Reading(first + "{\"x\":" + std::string(65 << 20, '1') + "}\n" + first).all();
    REQUIRE(read.rejections.size() == 1);
    CHECK(read.rejections[0].reason == "the line is larger than 64 MiB");
    CHECK(read.bookmarks.size() == 2);
    CHECK(read.bookmarks[1].line == 3);
  }
  SECTION("values nested too deep") {
    const ReadAll read =
        Reading(first + "{\"x\":" + std::string(100'000, '[') + "\n" + first).all();
    REQUIRE(read.rejections.size() == 1);
    CHECK(read.rejections[0].reason == "values are nested deeper than 1000 levels");
    CHECK(read.bookmarks.size() == 2);
  }
  SECTION("folders nested too deep") {
    std::string names = "\"f\"";
    for (int i = 0; i < 2000; ++i) names += ",\"f\"";
    const ReadAll read = Reading("{\"url\":\"u\",\"folders\":[[" + names + "]]}\n").all();
    REQUIRE(read.bookmarks.size() == 1);
    CHECK(read.bookmarks[0].folders[0].size() == max_folder_depth);
    CHECK(read.notices.size() == 1);
  }
  SECTION("a title of 1 MB and 10,000 tags are fine") {
    std::string tags = "\"t\"";
    for (int i = 1; i < 10'000; ++i) tags += ",\"t" + std::to_string(i) + "\"";
    const ReadAll read =
        Reading("{\"title\":\"" + std::string(1 << 20, 'x') + "\",\"tags\":[" + tags + "]}").all();
    REQUIRE(read.bookmarks.size() == 1);
    CHECK(read.bookmarks[0].title.size() == 1 << 20);
    CHECK(read.bookmarks[0].tags.size() == 10'000);
  }
}

TEST_CASE("a stop request ends a read at once", "[jsonl]") {
  Reading reading("{\"url\":\"u\"}\n");
  std::stop_source stop;
  stop.request_stop();
  Batch batch;
  CHECK(reading.source->read(batch, 256, stop.get_token()) == ReadResult::more);
  CHECK(batch.bookmarks.empty());
  CHECK(reading.all().bookmarks.size() == 1);
}

TEST_CASE("jsonl files are recognised by their first line", "[jsonl]") {
  CHECK(jsonl::recognize("\xef\xbb\xbf\n{\"url\":\"u\"}\nx", true) == 95);
  CHECK(jsonl::recognize("{\"type\":\"folder\",\"path\":[]}", true) == 95);
  CHECK(jsonl::recognize("{\"url\":\"" + std::string(70'000, 'x'), false) == 60);
  for (const auto* other : {"", "\n\n", "{", "{\n\"url\":\"u\"}", "[{\"url\":\"u\"}]",
                            "{\"href\":\"u\"}", "<!DOCTYPE x>", "url\n"}) {
    INFO(other);
    CHECK(jsonl::recognize(other, true) == 0);
  }
}

TEST_CASE("the jsonl sample file reads as its comments say", "[jsonl]") {
  const ReadAll read = Reading(read_file(LINKFERRY_TEST_DATA "/jsonl/small.jsonl")).all();
  CHECK(read.result == ReadResult::end);
  CHECK(read.bookmarks.size() == 4);
  CHECK(read.folders.size() == 2);
  CHECK(read.rejections.empty());
}

TEST_CASE("each line of another program's jsonl file is accounted for, with the reason",
          "[jsonl][samples]") {
  const std::string text = read_file(
      LINKFERRY_SAMPLES "/ArchiveBox__ArchiveBox/tests/mock_server/templates/example.jsonl");
  if (text.empty()) {
    WARN("the samples are not here");
    return;
  }
  CHECK(jsonl::recognize(text, true) == 0);
  const ReadAll read = Reading(text).all();
  CHECK(read.bookmarks.empty());
  REQUIRE(read.rejections.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(read.rejections[i].reason == "shared: found a text, expected true or false");
    CHECK(read.rejections[i].line == i + 1);
  }
}
