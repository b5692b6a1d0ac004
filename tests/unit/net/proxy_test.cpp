#include "net/proxy.hpp"

#include "client_setup.hpp"
#include "net/secret_text.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

Environment environment(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

const Address secure = parse_address("https://links.example", "url");
const Address plain = parse_address("http://links.example:8080", "url");

}  // namespace

TEST_CASE("the proxy of the address's scheme is taken, in small letters first", "[net][proxy]") {
  CHECK_FALSE(find_proxy(secure, environment({})));
  CHECK(find_proxy(secure, environment({{"https_proxy", "http://a.example:3128"},
                                        {"HTTPS_PROXY", "http://b.example:1"}}))
            ->host == "a.example");
  CHECK(find_proxy(secure, environment({{"HTTPS_PROXY", "http://b.example:3128/"}}))->port == 3128);
  CHECK_FALSE(find_proxy(secure, environment({{"http_proxy", "http://a.example"}})));
  CHECK(find_proxy(plain, environment({{"http_proxy", "a.example:3128"}}))->host == "a.example");
  CHECK(find_proxy(plain, environment({{"http_proxy", "a.example"}}))->port == 1080);
  CHECK_FALSE(find_proxy(plain, environment({{"http_proxy", ""}})));
}

TEST_CASE("no_proxy names hosts, domains, ports, or all", "[net][proxy]") {
  const auto [list, is_used] = GENERATE(table<std::string, bool>({
      {"links.example", false},
      {".example", false},
      {"example", false},
      {"*.example", false},
      {"*", false},
      {"a.example, LINKS.example", false},
      {"links.example:443", false},
      {"links.example:8443", true},
      {"inks.example", true},
      {"example.org", true},
      {"", true},
      {",,", true},
  }));
  CAPTURE(list);
  CHECK(find_proxy(secure, environment({{"https_proxy", "http://a.example"}, {"NO_PROXY", list}}))
            .has_value() == is_used);
}

TEST_CASE("no_proxy names networks of addresses", "[net][proxy]") {
  const auto [host, list, is_used] = GENERATE(table<std::string, std::string, bool>({
      {"10.1.2.3", "10.0.0.0/8", false},
      {"10.1.2.3", "192.168.0.0/16, 10.1.2.3/8", false},
      {"11.1.2.3", "10.0.0.0/8", true},
      {"172.31.0.1", "172.16.0.0/12", false},
      {"172.32.0.1", "172.16.0.0/12", true},
      {"10.1.2.3", "10.1.2.3/32", false},
      {"10.1.2.2", "10.1.2.3/32", true},
      {"10.1.2.3", "0.0.0.0/0", false},
      {"[fd12::1]", "fd00::/8", false},
      {"[fe80::1]", "FD00::/8", true},
      {"[2001:db8:0:ff::1]", "2001:db8::/33", false},
      {"[2001:db8:8000::1]", "2001:db8::/33", true},
      {"[fd12::1]", "::/0", false},
      {"10.1.2.3", "::/0", true},
      {"[::ffff:10.1.2.3]", "10.0.0.0/8", true},
      // A name is not looked up, and what is no network means nothing.
      {"ten.example", "10.0.0.0/8", true},
      {"ten.example", "0.0.0.0/0", true},
      {"10.1.2.3", "10.0.0.0/33", true},
      {"10.1.2.3", "10.0.0.0/", true},
      {"10.1.2.3", "10.0.0.0/-8", true},
      {"10.1.2.3", "10.0.0.0/8x", true},
      {"10.1.2.3", "10/8", true},
      {"10.1.2.3", "/8", true},
      {"10.1.2.3", "/", true},
  }));
  CAPTURE(host, list);
  const Address address = parse_address("https://" + host, "url");
  CHECK(find_proxy(address, environment({{"https_proxy", "http://a.example"}, {"NO_PROXY", list}}))
            .has_value() == is_used);
}

TEST_CASE("loopback is never reached through a proxy", "[net][proxy]") {
  CHECK_FALSE(find_proxy(parse_address("http://127.0.0.1:80", "url"),
                         environment({{"http_proxy", "http://a.example"}})));
}

TEST_CASE("a proxy of an unknown kind is refused, without its password", "[net][proxy]") {
  const auto failure = failure_from([] {
    find_proxy(secure, environment({{"https_proxy", "socks5://me:hunter22@a.example"}}));
  });
  CHECK(failure.kind() == FailureKind::configuration);
  CHECK(contains(failure.what(), "https_proxy"));
  CHECK_FALSE(contains(failure.what(), "hunter22"));
}

TEST_CASE("plain http goes through a proxy with the whole address and the proxy's password",
          "[net][proxy]") {
  HttpServer proxy([](const SeenRequest&) { return Reply::json("[]"); });
  ClientSetup setup("http://links.example:8080/base");
  setup.settings.allow_http = true;
  setup.variables["http_proxy"] = "http://me:p%40ss@127.0.0.1:" + std::to_string(proxy.port());
  const auto client = setup.make();
  CHECK(client->send(get("/x?a=1"), {}).status == 200);
  const auto seen = proxy.requests().at(0);
  CHECK(seen.target == "http://links.example:8080/base/x?a=1");
  CHECK(seen.header("Host") == "links.example:8080");
  CHECK(seen.header("Proxy-Authorization") == "Basic bWU6cEBzcw==");
  CHECK_FALSE(contains(setup.whole_log(), "p%40ss"));
}

TEST_CASE("https goes through a tunnel, and the token only inside it", "[net][proxy]") {
  HttpServer proxy([](const SeenRequest&) { return Reply::of(403); });
  ClientSetup setup("https://links.example");
  setup.settings.secret = Secret("canary-of-the-tunnel");
  setup.settings.retries = 0;
  setup.variables["https_proxy"] = "http://127.0.0.1:" + std::to_string(proxy.port());
  const auto failure = failure_from([&] { setup.make()->send(get("/x"), {}); });
  CAPTURE(failure.what());
  CHECK(contains(failure.what(), "the proxy 127.0.0.1"));
  CHECK(contains(failure.what(), "403"));
  const auto seen = proxy.requests().at(0);
  CHECK(seen.method == "CONNECT");
  CHECK(seen.target == "links.example:443");
  CHECK(seen.header("Authorization").empty());
}
