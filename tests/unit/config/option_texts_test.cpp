#include "config/option_texts.hpp"

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
      "lists": {"type": "array"}, "names": {"type": "object"},
      "token": {"type": "object", "format": "token"}}})")
                          .extract<Poco::JSON::Object::Ptr>();
  return make_options(options, *schema, problems);
}

}  // namespace

TEST_CASE("options of the command line have the types of the plugin's schema", "[options]") {
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

TEST_CASE("a value of another type stays text, for the schema to complain about", "[options]") {
  std::vector<Problem> problems;
  const auto node = options_of({{"limit", "many"}, {"strict", "yes"}}, problems);
  CHECK(node->find("limit")->kind == ConfigNode::Kind::text);
  CHECK(node->find("strict")->kind == ConfigNode::Kind::text);
}

TEST_CASE("an option that holds one value is given once", "[options]") {
  std::vector<Problem> problems;
  options_of({{"limit", "1"}, {"limit", "2"}}, problems);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].message == "the option \"limit\" is given twice, expected once");
}

TEST_CASE("a token is named by the variable or the file that holds it", "[options]") {
  std::vector<Problem> problems;
  CHECK(options_of({{"token", "env:LINKS_TOKEN"}}, problems)->find("token")->find("env")->text ==
        "LINKS_TOKEN");
  CHECK(options_of({{"token", "file:~/a:b.token"}}, problems)->find("token")->find("file")->text ==
        "~/a:b.token");
  CHECK(problems.empty());
}

TEST_CASE("a token on the command line is refused and not repeated", "[options]") {
  std::vector<Problem> problems;
  options_of({{"token", "0123456789abcdef"}}, problems);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].message.find("0123456789abcdef") == std::string::npos);
  CHECK(problems[0].message.find("token=env:NAME") != std::string::npos);
}
