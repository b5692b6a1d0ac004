#include "text/url_key.hpp"

#include <string>
#include <string_view>

#include "support/catch.hpp"
#include "text/tracking_parameters.hpp"

namespace linkferry {
namespace {

std::string canonical(std::string_view url, MatchPreset preset = MatchPreset::standard) {
  std::string scratch;
  return std::string(canonical_url(url, preset, scratch));
}

bool is_same(std::string_view a, std::string_view b, MatchPreset preset = MatchPreset::standard) {
  std::string scratch;
  const Key key = match_key(a, preset, scratch);
  return key == match_key(b, preset, scratch);
}

struct Pair {
  const char* clause;
  std::string_view a;
  std::string_view b;
};

const Pair same_by_standard[] = {
    {"scheme in lower case", "HTTPS://example.org/a", "https://example.org/a"},
    {"host in lower case", "https://Example.ORG/a", "https://example.org/a"},
    {"http is https", "http://example.org/a", "https://example.org/a"},
    {"http is https on another port too", "http://example.org:8080/a",
     "https://example.org:8080/a"},
    {"default port", "https://example.org:443/a", "https://example.org/a"},
    {"default port of http", "http://example.org:80/a", "https://example.org/a"},
    {"empty port", "https://example.org:/a", "https://example.org/a"},
    {"port with leading zeros", "https://example.org:0443/a", "https://example.org/a"},
    {"empty query", "https://example.org/a?", "https://example.org/a"},
    {"empty query before a fragment", "https://example.org/a?#b", "https://example.org/a"},
    {"no path", "https://example.org", "https://example.org/"},
    {"no path before a query", "https://example.org?q=1", "https://example.org/?q=1"},
    {"trailing slash", "https://example.org/a/", "https://example.org/a"},
    {"trailing slash before a query", "https://example.org/a/?q=1", "https://example.org/a?q=1"},
    {"dot segments", "https://example.org/a/./b/../c", "https://example.org/a/c"},
    {"dot segments above the root", "https://example.org/../../a", "https://example.org/a"},
    {"dot segment at the end", "https://example.org/a/b/..", "https://example.org/a/"},
    {"encoded dots are dots", "https://example.org/a/%2E%2e/b", "https://example.org/b"},
    {"encoded unreserved characters", "https://example.org/%7Euser/%61%2Db",
     "https://example.org/~user/a-b"},
    {"hexadecimal digits in capitals", "https://example.org/a%2fb", "https://example.org/a%2Fb"},
    {"raw blank", "https://example.org/a b?c d", "https://example.org/a%20b?c%20d"},
    {"raw non-ASCII", "https://example.org/\xC3\xBC?q=\xE2\x82\xAC",
     "https://example.org/%C3%BC?q=%e2%82%ac"},
    {"blanks around", "  https://example.org/a ", "https://example.org/a"},
    {"line ends around", "\r\nhttps://example.org/a\n", "https://example.org/a"},
    {"tab and line end inside", "htt\tps://exam\r\nple.org/\na", "https://example.org/a"},
    {"tracking parameter", "https://example.org/a?utm_source=x&b=1&fbclid=2",
     "https://example.org/a?b=1"},
    {"only tracking parameters", "https://example.org/a?utm_source=x&gclid=2",
     "https://example.org/a"},
    {"tracking parameter in capitals", "https://example.org/a?UTM_Source=x&FbClId=1",
     "https://example.org/a"},
    {"tracking parameter percent-encoded", "https://example.org/a?utm%5Fsource=x",
     "https://example.org/a"},
    {"tracking parameter without a value",
     "https://example.org/a?fbclid&utm_x=", "https://example.org/a"},
    {"fragment", "https://example.org/a#section", "https://example.org/a"},
    {"empty fragment", "https://example.org/a#", "https://example.org/a"},
    {"empty userinfo", "https://@example.org/a", "https://example.org/a"},
    {"empty name and password", "https://:@example.org/a", "https://example.org/a"},
    {"IDN", "https://M\xC3\x9CNCHEN.example/a", "https://xn--mnchen-3ya.example/a"},
    {"IDN percent-encoded", "https://m%C3%BCnchen.example/a", "https://xn--mnchen-3ya.example/a"},
    {"IDN in capitals of ASCII", "https://XN--MNCHEN-3YA.example/a",
     "https://m\xC3\xBCnchen.example/a"},
    {"IDN with an ideographic full stop",
     "https://\xE4\xBE\x8B\xE3\x80\x82"
     "example/",
     "https://xn--fsq.example/"},
    {"encoded host", "https://ex%61mple.org/a", "https://example.org/a"},
    {"a host that ICU refuses, in lower case", "https://\xC3\x9C\xE2\x80\x8D.example/",
     "https://\xC3\xBC\xE2\x80\x8D.example/"},
    {"IPv6 in lower case", "https://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a"},
    {"routing fragment, percent-encoding in it", "https://example.org/#/%7e",
     "https://example.org/#/~"},
    {"ftp: scheme, host, port", "FTP://Example.ORG:21/a", "ftp://example.org/a"},
    {"ftp: IDN", "ftp://m\xC3\xBCnchen.example/a", "ftp://xn--mnchen-3ya.example/a"},
};

const Pair different_by_standard[] = {
    {"path in another case", "https://example.org/A", "https://example.org/a"},
    {"encoded slash", "https://example.org/a%2Fb", "https://example.org/a/b"},
    {"encoded ampersand", "https://example.org/?q=a%26b", "https://example.org/?q=a&b"},
    {"encoded question mark", "https://example.org/a%3Fb", "https://example.org/a?b"},
    {"plus is no blank", "https://example.org/?q=a+b", "https://example.org/?q=a%20b"},
    {"two trailing slashes", "https://example.org/a//", "https://example.org/a/"},
    {"two slashes inside", "https://example.org/a//b", "https://example.org/a/b"},
    {"trailing slash of a query", "https://example.org/?a=b/", "https://example.org/?a=b"},
    {"trailing slash of a routing fragment", "https://example.org/#/a/", "https://example.org/#/a"},
    {"routing fragment", "https://example.org/#!/a", "https://example.org/"},
    {"routing fragment with a slash", "https://example.org/#/a", "https://example.org/#/b"},
    {"http on the port of https", "http://example.org:443/", "https://example.org/"},
    {"https on the port of http", "https://example.org:80/", "http://example.org/"},
    {"both swapped ports", "https://example.org:80/", "http://example.org:443/"},
    {"another port", "https://example.org:8443/", "https://example.org/"},
    {"userinfo", "https://user@example.org/", "https://example.org/"},
    {"userinfo in another case", "https://User@example.org/", "https://user@example.org/"},
    {"password", "https://user:a@example.org/", "https://user:b@example.org/"},
    {"sharp s stays itself",
     "https://stra\xC3\x9F"
     "e.example/",
     "https://strasse.example/"},
    {"empty part of a query", "https://example.org/?a=1&&b=2", "https://example.org/?a=1&b=2"},
    {"trailing ampersand", "https://example.org/?a=1&", "https://example.org/?a=1"},
    {"order of parameters", "https://example.org/?a=1&b=2", "https://example.org/?b=2&a=1"},
    {"empty value", "https://example.org/?a=", "https://example.org/?a"},
    {"parameter that only begins like a tracking one", "https://example.org/?gclidx=1",
     "https://example.org/"},
    {"utm without underline", "https://example.org/?utm=1", "https://example.org/"},
    {"tracking name as a value", "https://example.org/?a=utm_source", "https://example.org/?a="},
    {"www.", "https://www.example.org/", "https://example.org/"},
    {"ftp is not https", "ftp://example.org/a", "https://example.org/a"},
    {"ftp: query of tracking parameters", "ftp://example.org/a?utm_x=1", "ftp://example.org/a"},
    {"stray percent sign", "https://example.org/100%", "https://example.org/100%25"},
    {"stray percent sign and what follows", "https://example.org/%%341", "https://example.org/A"},
    {"scheme-relative", "//example.org/A", "//example.org/A/"},
    {"schemeless", "example.org", "EXAMPLE.org"},
    {"host with a port twice", "https://example.org:80:80/", "https://example.org:80/"},
    {"javascript", "javascript:alert('x')", "JAVASCRIPT:alert('x')"},
    {"javascript with a blank", "javascript:void 0", "javascript:void%200"},
    {"data", "data:text/plain,a", "data:text/plain,A"},
    {"file", "file:///A/", "file:///A"},
    {"place", "place:sort=8&maxResults=10", "place:maxResults=10&sort=8"},
    {"mailto", "mailto:A@example.org", "mailto:a@example.org"},
    {"no host", "https:///a", "https:///a/"},
    {"one slash", "https:/example.org/a", "https://example.org/a"},
};

const Pair same_by_loose[] = {
    {"www.", "https://www.example.org/a", "https://example.org/a"},
    {"www. in capitals", "https://WWW.example.org/a", "https://example.org/a"},
    {"order of parameters", "https://example.org/?b=2&a=1", "https://example.org/?a=1&b=2"},
    {"all that standard ignores", "http://www.Example.org:80/a/?b=1&utm_x=2&a=%7e#c",
     "https://example.org/a?a=~&b=1"},
};

const Pair different_by_loose[] = {
    {"order within one name", "https://example.org/?a=1&a=2", "https://example.org/?a=2&a=1"},
    {"www. that is all but the last name", "https://www.org/", "https://org/"},
    {"www without a dot", "https://www2.example.org/", "https://example.org/"},
    {"www. of a path", "https://example.org/www.a", "https://example.org/a"},
    {"empty part of a query", "https://example.org/?a=1&&b=2", "https://example.org/?a=1&b=2"},
};

TEST_CASE("standard takes two spellings of one address for the same", "[url_key]") {
  for (const auto& [clause, a, b] : same_by_standard) {
    INFO(clause << ": " << a << " -> " << canonical(a) << ", " << b << " -> " << canonical(b));
    CHECK(is_same(a, b));
    CHECK(is_same(a, b, MatchPreset::loose));
    CHECK_FALSE(is_same(a, b, MatchPreset::exact));
  }
}

TEST_CASE("standard keeps apart what may be two addresses", "[url_key]") {
  for (const auto& [clause, a, b] : different_by_standard) {
    INFO(clause << ": " << a << " -> " << canonical(a) << ", " << b << " -> " << canonical(b));
    CHECK_FALSE(is_same(a, b));
  }
}

TEST_CASE("loose also ignores www. and the order of parameters", "[url_key]") {
  for (const auto& [clause, a, b] : same_by_loose) {
    INFO(clause << ": " << canonical(a, MatchPreset::loose) << ", "
                << canonical(b, MatchPreset::loose));
    CHECK(is_same(a, b, MatchPreset::loose));
    CHECK_FALSE(is_same(a, b));
  }
  for (const auto& [clause, a, b] : different_by_loose) {
    INFO(clause << ": " << canonical(a, MatchPreset::loose) << ", "
                << canonical(b, MatchPreset::loose));
    CHECK_FALSE(is_same(a, b, MatchPreset::loose));
  }
}

TEST_CASE("every name of the tracking list is ignored, in any case", "[url_key]") {
  for (const auto name : tracking_parameters) {
    std::string capitals(name);
    for (char& c : capitals) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    INFO(name);
    CHECK(is_same("https://example.org/?" + std::string(name) + "=1&a=2",
                  "https://example.org/?a=2"));
    CHECK(is_same("https://example.org/?a=2&" + capitals + "=1", "https://example.org/?a=2"));
    CHECK_FALSE(
        is_same("https://example.org/?x" + std::string(name) + "=1", "https://example.org/"));
    CHECK_FALSE(
        is_same("https://example.org/?" + std::string(name) + "x=1", "https://example.org/"));
  }
}

TEST_CASE("exact and everything that is no web address are compared byte by byte", "[url_key]") {
  for (const std::string_view text :
       {"", " ", "a", "javascript: void 0 ", "about:blank", " mailto:a@b", "https:", "https://",
        "https://?a", "https://@/", "https://:80/", "view-source:https://A/", "\xFF\x80"}) {
    CHECK(canonical(text) == text);
    CHECK(canonical(text, MatchPreset::loose) == text);
  }
  CHECK(canonical(" HTTPS://A/ ", MatchPreset::exact) == " HTTPS://A/ ");
}

TEST_CASE("the canonical text of an address is what the law says", "[url_key]") {
  CHECK(canonical("HTTP://User@Example.ORG:80/a/../b/?b=1&utm_x=2&a=%7e#c") ==
        "https://User@example.org/b?b=1&a=~");
  CHECK(canonical("http://example.org:443") == "http://example.org:443");
  CHECK(canonical("https://example.org//") == "https://example.org//");
  CHECK(canonical("https://example.org/?&utm_x=1") == "https://example.org");
  CHECK(canonical("https://example.org/%%341") == "https://example.org/%%341");
  CHECK(canonical("https://a\xEF\xBC\x8F"
                  "b.example/") ==
        "https://a\xEF\xBC\x8F"
        "b.example");  // would become a/b
  CHECK(canonical("https://r3---sn-4g5e.\xC3\xBC.example/") ==
        "https://r3---sn-4g5e.xn--tda.example");
}

TEST_CASE("a bookmark without URL is known by what it says", "[url_key]") {
  std::string scratch;
  Bookmark note;
  note.kind = Kind::note;
  note.title = "a";
  note.description = "b";
  const Key key = content_key(note, scratch);
  CHECK(key == key_of(note, MatchPreset::standard, scratch));
  Bookmark other = note;
  other.kind = Kind::code;
  CHECK_FALSE(content_key(other, scratch) == key);
  other = note;
  other.title = "ab";
  other.description = "";
  CHECK_FALSE(content_key(other, scratch) == key);
  other = note;
  other.tags = {};
  CHECK(content_key(other, scratch) == key);
  other.url = "https://example.org/";
  CHECK(key_of(other, MatchPreset::standard, scratch) ==
        match_key("http://example.org", MatchPreset::standard, scratch));
}

}  // namespace
}  // namespace linkferry
