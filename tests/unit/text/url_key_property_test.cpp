#include <chrono>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "text/url_canonical.hpp"
#include "text/url_key.hpp"

namespace linkferry {
namespace {

/// URLs put together from what is tricky in them.
class RandomUrls {
 public:
  std::string next() {
    static const std::vector<std::string> pieces = {"http://",
                                                    "https://",
                                                    "ftp://",
                                                    "HTTPS://",
                                                    "example",
                                                    ".org",
                                                    "www.",
                                                    "EXAMPLE",
                                                    ":",
                                                    "80",
                                                    "443",
                                                    ":443",
                                                    "@",
                                                    "/",
                                                    "//",
                                                    "/.",
                                                    "/..",
                                                    "/./",
                                                    "/../",
                                                    ".",
                                                    "..",
                                                    "%",
                                                    "%2",
                                                    "%41",
                                                    "%2e",
                                                    "%2E",
                                                    "%2f",
                                                    "%25",
                                                    "%C3%BC",
                                                    "%zz",
                                                    "\xC3\xBC",
                                                    "\xC3\x9F",
                                                    "\xE2\x82\xAC",
                                                    "\xE2\x80\x8D",
                                                    "\xC4\xB0",
                                                    "\xEF\xBC\x8F",
                                                    "\xFF",
                                                    "\x80",
                                                    "xn--mnchen-3ya",
                                                    "?",
                                                    "&",
                                                    "=",
                                                    "&&",
                                                    "utm_source=x",
                                                    "fbclid",
                                                    "a=1",
                                                    "b=2",
                                                    "ref_src=1",
                                                    "#",
                                                    "#!",
                                                    "#/",
                                                    " ",
                                                    "\t",
                                                    "\n",
                                                    "[::1]",
                                                    "[",
                                                    "]",
                                                    "\\",
                                                    "a",
                                                    "Z",
                                                    "-",
                                                    "_",
                                                    "~",
                                                    "+",
                                                    ";",
                                                    "javascript:",
                                                    "\x7F",
                                                    "3",
                                                    "f"};
    std::string url = random_() % 8 == 0 ? "" : pieces[random_() % 2] + pieces[4 + random_() % 4];
    for (auto count = random_() % 12; count > 0; --count) url += pieces[random_() % pieces.size()];
    return url;
  }

 private:
  std::mt19937 random_{20261122};
};

std::string canonical(std::string_view url, MatchPreset preset) {
  std::string scratch;
  return std::string(canonical_url(url, preset, scratch));
}

TEST_CASE("canonical once is canonical twice", "[url_key]") {
  RandomUrls urls;
  for (int i = 0; i < 100'000; ++i) {
    const std::string url = urls.next();
    for (const auto preset : {MatchPreset::exact, MatchPreset::standard, MatchPreset::loose}) {
      const std::string once = canonical(url, preset);
      const std::string twice = canonical(once, preset);
      if (once != twice) FAIL(url << " -> " << once << " -> " << twice);
    }
  }
}

TEST_CASE("the quick way and the long way give the same canonical text", "[url_key]") {
  RandomUrls urls;
  std::size_t quick = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::string url = urls.next();
    std::string scratch;
    const auto rest = canonical_plain_rest(url, scratch);
    if (!rest) continue;
    ++quick;
    const std::string plain = std::string(canonical_scheme).append(*rest);
    std::string other;
    const auto any = canonical_any_url(url, false, other);
    if (plain != any) FAIL(url << " -> " << plain << ", " << any);
  }
  CHECK(quick > 1'000);
}

TEST_CASE("two URLs have the same key when their canonical texts are the same, and else not",
          "[url_key]") {
  RandomUrls urls;
  std::string scratch;
  std::map<std::string, Key> keys;
  for (int i = 0; i < 50'000; ++i) {
    const std::string url = urls.next();
    const Key key = match_key(url, MatchPreset::standard, scratch);
    const auto [known, is_new] = keys.emplace(canonical(url, MatchPreset::standard), key);
    if (known->second != key) FAIL(url);
  }
  std::set<std::pair<std::uint64_t, std::uint64_t>> different;
  for (const auto& [text, key] : keys) different.emplace(key.high, key.low);
  CHECK(different.size() == keys.size());
}

TEST_CASE("what standard takes for the same, loose does too", "[url_key]") {
  RandomUrls urls;
  for (int i = 0; i < 50'000; ++i) {
    const std::string url = urls.next();
    const std::string standard = canonical(url, MatchPreset::standard);
    if (canonical(url, MatchPreset::loose) != canonical(standard, MatchPreset::loose)) FAIL(url);
  }
}

TEST_CASE("a URL of 1 MiB takes time in proportion", "[url_key]") {
  std::vector<std::string> urls;
  for (const std::string_view piece : {"/..",
                                       "/.",
                                       "/",
                                       "%",
                                       "%41",
                                       "%C3",
                                       " ",
                                       "&",
                                       "a&",
                                       "&utm_a",
                                       "@",
                                       ":",
                                       "[",
                                       "www.",
                                       "\xC3\xBC",
                                       "\xC3\xBC.",
                                       "\xF0\x9F\x98\x80",
                                       "\xFF",
                                       "#",
                                       "?",
                                       "\t",
                                       "%00",
                                       "."}) {
    for (const std::string_view head : {"https://", "https://a/", "https://a/?", "https://a/#/"}) {
      std::string url(head);
      while (url.size() < 1024 * 1024) url += piece;
      urls.push_back(std::move(url));
    }
  }
  const auto start = std::chrono::steady_clock::now();
  std::size_t size = 0;
  for (const auto& url : urls) {
    for (const auto preset : {MatchPreset::standard, MatchPreset::loose})
      size = std::max(size, canonical(url, preset).size());
  }
  CHECK(size <= 3 * (1024 * 1024 + 64));
  CHECK(std::chrono::steady_clock::now() - start <
        std::chrono::seconds(60));  // some 2 s where nothing watches
}

TEST_CASE("a million different addresses have a million keys", "[url_key]") {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> keys;
  std::string scratch;
  for (int i = 0; i < 1'000'000; ++i) {
    const Key key =
        match_key("https://example.org/" + std::to_string(i), MatchPreset::standard, scratch);
    keys.emplace_back(key.high, key.low);
  }
  std::sort(keys.begin(), keys.end());
  CHECK(std::adjacent_find(keys.begin(), keys.end()) == keys.end());
}

}  // namespace
}  // namespace linkferry
