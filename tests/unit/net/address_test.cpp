#include "net/address.hpp"

#include "client_setup.hpp"

using namespace linkferry;
using linkferry::test::contains;
using linkferry::test::failure_from;

TEST_CASE("an address is a scheme, a host, a port and a path", "[net][address]") {
  const Address plain = parse_address("https://Links.Example", "url");
  CHECK(plain.is_tls);
  CHECK(plain.host == "links.example");
  CHECK(plain.port == 443);
  CHECK(plain.path.empty());
  CHECK(plain.origin() == "https://links.example");

  const Address full = parse_address("http://links.example:9090/linkding/", "url");
  CHECK_FALSE(full.is_tls);
  CHECK(full.port == 9090);
  CHECK(full.path == "/linkding");
  CHECK(full.origin() == "http://links.example:9090");

  const Address six = parse_address("http://[::1]:9090", "url");
  CHECK(six.host == "::1");
  CHECK(six.authority() == "[::1]:9090");
}

TEST_CASE("an address that cannot be used says why", "[net][address]") {
  const auto [url, why] = GENERATE(table<std::string, std::string>({
      {"", "does not begin with https://"},
      {"links.example", "does not begin with https://"},
      {"ftp://links.example", "does not begin with https://"},
      {"https://", "names no host"},
      {"https://me:hunter22@links.example", "user or password"},
      {"https://links.example/?q=1", "query or fragment"},
      {"https://links.example:0", "port"},
      {"https://links.example:99999", "port"},
      {"https://m\xC3\xBCnchen.example", "xn--"},
      {"https://[::1", "no ]"},
      {"https://[zz]", "no IPv6 address"},
      {"https://links.example/a b", "path"},
      {"https://links.exam\r\nple", "host"},
  }));
  const auto failure = failure_from([&, url = url] { parse_address(url, "url"); });
  CHECK(failure.kind() == FailureKind::configuration);
  CHECK(contains(failure.what(), why));
  CHECK_FALSE(contains(failure.what(), "hunter22"));
}

TEST_CASE("loopback is this machine and nothing else", "[net][address]") {
  CHECK(is_loopback("localhost"));
  CHECK(is_loopback("127.0.0.1"));
  CHECK(is_loopback("127.8.9.10"));
  CHECK(is_loopback("::1"));
  CHECK_FALSE(is_loopback("localhost.example"));
  CHECK_FALSE(is_loopback("128.0.0.1"));
  CHECK_FALSE(is_loopback("127.0.0.1.example"));
  CHECK_FALSE(is_loopback("::2"));
  CHECK_FALSE(is_loopback("10.0.0.1"));
}

TEST_CASE("a redirect is followed as RFC 3986 says", "[net][address][redirect]") {
  const Address from = parse_address("https://links.example/linkding", "url");
  const std::string target = "/linkding/api/tags?x=1";
  const auto [location, origin, path] = GENERATE(table<std::string, std::string, std::string>({
      {"/api/tags/", "", "/api/tags/"},
      {"tags/", "", "/linkding/api/tags/"},
      {"?x=2", "", "/linkding/api/tags?x=2"},
      {"../a/./b?c=../d", "", "/linkding/a/b?c=../d"},
      {"/../../..", "", "/"},
      {"https://links.example/x", "", "/x"},
      {"https://LINKS.example:443/x#part", "", "/x"},
      {"//links.example/x", "", "/x"},
      {"http://links.example/x", "http://links.example", "/x"},
      {"https://links.example:8443/x", "https://links.example:8443", "/x"},
      {"https://other.example", "https://other.example", "/"},
      {"//other.example/x", "https://other.example", "/x"},
  }));
  const auto found = resolve_redirect(from, target, location);
  REQUIRE(found);
  CHECK(found->origin == origin);
  CHECK(found->path == path);
}

TEST_CASE("a redirect to what is no http address leads nowhere", "[net][address][redirect]") {
  const Address from = parse_address("https://links.example", "url");
  for (const char* location : {"", "javascript:alert(1)", "ftp://links.example/x", "mailto:a@b",
                               "https://a@links.example/", "/a b"}) {
    CAPTURE(location);
    CHECK_FALSE(resolve_redirect(from, "/x", location));
  }
}
