#include <chrono>
#include <cstdio>
#include <string>

#include "cli/log.hpp"
#include "host/engine_host.hpp"
#include "host/guarded_call.hpp"
#include "linkferry/failure.hpp"
#include "support/catch.hpp"
#include "support/http_server.hpp"

using namespace linkferry;
using namespace linkferry::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* canary = "canary-of-the-host-93e24d68";

HttpSettings settings_for(const HttpServer& server) {
  HttpSettings settings;
  settings.base_url = server.url();
  settings.secret = Secret(std::string(canary));
  return settings;
}

HttpRequest get_x() {
  HttpRequest request;
  request.path = "/x";
  return request;
}

/// What a logger wrote of a message.
std::string logged(std::string_view message) {
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  Logger(file).log(LogLevel::error, message);
  std::rewind(file);
  std::string text(4096, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  return text;
}

}  // namespace

TEST_CASE("the host lends a client that traces into its log, without the token",
          "[host][network]") {
  HttpServer server([](const SeenRequest& request) {
    return Reply::json("\"" + request.header("Authorization") + "\"");
  });
  std::string log;
  EngineHost host([&](LogLevel, std::string_view text) { log += std::string(text) + "\n"; });
  const auto client = host.make_http_client(settings_for(server));
  const auto answer = client->send(get_x(), {});
  // The token reached the service, which sent it back.
  CHECK(answer.body == std::string("\"Bearer ") + canary + "\"");
  CHECK(log.find("-> GET " + server.url() + "/x") != std::string::npos);
  CHECK(log.find(canary) == std::string::npos);
}

TEST_CASE("no token passes the program's log, or the failures of plugins",
          "[host][network][canary]") {
  HttpServer server([](const SeenRequest&) { return Reply::json("{}"); });
  EngineHost host({});
  const auto client = host.make_http_client(settings_for(server));
  CHECK(logged(std::string("a plugin says ") + canary).find("a plugin says [secret]") !=
        std::string::npos);
  for (const bool is_failure : {true, false}) {
    try {
      guarded_call("links", "read", [&] {
        if (is_failure) throw Failure(FailureKind::failed, std::string("no: ") + canary);
        throw std::runtime_error(std::string("no: ") + canary);
      });
      FAIL("no failure came");
    } catch (const Failure& failure) {
      CHECK(std::string(failure.what()).find("no: [secret]") != std::string::npos);
    }
  }
}

TEST_CASE("clients of one host share its rate", "[host][network]") {
  HttpServer server([](const SeenRequest&) { return Reply::json("{}"); });
  EngineHost host({});
  HttpSettings settings = settings_for(server);
  settings.rate = {.requests = 1, .interval = 200ms, .burst = 1};
  const auto first = host.make_http_client(settings);
  const auto second = host.make_http_client(settings);
  const auto start = std::chrono::steady_clock::now();
  first->send(get_x(), {});
  second->send(get_x(), {});
  CHECK(std::chrono::steady_clock::now() - start >= 200ms);
}

TEST_CASE("after the deadline of a run no request begins", "[host][network]") {
  HttpServer server([](const SeenRequest&) { return Reply::json("{}"); });
  EngineHost host({});
  host.set_deadline(std::chrono::steady_clock::now());
  const auto client = host.make_http_client(settings_for(server));
  try {
    client->send(get_x(), {});
    FAIL("no failure came");
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::limit_reached);
  }
  CHECK(server.request_count() == 0);
}
