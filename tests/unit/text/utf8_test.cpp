#include "text/utf8.hpp"

#include "support/catch.hpp"

namespace linkferry {
namespace {

constexpr std::string_view text =
    "a\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80z";  // 1 + 2 + 3 + 4 + 1 bytes

TEST_CASE("a text is counted and cut by code points", "[utf8]") {
  CHECK(count_code_points(text) == 5);
  CHECK(count_code_points("") == 0);
  CHECK(cut_code_points(text, 0).empty());
  CHECK(cut_code_points(text, 3) == "a\xC3\xBC\xE2\x82\xAC");
  CHECK(cut_code_points(text, 5) == text);
  CHECK(cut_code_points(text, 99) == text);
}

TEST_CASE("a text cut at a number of bytes ends between code points", "[utf8]") {
  CHECK(cut_bytes(text, 0).empty());
  CHECK(cut_bytes(text, 2) == "a");
  CHECK(cut_bytes(text, 3) == "a\xC3\xBC");
  CHECK(cut_bytes(text, 9) == "a\xC3\xBC\xE2\x82\xAC");
  CHECK(cut_bytes(text, 10) == "a\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80");
  CHECK(cut_bytes(text, 99) == text);
}

TEST_CASE("only the shortest form of a code point is well-formed", "[utf8]") {
  CHECK(is_utf8(text));
  CHECK(sequence_length("\xC2\x80") == 2);
  CHECK(sequence_length("\xEF\xBF\xBF") == 3);
  CHECK(sequence_length("\xF4\x8F\xBF\xBF") == 4);
  for (const std::string_view broken :
       {"\x80", "\xC1\x80", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xC3", "\xE2\x82", "\xFF"}) {
    CHECK(sequence_length(broken) == 0);
    CHECK_FALSE(is_utf8(broken));
  }
}

}  // namespace
}  // namespace linkferry
