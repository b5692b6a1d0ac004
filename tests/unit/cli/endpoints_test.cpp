#include "cli/endpoints.hpp"

#include <Poco/JSON/Parser.h>

#include "support/catch.hpp"

using namespace linkferry;

namespace {

ConfigNode::Ptr options_of(const std::vector<std::pair<std::string, std::string>>& options,
                           std::vector<Problem>& problems) {
  Poco::JSON::Parser parser;
  const auto schema = parser
                          .parse(R"({"properties": {
      "path": {"type": "string"}, "limit": {"type": "integer"}, "share": {"type": "number"}, "strict": {"type": "boolean"},
      "lists": {"type": "array"}, "names": {"type": "object"}}})")
                          .extract<Poco::JSON::Object::Ptr>();
  return make_options(options, *schema, problems);
}

}  // namespace

TEST_CASE("options of the command line have the types of the plugin's schema", "[endpoints]") {
  using Kind = ConfigNode::Kind;
  std::vector<Problem> problems;
  const auto node = options_of({{"path", "12"},
                                {"limit", "12"},
                                {"share", "0.5"},
                                {"strict", "true"},
                                {"lists", "a"},
                                {"lists", "b"},
                                {"names", "x=y=z"},
                                {"names", "k=v"},
                                {"other", "true"}},
                               problems);
  CHECK(problems.empty());
  CHECK(node->find("path")->kind == Kind::text);
  CHECK(node->find("limit")->integer == 12);
  CHECK(node->find("share")->number == 0.5);
  CHECK(node->find("strict")->boolean);
  CHECK(node->find("lists")->items.size() == 2);
  CHECK(node->find("names")->members.at(0).name == "x");
  CHECK(node->find("names")->members.at(0).value->text == "y=z");
  CHECK(node->find("other")->kind == Kind::text);
}

TEST_CASE("a value of another type stays text, for the schema to complain about", "[endpoints]") {
  std::vector<Problem> problems;
  const auto node = options_of({{"limit", "many"}, {"strict", "yes"}}, problems);
  CHECK(node->find("limit")->kind == ConfigNode::Kind::text);
  CHECK(node->find("strict")->kind == ConfigNode::Kind::text);
}

TEST_CASE("an option that holds one value is given once", "[endpoints]") {
  std::vector<Problem> problems;
  options_of({{"limit", "1"}, {"limit", "2"}}, problems);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].message == "the option \"limit\" is given twice, expected once");
}

TEST_CASE("a file that is no bookmark file is described by what it looks like", "[endpoints]") {
  using namespace std::string_view_literals;
  const auto [head, words] = GENERATE(table<std::string_view, const char*>({
      {"", "an empty file"},
      {" \n\t", "an empty file"},
      {"\x89PNG\r\n", "a PNG image"},
      {"PK\x03\x04 and more", "a zip archive"},
      {"SQLite format 3\0"sv, "an SQLite database"},
      {"a\0b"sv, "binary data"},
      {"<!DOCTYPE html><p>hello", "HTML without bookmarks"},
      {"\xef\xbb\xbf<?xml version=\"1.0\"?><opml>", "an OPML document"},
      {"<?xml version=\"1.0\"?><x>", "an XML document"},
      {"{\"a\": 1}", "JSON of another kind"},
      {"a,b\n1,2\n", "a table of another kind"},
      {"hello\nworld, and more\n", "plain text"},
  }));
  CHECK(describe_content(head) == words);
}
