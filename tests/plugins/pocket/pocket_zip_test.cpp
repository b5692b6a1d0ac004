#include <Poco/DateTime.h>
#include <Poco/Zip/Compress.h>

#include <sstream>

#include "plugins/jsonl/record_equality.hpp"
#include "plugins/pocket/pocket_files.hpp"
#include "pocket/pocket_zip_source.hpp"
#include "pocket/zip_archive.hpp"
#include "support/bookmarks.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Members = std::vector<std::pair<std::string, std::string>>;
using Names = std::vector<std::string>;

namespace {

std::string make_zip(const Members& members, bool is_streamed = false) {
  std::ostringstream out;
  Poco::Zip::Compress compress(out, !is_streamed);
  for (const auto& [name, content] : members) {
    std::istringstream in(content);
    compress.addFile(in, Poco::DateTime(2025, 5, 1), Poco::Path(name, Poco::Path::PATH_UNIX));
  }
  compress.close();
  return out.str();
}

/// Poco refuses to write names of a path outside; here they are put in afterwards, in both places.
std::string with_renamed_member(std::string zip, const std::string& from, const std::string& to) {
  REQUIRE(from.size() == to.size());
  for (auto at = zip.find(from); at != std::string::npos; at = zip.find(from, at + 1))
    zip.replace(at, from.size(), to);
  return zip;
}

std::string rows(int from, int to) {
  std::string csv = pocket_header;
  for (int i = from; i < to; ++i) {
    csv += "\"T, " + std::to_string(i) + "\",https://e.org/" + std::to_string(i) + ",16000000" +
           std::to_string(10 + i) + ",a|b,unread\n";
  }
  return csv;
}

Members export_members() {
  return {
      {"part_10.csv", rows(4, 6)},
      {"part_2.csv", rows(0, 4)},
      {"annotations/part_000000.json",
       R"([{"url": "https://e.org/5", "title": "T, 5", "highlights": [{"quote": "words", "created_at": 1568944000},
               {"quote": "more", "created_at": "1568944001"}]},
              {"url": "https://e.org/gone", "title": "Gone", "highlights": [{"quote": "left", "created_at": 1568944002}]}])"},
      {"collections/reading.json",
       R"({"slug": "reading", "title": "Reading", "description": "What to read", "createdAt": "2024-01-02T03:04:05.000Z",
              "items": [{"url": "https://e.org/1", "title": "T, 1", "excerpt": "An excerpt", "note": "A note"},
                        {"url": "https://e.org/c", "title": "https://e.org/c"}]})"},
      {"images/cover.png", "not looked at"}};
}

Names urls_of(const ReadAll& all) {
  Names urls;
  for (const Bookmark& bookmark : all.bookmarks) urls.emplace_back(bookmark.url);
  return urls;
}

}  // namespace

TEST_CASE("Pocket's zip gives the rows of its parts in order, its highlights and its collections",
          "[pocket][zip]") {
  const bool is_streamed = GENERATE(false, true);
  const auto all = read_pocket(make_zip(export_members(), is_streamed));
  CHECK(all.result == ReadResult::end);
  CHECK(urls_of(all) == Names{"https://e.org/0", "https://e.org/1", "https://e.org/2",
                              "https://e.org/3", "https://e.org/4", "https://e.org/5",
                              "https://e.org/gone", "https://e.org/1", "https://e.org/c"});
  REQUIRE(all.bookmarks.size() == 9);
  REQUIRE(all.bookmarks[5].highlights.size() == 2);
  CHECK(all.bookmarks[5].highlights[0].text == "words");
  CHECK(format_rfc3339(all.bookmarks[5].highlights[1].created_at) == "2019-09-20T01:46:41Z");
  CHECK(all.bookmarks[6].title == "Gone");
  REQUIRE(all.bookmarks[6].highlights.size() == 1);
  const Bookmark& collected = all.bookmarks[7];
  CHECK(collected.title == "T, 1");
  CHECK(collected.description == "An excerpt");
  CHECK(collected.notes == "A note");
  CHECK(as_strings(collected.folders) == std::vector<Names>{{"Reading"}});
  CHECK(is_absent(all.bookmarks[8].title));
  REQUIRE(all.folders.size() == 1);
  CHECK(as_strings(all.folders[0].path) == Names{"Reading"});
  CHECK(all.folders[0].description == "What to read");
  CHECK(format_rfc3339(all.folders[0].created_at) == "2024-01-02T03:04:05.000Z");
  CHECK(all.folders_before == std::vector<std::size_t>{7});
}

