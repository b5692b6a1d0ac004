#include "common/html_text.hpp"

#include "common/text_buffer.hpp"
#include "support/catch.hpp"

namespace linkferry::common {
namespace {

std::string decoded(std::string_view raw, References rule) {
  Arena arena;
  return std::string(decode_references(raw, rule, arena));
}

}  // namespace

TEST_CASE("references in texts follow the HTML rules", "[netscape][html]") {
  const auto [raw, expected] = GENERATE(table<std::string, std::string>({
      {"a &amp; b", "a & b"},
      {"&lt;b&gt; &quot;q&quot; &#39;a&#39; &apos;", "<b> \"q\" 'a' '"},
      {"&#x41;&#X42;&#67;", "ABC"},
      {"&nbsp;", "\u00a0"},
      {"&Uuml;ber &eacute;t&eacute;", "Über été"},
      {"&CounterClockwiseContourIntegral;", "\u2233"},
      {"&amp;#8230;", "&#8230;"},
      {"AT&T", "AT&T"},
      {"&copy 2020", "© 2020"},
      {"&notit;", "¬it;"},
      {"&notin;", "∉"},
      {"&nosuchname;", "&nosuchname;"},
      {"&", "&"},
      {"&;", "&;"},
      {"&#;", "&#;"},
      {"&#x;", "&#x;"},
      {"&#0;", "\uFFFD"},
      {"&#xD800;", "\uFFFD"},
      {"&#x110000;", "\uFFFD"},
      {"&#99999999999999999999;", "\uFFFD"},
      {"&#128;", "€"},
      {"&#x1F600;", "😀"},
      {"&nGt;&nGt;&nLt;", "\u226B\u20D2\u226B\u20D2\u226A\u20D2"},
      {"&fjlig;", "fj"},
      {"", ""},
  }));
  CHECK(decoded(raw, References::text) == expected);
}

TEST_CASE("references in attributes leave raw ampersands alone", "[netscape][html]") {
  CHECK(decoded("?a=1&region=x&copy=2&lt=3&para=4", References::attribute) ==
        "?a=1&region=x&copy=2&lt=3&para=4");
  CHECK(decoded("?a=1&amp;b=2", References::attribute) == "?a=1&b=2");
  CHECK(decoded("x &copy y", References::attribute) == "x © y");
  CHECK(decoded("&ampx", References::attribute) == "&ampx");
}

TEST_CASE("references in addresses count only with their semicolon", "[netscape][html]") {
  CHECK(decoded("?a&copy", References::with_end) == "?a&copy");
  CHECK(decoded("?a&#38", References::with_end) == "?a&#38");
  CHECK(decoded("?a&#38;b&amp;c&copy;", References::with_end) == "?a&b&c©");
  CHECK(decoded("https://example.com&center=123", References::with_end) ==
        "https://example.com&center=123");
}

TEST_CASE("a text of one line has no line ends and no blanks at its ends", "[netscape][html]") {
  Arena arena;
  CHECK(one_line(" a\n   b \r\n c\t", arena) == "a b c");
  CHECK(one_line("a  b", arena) == "a  b");
  CHECK(is_absent(one_line(" \n ", arena)));
  CHECK(is_absent(one_line({}, arena)));
}

TEST_CASE("what is escaped for a text or an attribute decodes to itself", "[netscape][html]") {
  std::string every;
  for (int c = 1; c < 128; ++c) every += static_cast<char>(c);
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string text =
        std::string(size, 'x') + "&amp;<\"'>" + every + "&" + std::string(size, '&');
    for (const bool is_attribute : {false, true}) {
      TextBuffer out;
      out.append_escaped(text, is_attribute);
      CHECK(decoded(out.view(), References::text) == text);
      CHECK(decoded(out.view(), References::with_end) == text);
      CHECK(out.view().find('"') == std::string_view::npos);
      CHECK((out.view().find('\n') == std::string_view::npos) == is_attribute);
    }
  }
  TextBuffer large;
  large.append_escaped(std::string(100'000, '<'), false);
  CHECK(large.view().size() == 400'000);
}

}  // namespace linkferry::common
