#include <Poco/JSON/Parser.h>

#include <fstream>
#include <sstream>
#include <valijson/adapters/poco_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "jsonl/jsonl_format.hpp"
#include "plugins/jsonl/random_records.hpp"
#include "support/catch.hpp"

using namespace linkferry;

namespace {

using Adapter = valijson::adapters::PocoJsonAdapter;

Poco::Dynamic::Var parse(const std::string& text) { return Poco::JSON::Parser().parse(text); }

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

class Schema {
 public:
  explicit Schema(const std::string& path) {
    const auto document = parse(read_file(path));
    valijson::SchemaParser(valijson::SchemaParser::kDraft7)
        .populateSchema(Adapter(document), schema_);
  }

  /// Empty when the line is valid, else why not.
  std::string complaint(const std::string& line) {
    const auto value = parse(line);
    valijson::ValidationResults results;
    valijson::Validator validator;
    if (validator.validate(schema_, Adapter(value), &results)) return {};
    valijson::ValidationResults::Error error;
    std::string complaint = "invalid";
    while (results.popError(error)) complaint.append("; ").append(error.description);
    return complaint;
  }

 private:
  valijson::Schema schema_;
};

Schema& bookmark_schema() {
  static Schema schema(LINKFERRY_SOURCE "/schemas/bookmark.schema.json");
  return schema;
}

}  // namespace

TEST_CASE("every line that jsonl writes is valid by bookmark.schema.json", "[jsonl][schema]") {
  const std::uint64_t seed = test::make_seed();
  INFO("LINKFERRY_SEED=" << seed);
  test::RandomRecords records(seed);
  Arena arena;
  for (int i = 0; i < 150; ++i) {
    common::JsonWriter out;
    Bookmark bookmark = records.bookmark(arena);
    const Origin origin{"linkding", "links", "1", "archived", "{}"};
    if (i % 2 == 0) bookmark.origin = &origin;
    jsonl::format_bookmark(bookmark, {true, true}, out);
    const std::string line(out.bytes());
    CHECK(bookmark_schema().complaint(line) == "");
    out.clear();
    jsonl::format_folder(records.folder(arena), out);
    CHECK(bookmark_schema().complaint(std::string(out.bytes())) == "");
  }
}

TEST_CASE("bookmark.schema.json refuses what jsonl would not write", "[jsonl][schema]") {
  const std::string line = GENERATE(
      as<std::string>(), R"([])", R"({"url":5})", R"({"href":"u"})", R"({"url":"u","tags":"a"})",
      R"({"url":"u","tags":[""]})", R"({"url":"u","folders":["a"]})",
      R"({"url":"u","created_at":"03.09.2024"})", R"({"url":"u","created_at":5})",
      R"({"url":"u","kind":"video"})", R"({"url":"u","unread":"yes"})",
      R"({"url":"u","extra":{"a":1}})", R"({"type":"folder"})", R"({"type":"other","path":[]})",
      R"({"type":"folder","path":[],"role":"left"})", R"({"url":"u","post":{"likes":1}})");
  INFO(line);
  CHECK(bookmark_schema().complaint(line) != "");
}

TEST_CASE("the lines of the jsonl sample file are valid by bookmark.schema.json",
          "[jsonl][schema]") {
  std::istringstream lines(read_file(LINKFERRY_TEST_DATA "/jsonl/small.jsonl"));
  std::string line;
  int count = 0;
  for (; std::getline(lines, line); ++count) CHECK(bookmark_schema().complaint(line) == "");
  CHECK(count == 6);
}

TEST_CASE("the keys of bookmark.schema.json stand in the order of the record's fields",
          "[jsonl][schema]") {
  const std::string text = read_file(LINKFERRY_SOURCE "/schemas/bookmark.schema.json");
  std::size_t at = text.find("\"bookmark\": {");
  REQUIRE(at != std::string::npos);
  for (std::size_t i = 0; i < field_count; ++i) {
    std::string key("\n        \"");
    key.append(name_of(static_cast<Field>(i))).append("\": {");
    INFO(key);
    at = text.find(key, at);
    REQUIRE(at != std::string::npos);
  }
}