TEST_CASE("reading Pocket's zip goes on at every checkpoint, whatever the size of a batch",
          "[pocket][zip]") {
  const std::string zip = make_zip(export_members());
  const auto whole = read_pocket(zip);
  for (const std::size_t limit : {1u, 2u, 3u, 4u, 5u}) {
    OpenedPocket opened(zip);
    const ReadAll all(*opened.source, limit);
    CHECK(urls_of(all) == urls_of(whole));
    std::size_t done = 0;
    for (const auto& batch : all.batches) {
      done += batch->bookmarks.size();
      OpenedPocket again(zip);
      REQUIRE(again.source->resume(batch->checkpoint));
      const ReadAll rest(*again.source, limit);
      CAPTURE(limit, done, batch->checkpoint);
      REQUIRE(rest.bookmarks.size() == whole.bookmarks.size() - done);
      for (std::size_t i = done; i < whole.bookmarks.size(); ++i) {
        CHECK(is_same(rest.bookmarks[i - done], whole.bookmarks[i]));
      }
    }
    REQUIRE(opened.source->rewind());
    CHECK(urls_of(ReadAll(*opened.source)) == urls_of(whole));
  }
}

TEST_CASE("Pocket's zip is read from a pipe too", "[pocket][zip]") {
  OpenedPocket opened(make_zip(export_members()), "-");
  opened.host.read_sizes = {1000, 1, 7};
  CHECK(ReadAll(*opened.source).bookmarks.size() == 9);
}

TEST_CASE("a zip that is cut off or damaged is refused with clear words", "[pocket][zip]") {
  const std::string zip = make_zip({{"part_000000.csv", rows(0, 60)}});
  CHECK(pocket_refusal(zip.substr(0, zip.size() / 2)).find("damaged or cut off") !=
        std::string::npos);
  for (std::size_t size = 4; size < zip.size(); size += 3)
    CHECK_FALSE(pocket_refusal(zip.substr(0, size)).empty());
  std::string damaged = zip;
  damaged[zip.size() / 2] = static_cast<char>(damaged[zip.size() / 2] ^ 0x55);
  CHECK(pocket_refusal(damaged).find("part_000000.csv is damaged") != std::string::npos);
  CHECK(pocket_refusal("PK\5\6" + std::string(18, '\0')).find("not from Pocket") !=
        std::string::npos);
  CHECK(pocket_refusal(make_zip({{"readme.txt", "hello"}})).find("not from Pocket") !=
        std::string::npos);
}

TEST_CASE("no byte of a zip can make reading it fall over", "[pocket][zip]") {
  const std::string zip = make_zip(export_members());
  for (std::size_t at = 0; at < zip.size(); ++at) {
    for (const int value : {0x00, 0xFF}) {
      std::string changed = zip;
      changed[at] = static_cast<char>(value);
      OpenedPocket opened(changed);
      try {
        const ReadAll all(*opened.source);
        CHECK(all.bookmarks.size() < 100);
      } catch (const Failure& failure) {
        CHECK(failure.kind() == FailureKind::configuration);
      }
    }
  }
}

