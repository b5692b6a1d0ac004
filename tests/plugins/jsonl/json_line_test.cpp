#include "common/json_line.hpp"

#include <simdjson.h>

#include <string>

#include "common/json_utf8.hpp"
#include "common/json_writer.hpp"
#include "plugins/jsonl/random_records.hpp"
#include "support/catch.hpp"

using namespace linkferry;

namespace {

std::string padded(std::string text) { return text.append(common::JsonLine::padding_bytes, '\n'); }

bool is_json(const std::string& text) {
  const std::string bytes = padded(text);
  common::JsonLine line(bytes.data());
  std::string_view raw;
  return line.take_value(raw) && line.is_at_end();
}

}  // namespace

TEST_CASE("a JSON line is what another JSON reader says it is", "[jsonl][json]") {
  const std::uint64_t seed = test::make_seed();
  INFO("LINKFERRY_SEED=" << seed);
  test::RandomRecords random(seed);
  const std::string whole =
      R"({"a":[1,-0.5e+1,true,false,null,"x\"\\\u00e9\n"],"b":{"c":{},"d":[]},"e":"","f":0,"g":[[{"h":12}]]})";
  constexpr std::string_view bytes = "{}[]\",:0123456789.eE+-\\ntrufals \t";
  simdjson::dom::parser other;
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = whole;
    for (std::size_t change = random.below(3); change > 0; --change) {
      const std::size_t at = random.below(text.size());
      if (random.chance(50)) text.erase(at, 1 + random.below(4));
      if (text.size() > at && random.chance(50)) text[at] = bytes[random.below(bytes.size())];
      if (text.empty()) text.push_back('x');
    }
    const bool expected = other.parse(text).error() == simdjson::SUCCESS;
    INFO(text);
    Arena arena;
    CHECK(is_json(text) == expected);
    accepted += expected ? 1 : 0;
  }
  CHECK(accepted > 5'000);
  CHECK(accepted < 19'000);
}

TEST_CASE("a text survives being written as JSON and read back, at every length and alignment",
          "[jsonl][json]") {
  Arena arena;
  for (std::size_t size = 0; size < 70; ++size) {
    for (std::size_t at = 0; at <= size; ++at) {
      std::string text(size, 'x');
      if (at < size) text[at] = at % 3 == 0 ? '"' : at % 3 == 1 ? '\\' : '\x02';
      common::JsonWriter out;
      out.text(text);
      const std::string bytes = padded(std::string(out.bytes()));
      common::JsonLine line(bytes.data());
      common::JsonText json;
      REQUIRE(line.take_text(json));
      CHECK(line.is_at_end());
      CHECK(json.is_escaped == (at < size));
      Text read = json.raw;
      bool is_repaired = false;
      if (json.is_escaped) REQUIRE(common::unescape(json.raw, arena, read, is_repaired));
      CHECK(read == text);
      CHECK_FALSE(is_repaired);
    }
  }
}

TEST_CASE("invalid UTF-8 is replaced part by part as the Unicode Standard recommends",
          "[jsonl][json]") {
  Arena arena;
  const auto [broken, repaired] = GENERATE(table<std::string, std::string>({
      {"a\xc0\xaf\xe0\x80\xbf"
       "b",
       "a\ufffd\ufffd\ufffd\ufffd\ufffdb"},
      {"\xed\xa0\x80", "\ufffd\ufffd\ufffd"},
      {"\xf4\x91\x92\x93\xff"
       "A\x80\xbf"
       "B",
       "\ufffd\ufffd\ufffd\ufffd\ufffdA\ufffd\ufffdB"},
      {"\xe1\x80\xe2\xf0\x91\x92\xf1\xbf"
       "A",
       "\ufffd\ufffd\ufffd\ufffdA"},
      {"é文😀", "é文😀"},
  }));
  CHECK(common::repair_utf8(broken, arena) == repaired);
  CHECK(common::is_valid_utf8(repaired));
}
