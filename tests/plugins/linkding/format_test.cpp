#include <filesystem>
#include <fstream>

#include "linkding/linkding_api.hpp"
#include "linkding/linkding_checkpoint.hpp"
#include "linkding/linkding_features.hpp"
#include "linkding/linkding_format.hpp"
#include "linkferry/timestamp_text.hpp"
#include "support/bookmarks.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using namespace linkferry::linkding;

namespace {

constexpr std::string_view one_record =
    "{\"id\":7,\"url\":\"https://a.example/\",\"title\":\"A \\u00fc\",\"description\":\"\",\n"
    "\"notes\":\"n\\nm\",\"web_archive_snapshot_url\":"
    "\"https://web.archive.org/web/20210108000000/https://a.example/\",\"favicon_url\":null,"
    "\"preview_image_url\":\"https://links.example/p.png\",\"is_archived\":true,\"unread\":true,"
    "\"shared\":false,\"tag_names\":[\"a\",\"b\"],\"date_added\":\"2021-01-08T02:00:00+02:00\","
    "\"date_modified\":\"2021-01-09T00:00:00.123456Z\",\"website_title\":null,\"new_key\":[1,2]}";

Record record_of(std::string_view json, Arena& arena) {
  static std::vector<std::unique_ptr<JsonBody>> bodies;
  bodies.push_back(std::make_unique<JsonBody>(json));
  const auto record = parse_record(*bodies.back(), arena);
  REQUIRE(record);
  return *record;
}

}  // namespace

TEST_CASE("a bookmark of linkding has all its fields", "[linkding][format]") {
  Arena arena;
  const Bookmark b = to_bookmark(record_of(one_record, arena), View::everything, arena);
  CHECK(b.url == "https://a.example/");
  CHECK(b.title == "A \u00fc");
  CHECK(is_absent(b.description));
  CHECK(b.notes == "n\nm");
  CHECK(test::as_strings(b.tags) == std::vector<std::string>{"a", "b"});
  CHECK(format_rfc3339(b.created_at) == "2021-01-08T00:00:00Z");
  CHECK(format_rfc3339(b.modified_at) == "2021-01-09T00:00:00.123456Z");
  CHECK(b.archived == Flag::yes);
  CHECK(b.unread == Flag::yes);
  CHECK(b.shared == Flag::no);
  CHECK(b.cover_url == "https://links.example/p.png");
  CHECK(b.origin->id == "7");
  CHECK(b.origin->list == "archived");
  REQUIRE(b.extra.size() == 1);
  CHECK(b.extra[0].name == "linkding.new_key");
  CHECK(b.extra[0].value == "[1,2]");
}

TEST_CASE("only a real web archive snapshot is kept", "[linkding][format]") {
  Arena arena;
  std::string json(one_record);
  json.replace(json.find("20210108000000"), 14, "20200101000000");
  const Bookmark b = to_bookmark(record_of(json, arena), View::everything, arena);
  REQUIRE(b.extra.size() == 2);
  CHECK(b.extra[1].name == "linkding.web_archive_snapshot_url");
  CHECK(to_bookmark(record_of(json, arena), View::held, arena).extra.empty());
}

