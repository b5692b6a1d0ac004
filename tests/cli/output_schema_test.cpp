// What the program writes against the schemas that it prints: plans, reports and config files of
// the examples.

#include <Poco/JSON/Parser.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <valijson/adapters/poco_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>
#pragma GCC diagnostic pop

#include <fstream>
#include <iterator>
#include <sstream>

#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry::test;

namespace {

Poco::Dynamic::Var parse(const std::string& text) { return Poco::JSON::Parser().parse(text); }

Poco::Dynamic::Var schema_file(const std::string& name) {
  std::ifstream stream(LINKFERRY_SOURCE "/schemas/" + name);
  REQUIRE(stream.good());
  return parse({std::istreambuf_iterator<char>(stream), {}});
}

/// Schemas refer to one another by file name.
class Checker {
 public:
  explicit Checker(const std::string& name) : source_(schema_file(name)) {
    valijson::SchemaParser parser;
    parser.populateSchema(
        valijson::adapters::PocoJsonAdapter(source_), schema_,
        [](const std::string& uri) -> const Poco::Dynamic::Var* {
          return new Poco::Dynamic::Var(schema_file(uri.substr(uri.rfind('/') + 1)));
        },
        [](const Poco::Dynamic::Var* document) { delete document; });
  }

  /// What is wrong; empty when nothing is.
  std::string problems_of(const std::string& json) {
    const auto value = parse(json);
    valijson::ValidationResults results;
    valijson::Validator validator;
    if (validator.validate(schema_, valijson::adapters::PocoJsonAdapter(value), &results))
      return "";
    std::string text = json + "\n";
    for (const auto& error : results) {
      for (const auto& element : error.context) text += element;
      text += ": " + error.description + "\n";
    }
    return text;
  }

 private:
  Poco::Dynamic::Var source_;
  valijson::Schema schema_;
};

/// A run in which every kind of line turns up: a creation, an update, a merge, something skipped, a
/// folder, a loss, a notice.
void prepare(const Folder& folder) {
  folder.write("in.jsonl",
               "{\"url\":\"https://a.example/"
               "\",\"title\":\"A\",\"tags\":[\"x\"],\"created_at\":\"2020-01-02T03:04:05Z\"}\n"
               "{\"url\":\"http://a.example\",\"title\":\"A again\"}\n"
               "{\"url\":\"https://b.example/"
               "\",\"title\":\"B\",\"notes\":\"n\",\"folders\":[[\"F\",\"G\"]],\"unread\":true,"
               "\"highlights\":[{\"text\":\"h\"}],\"extra\":{\"netscape.X\":\"y\"}}\n"
               "{\"url\":\"https://filtered.example/\"}\n"
               "{\"type\":\"folder\",\"path\":[\"F\"],\"description\":\"d\"}\n"
               "{\"title\":\"no address\"}\n"
               "not even JSON\n");
  folder.write("out.jsonl", "{\"url\":\"https://a.example/\"}\n");
  folder.write("linkferry.yaml",
               "version: 1\nendpoints: {in: {plugin: jsonl, path: in.jsonl}, out: {plugin: jsonl, "
               "path: out.jsonl}}\n"
               "jobs: {j: {from: in, to: out, filter: {exclude: {url: [\"filtered\"]}}}}\n");
}

}  // namespace

TEST_CASE("every line of a plan is as its schema says", "[cli][schema]") {
  Folder folder;
  prepare(folder);
  const auto ran = run(folder, {"plan", "j", "--format", "ndjson"});
  CHECK(ran.code == 0);
  Checker checker("plan.schema.json");
  std::istringstream lines(ran.out);
  std::size_t count = 0;
  std::string kinds;
  for (std::string line; std::getline(lines, line); ++count) {
    CHECK(checker.problems_of(line) == "");
    kinds +=
        parse(line).extract<Poco::JSON::Object::Ptr>()->optValue<std::string>("change", "-") + " ";
  }
  CHECK(count >= 6);
  for (const char* kind : {"create ", "update ", "filtered ", "skipped "}) {
    INFO(kinds);
    CHECK(kinds.find(kind) != std::string::npos);
  }
}

TEST_CASE("a report is as its schema says", "[cli][schema]") {
  Folder folder;
  prepare(folder);
  Checker checker("report.schema.json");
  CHECK(checker.problems_of(run(folder, {"run", "--format", "json", "--dry-run"}).out) == "");
  CHECK(checker.problems_of(run(folder, {"run", "--format", "json"}).out) == "");
  CHECK(checker.problems_of(run(folder, {"run", "--format", "json"}).out) == "");
}

TEST_CASE("the plan and the report of a sync are as their schemas say", "[cli][schema]") {
  Folder folder;
  prepare(folder);
  folder.write("linkferry.yaml",
               "version: 1\nendpoints: {in: {plugin: jsonl, path: a.jsonl}, out: {plugin: jsonl, "
               "path: out.jsonl}}\njobs: {j: {from: in, to: out, mode: sync, conflicts: ask}}\n");
  folder.write("a.jsonl",
               "{\"url\":\"https://a.example/\",\"title\":\"A\"}\n"
               "{\"url\":\"https://b.example/\",\"title\":\"B\"}\n");
  folder.write("out.jsonl", "{\"url\":\"https://a.example/\",\"title\":\"Other\"}\n");
  Checker plan("plan.schema.json");
  std::istringstream lines(run(folder, {"plan", "j", "--format", "ndjson"}).out);
  for (std::string line; std::getline(lines, line);) CHECK(plan.problems_of(line) == "");
  const auto ran = run(folder, {"run", "--format", "json"});
  CHECK(ran.code == 3);
  CHECK(Checker("report.schema.json").problems_of(ran.out) == "");
}

TEST_CASE("the report of a run that could not go on is as its schema says", "[cli][schema]") {
  CHECK(Checker("report.schema.json")
            .problems_of(R"({"version":1,"linkferry":"0","job":"j","from":["a"],"to":"b","mode":)"
                         R"("copy","started_at":"2026-01-01T00:00:00Z","changes":[],)"
                         R"("error":"interrupted"})") == "");
}

TEST_CASE("the schema check notices a key that is not in the schema", "[cli][schema]") {
  CHECK(Checker("plan.schema.json")
            .problems_of("{\"type\":\"change\",\"change\":\"create\",\"parents\":[],\"more\":1}") !=
        "");
}
