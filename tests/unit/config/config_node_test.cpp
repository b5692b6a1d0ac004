#include "config/config_node.hpp"

#include <chrono>
#include <string>

#include "config/nearest.hpp"
#include "support/catch.hpp"

using namespace linkferry;

namespace {

std::string problem_of(const std::string& text) {
  std::vector<Problem> problems;
  try {
    parse_yaml(text, "f", problems);
  } catch (const ConfigFailure& failure) {
    return failure.what();
  }
  return "";
}

/// `[[[…]]]`, `depth` lists in one another.
std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("only null, true, false and numbers are more than text", "[yaml]") {
  using Kind = ConfigNode::Kind;
  const auto [text, kind] = GENERATE(table<const char*, Kind>({
      {"", Kind::null},        {"~", Kind::null},          {"null", Kind::null},
      {"true", Kind::boolean}, {"False", Kind::boolean},   {"12", Kind::integer},
      {"-12", Kind::integer},  {"+12", Kind::integer},     {"1.5", Kind::number},
      {".5", Kind::number},    {"1e3", Kind::number},      {"yes", Kind::text},
      {"on", Kind::text},      {"2019-01-01", Kind::text}, {"inf", Kind::text},
      {"nan", Kind::text},     {"0x10", Kind::text},       {"1.2.3", Kind::text},
      {"-", Kind::text},       {"e3", Kind::text},         {"12:30", Kind::text},
      {"+-1", Kind::text},
  }));
  INFO(text);
  CHECK(parse_scalar(text, {}).kind == kind);
}

TEST_CASE("quotes make text of anything", "[yaml]") {
  std::vector<Problem> problems;
  const auto root = parse_yaml("a: \"12\"\nb: 'true'\nc: !!str 12\n", "f", problems);
  for (const auto& member : root->members) CHECK(member.value->kind == ConfigNode::Kind::text);
}

TEST_CASE("an alias stands for the value it repeats, with its own place for its name", "[yaml]") {
  std::vector<Problem> problems;
  const auto root = parse_yaml("a: &x [1, 2]\nb: *x\n", "f", problems);
  CHECK(root->find("b")->items.size() == 2);
  CHECK(root->members.at(1).position.line == 2);
  CHECK(root->size == 7);
}

TEST_CASE("an alias inside its own value is refused", "[yaml]") {
  CHECK(problem_of("a: &x [*x]\n") ==
        "f:1:8: this alias stands inside the value that it repeats; expected an alias of a "
        "finished value");
}

TEST_CASE("aliases that multiply are refused before they fill the memory", "[yaml]") {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 0; j < 9; ++j) text += ", " + before;
    text += "]\n";
  }
  CHECK(problem_of(text).ends_with(
      "this file has more than 100,000 values when its aliases are followed; expected fewer"));
}

TEST_CASE("aliases that deepen are refused at 64 levels", "[yaml]") {
  std::string text = "a0: &a0 [x]\n";
  for (int i = 1; i < 80; ++i) {
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) +
            "]\n";
  }
  CHECK(problem_of(text).ends_with("values are nested deeper than 64 levels; expected fewer"));
}

TEST_CASE("64 levels are read and 65 are refused", "[yaml]") {
  CHECK(problem_of(nested(64)).empty());
  CHECK(problem_of(nested(65)) ==
        "f:1:65: values are nested deeper than 64 levels; expected fewer");
  CHECK(problem_of(nested(100'000)) ==
        "f:1:65: values are nested deeper than 64 levels; expected fewer");
}

TEST_CASE("brackets without end are refused before they fill the memory", "[yaml]") {
  const std::string opened = GENERATE("[", "{", "[a: ", "[? ", "[*a ", "[\n");
  std::string text;
  while (text.size() < 4'000'000) text += opened;
  CHECK_FALSE(problem_of(text).empty());
}

TEST_CASE("a large table in block style is read", "[yaml]") {
  std::string text;
  for (int i = 0; i < 40'000; ++i)
    text += "a key of some length " + std::to_string(i) + ": and a value of some length\n";
  REQUIRE(text.size() > 2'000'000);
  CHECK(problem_of(text).empty());
}

TEST_CASE("one value of more than 512 KiB is refused", "[yaml]") {
  CHECK(problem_of("a: \"" + std::string(1'000'000, 'x') + "\"\n") ==
        "f: one value, or a list or table in brackets, is larger than 512 KiB; expected less");
}

TEST_CASE("too many values are refused in bounded time", "[yaml]") {
  std::string text = "[";
  for (int i = 0; i < 120'000; ++i) text += "1,";
  text += "]";
  const auto start = std::chrono::steady_clock::now();
  CHECK(problem_of(text).ends_with(
      "this file has more than 100,000 values when its aliases are followed; expected fewer"));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}

TEST_CASE("a typing error counts once: a letter too much, too few, wrong, or two swapped",
          "[nearest]") {
  const auto [text, distance] = GENERATE(table<const char*, std::size_t>({{"match", 0},
                                                                          {"mtach", 1},
                                                                          {"mach", 1},
                                                                          {"matchh", 1},
                                                                          {"mattch", 1},
                                                                          {"watch", 1},
                                                                          {"", 5},
                                                                          {"tame", 4}}));
  INFO(text);
  CHECK(typing_distance("match", text) == distance);
}

TEST_CASE("nothing is near to a word like no other", "[nearest]") {
  const std::vector<std::string> words{"from", "to", "match"};
  CHECK(nearest("form", words) == "from");
  CHECK(nearest("zebra", words) == std::nullopt);
  CHECK(nearest("xy", words) == std::nullopt);
  CHECK(typing_distance(std::string(1000, 'a'), "b") == 1000);
}

TEST_CASE("what a message quotes is short and without control characters", "[config]") {
  CHECK(in_quotes("a\x1b[0m\n") == "\"a\\x1b[0m\\n\"");
  CHECK(in_quotes(std::string(100, 'x')) == "\"" + std::string(80, 'x') + "…\"");
  CHECK(in_quotes(std::string(79, 'x') + "ä") == "\"" + std::string(79, 'x') + "…\"");
}