TEST_CASE("path names in a zip lead nowhere", "[pocket][zip]") {
  const std::string zip =
      make_zip({{"part_000000.csv", rows(0, 2)}, {"xx/xx/part_000001.csv", rows(2, 4)}});
  for (const std::string name : {"../../part_000001.csv", "/tmp/xpart_000001.csv",
                                 "C:\\xxxpart_000001.csv", "part_\n000001xxxxx.csv"}) {
    const std::string hostile = with_renamed_member(zip, "xx/xx/part_000001.csv", name);
    CHECK(read_pocket(hostile).bookmarks.size() == 2);
  }
}

TEST_CASE("a zip bomb is refused before it fills anything", "[pocket][zip]") {
  const std::string bomb =
      make_zip({{"part_000000.csv", pocket_header + std::string(40 * 1024 * 1024, 'a') + "\n"}});
  CHECK(bomb.size() < 100 * 1024);
  CHECK(pocket_refusal(bomb).find("more than 200 times its size") != std::string::npos);
  const std::string deep =
      make_zip({{"annotations/a.json", "[" + std::string(40 * 1024 * 1024, ' ') + "]"}});
  CHECK(pocket_refusal(deep).find("more than 200 times its size") != std::string::npos);
}

TEST_CASE("a part whose declared size is a lie is refused", "[pocket][zip]") {
  std::string zip = make_zip({{"part_000000.csv", rows(0, 60)}});
  const auto directory = zip.rfind("PK\1\2");
  zip[directory + 24] = 1;
  zip[directory + 25] = 0;
  CHECK(pocket_refusal(zip).find("damaged") != std::string::npos);
}

TEST_CASE("a zip of more than 10,000 members is refused", "[pocket][zip]") {
  std::string zip = make_zip({{"part_000000.csv", rows(0, 2)}});
  const auto end = zip.rfind("PK\5\6");
  zip[end + 10] = '\x11';
  zip[end + 11] = '\x27';
  CHECK(pocket_refusal(zip).find("10,000") != std::string::npos);
}

TEST_CASE("a part cut off inside a cell makes the whole incomplete, and the other parts are read",
          "[pocket][zip]") {
  const auto all =
      read_pocket(make_zip({{"part_1.csv", rows(0, 2) + "\"cut"}, {"part_2.csv", rows(2, 4)}}));
  CHECK(all.bookmarks.size() == 4);
  CHECK(all.result == ReadResult::incomplete);
  CHECK(all.rejections.size() == 1);
  REQUIRE_FALSE(all.notices.empty());
  CHECK(all.notices.back() == "the file ends inside a quoted cell (4)");
}

TEST_CASE("JSON of another shape in Pocket's zip is refused by its name", "[pocket][zip]") {
  CHECK(pocket_refusal(make_zip({{"annotations/a.json", "{}"}})).find("annotations/a.json") !=
        std::string::npos);
  CHECK(pocket_refusal(make_zip({{"collections/a.json", "[]"}})).find("collections/a.json") !=
        std::string::npos);
  CHECK(pocket_refusal(make_zip({{"collections/a.json", "{\"items\": ["}}))
            .find("no complete JSON") != std::string::npos);
  CHECK(pocket_refusal(make_zip({{"part_0.csv", "a,b\n"}})).find("part_0.csv") !=
        std::string::npos);
}

TEST_CASE("a zip is Pocket's when its members are", "[pocket][zip]") {
  CHECK(pocket::recognize(make_zip(export_members()), true) == 95);
  CHECK(pocket::recognize(make_zip({{"readme.txt", "hello"}}), true) == 5);
}

TEST_CASE("numbers in names count as numbers", "[pocket][zip]") {
  CHECK(pocket::is_before_naturally("part_2.csv", "part_10.csv"));
  CHECK_FALSE(pocket::is_before_naturally("part_10.csv", "part_2.csv"));
  CHECK(pocket::is_before_naturally("part_000001.csv", "part_000002.csv"));
  CHECK(pocket::is_before_naturally("part_01.csv", "part_1.csv") !=
        pocket::is_before_naturally("part_1.csv", "part_01.csv"));
  CHECK_FALSE(pocket::is_before_naturally("a", "a"));
}
