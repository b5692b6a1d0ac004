#include <thread>

#include "client_setup.hpp"
#include "net/redaction.hpp"
#include "net/secret_text.hpp"
#include "support/test_certificates.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

constexpr const char* canary = "canary-5f0c1a7b93e24d68/+x";

/// Every text that a person could see of what the client does with a service that behaves like
/// this.
std::string everything_said(const HttpServer::Handler& handler) {
  HttpServer server(handler);
  ClientSetup setup(server.url() + "/base");
  setup.settings.secret = Secret(std::string(canary));
  setup.settings.retries = 1;
  setup.settings.read_timeout = std::chrono::milliseconds(100);
  const auto client = setup.make();
  std::string said;
  for (const HttpRequest& request :
       {get(with_query("/api/", {{"q", canary}, {"access_token", "x"}})), post("/api/", canary)}) {
    try {
      const auto answer = client->send(request, {});
      said += answer.url + "\n" + client->failure_of(answer, canary).what() + "\n";
      client->expect_json(answer);
    } catch (const Failure& failure) {
      said += failure.what() + std::string("\n");
    }
  }
  // The canary did go over the line.
  for (const auto& seen : server.requests())
    CHECK(seen.header("Authorization") == std::string("Bearer ") + canary);
  CHECK(server.request_count() > 0);
  return said + setup.whole_log();
}

}  // namespace

TEST_CASE("the token is in no log, trace or error, whatever the service does",
          "[net][security][canary]") {
  const std::vector<Reply> replies = {
      Reply::json(R"({"ok": true})"),
      Reply::of(401, std::string("you sent Bearer ") + canary),
      Reply::of(500, std::string(R"({"token":")") + canary + "\"}"),
      Reply::of(429).with("Retry-After", "99999"),
      Reply::of(302).with("Location", std::string("https://other.example/?token=") + canary),
      Reply::of(302).with("Location", std::string("/x?q=") + percent_encode(canary)),
      Reply{.status = 200,
            .body = std::string("<title>") + canary + "</title><html>",
            .headers = {{"Content-Type", canary}}},
      Reply{.body = "<html><title>" + std::string(canary) + "</title>"},
      Reply{.raw = std::string(canary) + "\r\n\r\n"},
      Reply{.raw = std::string("HTTP/1.1 200 OK\r\n") + canary + "\r\n\r\n"},
      Reply{.fault = Fault::reset},
      Reply{.fault = Fault::silence},
  };
  for (const auto& reply : replies) {
    CAPTURE(reply.status, reply.body, reply.raw);
    const std::string said = everything_said([&](const SeenRequest&) { return reply; });
    CHECK(said.size() > 20);
    CHECK_FALSE(contains(said, canary));
    CHECK_FALSE(contains(said, percent_encode(canary)));
    CHECK_FALSE(contains(said, "canary-5f0c1a7b"));
  }
}

TEST_CASE("a trace names every request and answer", "[net][security]") {
  HttpServer server([](const SeenRequest&) { return Reply::json("[]"); });
  ClientSetup setup(server.url());
  setup.make()->send(get("/api/tags/?limit=5"), {});
  CHECK(setup.has_logged("-> GET " + server.url() + "/api/tags/?limit=5"));
  CHECK(setup.has_logged("<- 200 GET " + server.url() + "/api/tags/?limit=5"));
}

TEST_CASE("taking a secret leaves nothing of it in the string it came from", "[net][security]") {
  std::string text = "a-secret-that-is-long-enough-for-the-heap";
  const char* bytes = text.data();
  const std::size_t size = text.size();
  const Secret secret(std::move(text));
  CHECK(SecretText::of(secret) == "a-secret-that-is-long-enough-for-the-heap");
  // The string kept its memory, so that this looks at what is still its own.
  // NOLINTBEGIN(bugprone-use-after-move): that is what the test is about.
  CHECK(text.data() == bytes);
  text.resize(size, '?');
  CHECK_FALSE(contains(text, "secret"));
  // NOLINTEND(bugprone-use-after-move)
  CHECK(Secret().is_empty());
  CHECK(Secret(std::string()).is_empty());
}
