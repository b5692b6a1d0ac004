#include "net/redaction.hpp"

#include "net/base64.hpp"
#include "support/catch.hpp"

using namespace linkferry;

TEST_CASE("a secret passes in no form", "[net][redaction]") {
  Redaction one;
  one.add("s3cr3t/+\"x");
  CHECK(one.apply("Authorization: Token s3cr3t/+\"x!") == "Authorization: Token [secret]!");
  CHECK(one.apply("?token=s3cr3t%2F%2B%22x&a=1") == "?token=[secret]&a=1");
  CHECK(one.apply(R"({"token":"s3cr3t/+\"x"})") == R"({"token":"[secret]"})");
  CHECK(one.apply("Basic " + base64_encode("s3cr3t/+\"x")) == "Basic [secret]");
  CHECK(one.apply("s3cr3t/+\"xs3cr3t/+\"x") == "[secret][secret]");
}

TEST_CASE("a secret inside another hides none of it", "[net][redaction]") {
  Redaction one;
  one.add("abcdef");
  one.add("xxabcdefyy");
  CHECK(one.apply("xxabcdefyy") == "[secret]");
  CHECK(one.apply("abcdef") == "[secret]");
}

TEST_CASE("without secrets nothing is changed", "[net][redaction]") {
  Redaction one;
  one.add("");
  CHECK(one.apply("as it is") == "as it is");
}

TEST_CASE("base64 has its padding", "[net][redaction]") {
  CHECK(base64_encode("").empty());
  CHECK(base64_encode("f") == "Zg==");
  CHECK(base64_encode("fo") == "Zm8=");
  CHECK(base64_encode("foo") == "Zm9v");
  CHECK(base64_encode("user:\xFF") == "dXNlcjr/");
}

TEST_CASE("an address is shown without what is secret in it", "[net][redaction]") {
  CHECK(redact_url("https://me:pass@links.example/a?token=abc&limit=100&CODE=x") ==
        "https://links.example/a?token=[secret]&limit=100&CODE=[secret]");
  CHECK(redact_url("/api/bookmarks/?q=a&offset=5") == "/api/bookmarks/?q=a&offset=5");
  CHECK(redact_url("https://links.example/a\r\nX: y") == "https://links.example/a??X: y");
  CHECK(redact_url("").empty());
}
