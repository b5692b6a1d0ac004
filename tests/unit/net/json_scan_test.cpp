#include "net/json_scan.hpp"

#include "support/catch.hpp"

using linkferry::find_json_problem;

TEST_CASE("whole JSON documents have no problem", "[net][json]") {
  for (const char* text : {"{}", "[]", "null", "true", " [1, -2.5e+3, 0, 0.1E9] ",
                           R"({"a":{"b":[{}, [], "x\u00e9\n"]},"c":null})", "\xEF\xBB\xBF{}",
                           "\"text\"", "[[[]]]", "7", R"({"":""})"}) {
    CAPTURE(text);
    CHECK(find_json_problem(text, 128).empty());
  }
}

TEST_CASE("every document that is cut off is found, wherever the cut is", "[net][json]") {
  const std::string whole =
      R"({"count": 12, "next": null, "results": [{"id": 1, "title": "a\"b\u00e9", "ok": true}, {}]})";
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(find_json_problem(std::string_view(whole).substr(0, size), 128) == "is cut off");
  }
}

TEST_CASE("what is no JSON is found", "[net][json]") {
  for (const char* text :
       {"<html>", "{]", "[1 2]", "{1:2}", "{\"a\" 1}", "[1,]", "{\"a\":1,}", "01", "nul", "[tru]",
        "'a'", "{} {}", "\"a\nb\"", "\"\\x\"", "[+1]", "[.5]", "[1.]x", "\"\\u00zz\"", "NaN"}) {
    CAPTURE(text);
    CHECK_FALSE(find_json_problem(text, 128).empty());
  }
}

TEST_CASE("nesting has a limit, and a hundred thousand levels cost nothing", "[net][json]") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(find_json_problem(nested(128), 128).empty());
  CHECK(find_json_problem(nested(129), 128) == "is nested too deeply");
  CHECK(find_json_problem(std::string(100'000, '['), 128) == "is nested too deeply");
}
