#include "client_setup.hpp"
#include "net/address.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

Reply redirect(int status, std::string to) {
  return Reply::of(status, "").with("Location", std::move(to));
}

}  // namespace

TEST_CASE("a read follows redirects on the same server, with its token", "[net][redirect]") {
  HttpServer server([&](const SeenRequest& request) {
    if (request.target == "/api/tags") return redirect(301, "/api/tags/");
    if (request.target == "/api/tags/") return redirect(307, "other/?a=1");
    return Reply::json("[1]");
  });
  ClientSetup setup(server.url());
  setup.settings.secret = Secret("token-that-follows");
  const auto answer = setup.make()->send(get("/api/tags"), {});
  CHECK(answer.body == "[1]");
  CHECK(answer.url == server.url() + "/api/tags/other/?a=1");
  CHECK(server.requests().at(2).header("Authorization") == "Bearer token-that-follows");
}

TEST_CASE("a read is never redirected to another origin, and the token does not go there",
          "[net][redirect][security]") {
  HttpServer other([](const SeenRequest&) { return Reply::json("[1]"); });
  // Another port is another origin; a name of the same machine too; so is another scheme.
  const std::size_t which = GENERATE(0U, 1U, 2U, 3U);
  HttpServer server([&other, which](const SeenRequest& request) {
    const std::string port = request.header("Host").substr(request.header("Host").find(':'));
    const std::string elsewhere[] = {other.url() + "/x", "http://localhost" + port + "/x",
                                     "https://127.0.0.1" + port + "/x", "//other.example/x"};
    return redirect(302, elsewhere[which]);
  });
  ClientSetup setup(server.url());
  setup.settings.secret = Secret("token-that-stays");
  const auto failure = failure_from([&] { setup.make()->send(get("/x"), {}); });
  CHECK(failure.kind() == FailureKind::configuration);
  CHECK(contains(failure.what(), "GET " + server.url() + "/x answered 302"));
  CHECK(contains(failure.what(), "set url to its new address"));
  CHECK(other.request_count() == 0);
  CHECK(server.request_count() == 1);
}

TEST_CASE("a redirect from https to http is not followed", "[net][redirect][security]") {
  const Address from = {.is_tls = true, .host = "links.example", .port = 443, .path = ""};
  CHECK(resolve_redirect(from, "/x", "http://links.example/x")->origin == "http://links.example");
}

TEST_CASE("any redirect of a write is an error", "[net][redirect][security]") {
  const int status = GENERATE(300, 301, 302, 303, 304, 307, 308);
  const std::string method = GENERATE("POST", "PUT", "PATCH", "DELETE");
  HttpServer server([&](const SeenRequest& request) {
    return request.path() == "/x" ? redirect(status, "/x/") : Reply::of(200);
  });
  ClientSetup setup(server.url());
  HttpRequest request = post("/x", "{}");
  request.method = method;
  const auto failure = failure_from([&] { setup.make()->send(request, {}); });
  CHECK(failure.kind() == FailureKind::configuration);
  CHECK(contains(failure.what(),
                 method + " " + server.url() + "/x answered " + std::to_string(status)));
  CHECK(server.request_count() == 1);
}

TEST_CASE("redirects in circles end", "[net][redirect]") {
  HttpServer server([](const SeenRequest&) { return redirect(302, "/x"); });
  ClientSetup setup(server.url());
  CHECK(contains(failure_from([&] { setup.make()->send(get("/x"), {}); }).what(), "in circles"));
  CHECK(server.request_count() == 6);
}

TEST_CASE("a redirect to nowhere is an error", "[net][redirect]") {
  const std::string location = GENERATE("", "javascript:alert(1)", "/a b");
  HttpServer server([&](const SeenRequest&) { return redirect(302, location); });
  ClientSetup setup(server.url());
  CHECK(contains(failure_from([&] { setup.make()->send(get("/x"), {}); }).what(),
                 "without a usable address"));
}

TEST_CASE("304 is an answer to a read like any other", "[net][redirect]") {
  HttpServer server([](const SeenRequest&) { return Reply::of(304, ""); });
  ClientSetup setup(server.url());
  CHECK(setup.make()->send(get("/x"), {}).status == 304);
}
