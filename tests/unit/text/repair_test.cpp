#include "text/repair.hpp"

#include <random>
#include <string>

#include "support/catch.hpp"
#include "text/utf8.hpp"

namespace linkferry {
namespace {

using namespace std::string_literals;

std::string repaired(const std::string& text) {
  Arena arena;
  bool changed = false;
  const std::string result(repair_text(text, arena, changed));
  CHECK(changed == (result != text));
  return result;
}

TEST_CASE("clean text is handed back as it is", "[repair]") {
  Arena arena;
  bool changed = false;
  for (const std::string_view text :
       {"", "a", "tab\tand\nline", "0123456789abcdef0123456789abcdef", "\x7F",
        "M\xC3\xBCnchen \xE4\xB8\xAD\xE6\x96\x87 \xF0\x9F\x98\x80", "\xC2\x85", "\xEF\xBF\xBD",
        "\xEF\xBB\xBF"}) {
    const Text result = repair_text(text, arena, changed);
    CHECK(result.data() == text.data());
    CHECK(result.size() == text.size());
  }
  CHECK_FALSE(changed);
}

TEST_CASE("absent text stays absent and text of nothing but controls becomes empty", "[repair]") {
  Arena arena;
  bool changed = false;
  CHECK(is_absent(repair_text({}, arena, changed)));
  CHECK_FALSE(changed);
  const std::string controls("\0\x01\x1F", 3);
  const Text result = repair_text(controls, arena, changed);
  CHECK(is_present(result));
  CHECK(result.empty());
  CHECK(changed);
}

TEST_CASE("controls go and line ends become line feeds", "[repair]") {
  CHECK(repaired("a\0b\x1B"
                 "c"s) == "abc");
  CHECK(repaired("a\r\nb\rc\n\rd\r\r\n\r") == "a\nb\nc\n\nd\n\n\n");
  CHECK(repaired("0123456789abcde\r\n0123456789abcdef\x08") == "0123456789abcde\n0123456789abcdef");
}

TEST_CASE("each broken sequence becomes one replacement character", "[repair]") {
  const std::string r = "\xEF\xBF\xBD";
  CHECK(repaired("a\x80z") == "a" + r + "z");
  CHECK(repaired("\xC3") == r);
  CHECK(repaired("\xC3(") == r + "(");
  CHECK(repaired("\xC0\xAF") == r + r);                  // overlong
  CHECK(repaired("\xE0\x80\xAF") == r + r + r);          // overlong
  CHECK(repaired("\xED\xA0\x80") == r + r + r);          // surrogate
  CHECK(repaired("\xF4\x90\x80\x80") == r + r + r + r);  // beyond U+10FFFF
  CHECK(repaired("\xE2\x82") == r);                      // cut off
  CHECK(repaired("\xF0\x9F\x98 \xE2\x82\xAC") == r + " \xE2\x82\xAC");
  CHECK(repaired("\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64") ==
        "a" + r + r + r + "b" + r + "c" + r + r +
            "d");  // the example of the Unicode standard, table 3-8
}

TEST_CASE("repaired text is clean, whatever it was made from", "[repair]") {
  std::mt19937 random{7};
  for (int i = 0; i < 20'000; ++i) {
    std::string text(random() % 70, '\0');
    for (char& c : text) c = static_cast<char>(random() % 4 == 0 ? random() : 'a' + random() % 26);
    Arena arena;
    bool changed = false;
    const Text once = repair_text(text, arena, changed);
    REQUIRE(changed != is_clean_text(text));
    REQUIRE(is_clean_text(once));
    REQUIRE(is_utf8(once));
  }
}

}  // namespace
}  // namespace linkferry