TEST_CASE("dates that only say when something was stored are unknown", "[linkding][format]") {
  CHECK(is_unknown_added(unknown_added(1'795'305'678)));
  CHECK(format_rfc3339(unknown_added(1'795'305'678)) == "2026-11-22T00:00:00.000001Z");
  CHECK(is_unknown_modified(unknown_modified(1'795'305'678)));
  CHECK_FALSE(is_unknown_added(parse_rfc3339("2026-11-22T00:00:01.000001Z")));
  CHECK_FALSE(is_unknown_added(parse_rfc3339("2026-11-22T00:00:00Z")));
  CHECK_FALSE(is_unknown_modified(parse_rfc3339("2026-11-22T00:00:00.000002Z")));
}

TEST_CASE("a page gives its records and says how many the list has", "[linkding][format]") {
  Arena arena;
  Page page("\xEF\xBB\xBF{\"results\": [\n" + std::string(one_record) + ", " +
            std::string(one_record) +
            "],\n\"count\": 12, \"next\": \"http://internal/?offset=2\"}");
  REQUIRE(page.is_list());
  CHECK(page.count() == 12);
  CHECK(page.size() == 2);
  Record record;
  CHECK(page.next(record, arena));
  CHECK(record.id == 7);
  CHECK(page.next(record, arena));
  CHECK_FALSE(page.next(record, arena));
  CHECK(page.is_list());
}

TEST_CASE("what is no page of bookmarks is told apart", "[linkding][format]") {
  Arena arena;
  Record record;
  CHECK_FALSE(Page("{}").is_list());
  CHECK_FALSE(Page("[]").is_list());
  CHECK_FALSE(Page("{\"detail\":\"x\"}").is_list());
  CHECK_FALSE(Page("{\"count\":null,\"results\":[]}").is_list());
  for (const char* results : {"[1]", "[{}]", "[{\"id\":1}]", "[{\"id\":1,\"url\":null}]",
                              "[{\"id\":\"x\",\"url\":\"u\"}]"}) {
    CAPTURE(results);
    Page page(std::string("{\"count\":1,\"results\":") + results + "}");
    CHECK(page.is_list());
    CHECK_FALSE(page.next(record, arena));
    CHECK_FALSE(page.is_list());
  }
}

TEST_CASE("recorded answers of linkding 1.46 are read whole", "[linkding][format]") {
  const std::filesystem::path folder =
      std::filesystem::path(LINKFERRY_SAMPLES) / "linkding-recorded";
  if (!std::filesystem::exists(folder)) {
    WARN("no samples here");
    return;
  }
  for (const char* name : {"sample-list.json", "sample-archived.json"}) {
    std::ifstream file(folder / name, std::ios::binary);
    Page page(std::string{std::istreambuf_iterator<char>(file), {}});
    REQUIRE(page.is_list());
    Arena arena;
    std::size_t count = 0;
    for (Record record; page.next(record, arena); ++count) {
      const Bookmark bookmark = to_bookmark(record, View::everything, arena);
      CHECK(bookmark.created_at.is_known());
      CHECK(bookmark.extra.empty());
    }
    CHECK(count == page.count());
  }
}

TEST_CASE("the body of a create has all fields", "[linkding][format]") {
  test::BookmarkMaker make;
  Bookmark b = make.link("https://a.example/?\"", "A");
  b.tags = make.texts({"x", "y"});
  b.shared = Flag::yes;
  CHECK(create_body(b, {unknown_added(0), {}}) ==
        "{\"url\":\"https://a.example/?\\\"\",\"title\":\"A\",\"description\":\"\",\"notes\":\"\","
        "\"is_archived\":false,\"unread\":false,\"shared\":true,\"tag_names\":[\"x\",\"y\"],"
        "\"date_added\":\"1970-01-01T00:00:00.000001Z\"}");
}

TEST_CASE("a repair sends what differs and nothing else", "[linkding][format]") {
  Arena arena;
  test::BookmarkMaker make;
  const Record held = record_of(one_record, arena);
  Bookmark wanted = to_bookmark(held, View::held, arena);
  const Dates dates{wanted.created_at, {}};
  CHECK(repair_of(held, wanted, dates, false).body.empty());
  wanted.tags = make.texts({"A"});
  CHECK(repair_of(held, wanted, dates, false).body.empty());
  wanted.tags = make.texts({"a", "c"});
  wanted.archived = Flag::no;
  const Repair repair = repair_of(held, wanted, dates, false);
  CHECK(repair.body == "{\"is_archived\":false,\"tag_names\":[\"a\",\"c\"]}");
  CHECK(repair.fields == "is_archived, tag_names");
}

TEST_CASE("the messages of a refusal are told in words", "[linkding][format]") {
  CHECK(messages_of(R"({"url":["Enter a valid URL.","Too long."]})") ==
        "url: Enter a valid URL.; url: Too long.");
  CHECK(messages_of(R"({"tag_names":{"4":["This field may not be blank."]}})") ==
        "tag_names 5: This field may not be blank.");
  CHECK(messages_of(R"({"detail":"JSON parse error"})") == "JSON parse error");
  CHECK(messages_of(R"({"error":"No file."})") == "No file.");
  CHECK(messages_of("<html>no</html>").empty());
  CHECK(messages_of("{\"url\":[").empty());
  CHECK(messages_of("{\"a\":" + std::string(100'000, '[')).empty());
}

TEST_CASE("a version tells the features", "[linkding][format]") {
  CHECK(lacking(features_of("1.46.2")).empty());
  CHECK(lacking(features_of("2.0")).empty());
  CHECK_FALSE(features_of("1.44.9").keeps_dates);
  CHECK(features_of("1.43.0").normalizes_urls);
  CHECK_FALSE(features_of("1.9.0").has_date_filter);
  CHECK_FALSE(features_of("latest").keeps_dates);
  CHECK(lacking(features_of("")).size() == 6);
}

TEST_CASE("what is pasted behind the address is passed over", "[linkding][format]") {
  const auto [given, base] = GENERATE(table<std::string, std::string>({
      {"https://links.example", "https://links.example"},
      {"https://links.example/", "https://links.example"},
      {"https://links.example/linkding/", "https://links.example/linkding"},
      {"https://links.example/bookmarks", "https://links.example"},
      {"https://links.example/linkding/bookmarks/archived/", "https://links.example/linkding"},
      {"https://links.example/api", "https://links.example"},
      {"https://links.example/api/bookmarks/", "https://links.example"},
  }));
  CHECK(base_of(given) == base);
}

TEST_CASE("the date of an answer is read", "[linkding][format]") {
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784'111'777);
  CHECK_FALSE(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"));
  CHECK_FALSE(parse_http_date(""));
}

TEST_CASE("a checkpoint is read as it was written, and nothing else is one", "[linkding][format]") {
  Checkpoint checkpoint;
  checkpoint.since_us = 1'795'305'600'000'001;
  checkpoint.total = 12;
  checkpoint.highest_id = 40;
  checkpoint.known = {{3, 1'795'305'600'000'009}, {5, 1'795'305'600'000'007}};
  const auto read = parse_checkpoint(format_checkpoint(checkpoint));
  REQUIRE(read);
  CHECK(format_checkpoint(*read) == format_checkpoint(checkpoint));
  CHECK(read->is_known(5, 1'795'305'600'000'007));
  CHECK_FALSE(read->is_known(5, 1));
  for (const char* text :
       {"", "linkding1", "linkding1 1 2", "linkding1 1 2 3 4", "linkding1 x 2 3",
        "linkding1 1 2 3 4:", "no checkpoint", "linkding1 9223372036854775807 1 1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_checkpoint(text));
  }
}
