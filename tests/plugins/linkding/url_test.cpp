#include "linkding/linkding_url.hpp"
#include "support/catch.hpp"
#include "support/fakes/fake_linkding_library.hpp"

using namespace linkferry;
using linkding::normalized_url;
using linkding::reason_to_refuse_url;

namespace {

std::string key(std::string_view url) {
  Arena arena;
  return std::string(normalized_url(url, arena));
}

}  // namespace

TEST_CASE("addresses that linkding takes for one have one key", "[linkding][url]") {
  const auto [one, other] = GENERATE(table<std::string, std::string>({
      {"https://x.example", "https://x.example/"},
      {"https://x.example/a", "https://x.example/a///"},
      {"https://X.Example/a", "https://x.example/a"},
      {"HTTPS://x.example/a", "https://x.example/a"},
      {"https://x.example/?b=1&a=2", "https://x.example/?a=2&b=1"},
      {"https://x.example/?a=1&a=2", "https://x.example/?a=2&a=1"},
      {"https://x.example/?", "https://x.example/"},
      {"https://x.example/?a", "https://x.example/?a="},
      {"https://x.example/?q=a+b", "https://x.example/?q=a%20b"},
      {"https://x.example/?q=a%2Fb", "https://x.example/?q=a/b"},
      {"https://x.example/?q=\u00e9", "https://x.example/?q=%C3%A9"},
      {"https://x.example/?a=1&&b=2", "https://x.example/?a=1&b=2"},
      {"https://x.example/a/?x=/", "https://x.example/a?x=/"},
      {"https://x.example/?q=%zz", "https://x.example/?q=%25zz"},
      {"https://x.example/?q=%ff", "https://x.example/?q=%fe"},
      {"  https://x.example/a\n", "https://x.example/a"},
      {"https://\u00dcnicode.example/", "https://\u00fcnicode.example"},
      {"https://x.example/#", "https://x.example/"},
      {"https://x.example/a/;p", "https://x.example/a;p"},
  }));
  CAPTURE(one, other);
  CHECK(key(one) == key(other));
  CHECK(test::linkding_key(one) == test::linkding_key(other));
}

TEST_CASE("addresses that linkding takes for two have two keys", "[linkding][url]") {
  const auto [one, other] = GENERATE(table<std::string, std::string>({
      {"http://x.example/", "https://x.example/"},
      {"https://www.x.example/", "https://x.example/"},
      {"https://x.example/A", "https://x.example/a"},
      {"https://x.example/%7Ea", "https://x.example/~a"},
      {"https://x.example/\u00e9", "https://x.example/%C3%A9"},
      {"https://x.example:443/", "https://x.example/"},
      {"https://x.example/#a", "https://x.example/#b"},
      {"https://x.example/a//b", "https://x.example/a/b"},
      {"https://x.example/a/../b", "https://x.example/b"},
      {"https://x.example/?utm_source=a", "https://x.example/"},
      {"https://b\u00fccher.example/", "https://xn--bcher-kva.example/"},
      {"https://x.example/?a=1;b=2", "https://x.example/?b=2;a=1"},
      {"https://Me@x.example/", "https://me@x.example/"},
      {"https://x.example/?a=1&b=2", "https://x.example/?a=2&b=1"},
      {"https://x.example/?ab=", "https://x.example/?a=b"},
      {"https://x.example/?a=b%26c=d", "https://x.example/?a=b&c=d"},
  }));
  CAPTURE(one, other);
  CHECK(key(one) != key(other));
  CHECK(test::linkding_key(one) != test::linkding_key(other));
}

TEST_CASE("an address that cannot be taken apart is its own key", "[linkding][url]") {
  CHECK(key(" https://x.example:99999/B/?b&a ") == "https://x.example:99999/B/?b&a");
  CHECK(key("https://[::1/x/") == "https://[::1/x/");
  CHECK(key("") == "");
  Arena arena;
  CHECK(is_absent(normalized_url({}, arena)));
}

TEST_CASE("a key is its own key", "[linkding][url]") {
  const std::string url = GENERATE(
      "https://x.example/a?b=%2F&a=+#x", "https://u:p@X.example:8080/a;p/b;c?x=y=z", "b0rked",
      "javascript:alert('x y')", "//x.example/a/", "?x=1", "https://x.example?a%3D=%26");
  CHECK(key(key(url)) == key(url));
}

TEST_CASE("linkding takes web and ftp addresses", "[linkding][url]") {
  const std::string url =
      GENERATE("http://x.example", "https://x.example/", "ftp://x.example/file", "FTPS://x.example",
               "http://127.0.0.1/a", "http://127.0.0.1:8000", "http://[::1]/",
               "http://[2001:db8::1]:80/x", "http://[::ffff:1.2.3.4]/", "http://localhost:9090/a",
               "https://me:pw@x.example/", "https://b\u00fccher.example/\u00fc",
               "https://xn--bcher-kva.example", "https://x.example/\u65e5\u672c\u8a9e?q=\u00e9",
               "https://x.example?q=1", "https://x.example#top", "https://x.example:99999/",
               "https://x.example./", "https://a-b.example/", "https://1.example/",
               "https://x.example/a|b\\c\"<>", "https://x.example/?a@b");
  CAPTURE(url);
  CHECK(is_absent(reason_to_refuse_url(url)));
  CHECK(test::is_linkding_url(url));
}

TEST_CASE("linkding refuses what is no address to it, and the reason is named", "[linkding][url]") {
  const std::string url = GENERATE(
      "x.example", "", "javascript:alert(1)", "mailto:a@x.example", "file:///x", "chrome://flags",
      "about:blank", "data:text/plain,x", "place:type=6", "notes://x.example/", "http://intranet/x",
      "http://a_b.example/", "http://-a.example/", "http://a-.example/", "http://a.-b.example/",
      "http://x.e/", "http://x.123/", "http://256.1.1.1/", "http://01.1.1.1/", "http:///x",
      "http://x..example/", "http://.example/", "https://x.example:/", "https://x.example:123456/",
      "https://x.example/a b", "https://x.example/a\tb", "https://x.example/a\u00a0b",
      "http://[::1", "http://@x.example/", "https://\U0001F600.example/", "//x.example/",
      "?relative");
  CAPTURE(url);
  CHECK(is_present(reason_to_refuse_url(url)));
  CHECK_FALSE(test::is_linkding_url(url));
}

TEST_CASE("the parts of a host have their limits", "[linkding][url]") {
  const std::string label63(63, 'a');
  CHECK(is_absent(reason_to_refuse_url("http://" + label63 + ".example/")));
  CHECK(is_present(reason_to_refuse_url("http://" + label63 + "a.example/")));
  const std::string start = "https://x.example/";
  const std::string longest = start + std::string(2048 - start.size(), 'a');
  CHECK(is_absent(reason_to_refuse_url(longest)));
  CHECK(reason_to_refuse_url(longest + "a") ==
        "linkding takes addresses of up to 2,048 characters");
}
