#include "net/retry.hpp"

#include <atomic>

#include "client_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;
using namespace std::chrono_literals;

namespace {

/// Answers with each of `replies` in turn, then with the last of them.
HttpServer::Handler in_turn(std::vector<Reply> replies) {
  auto turn = std::make_shared<std::atomic<std::size_t>>(0);
  return [turn, replies = std::move(replies)](const SeenRequest&) {
    return replies[std::min(turn->fetch_add(1), replies.size() - 1)];
  };
}

Reply fault(Fault kind) {
  Reply reply = Reply::json("[1, 2, 3, 4, 5, 6]");
  reply.fault = kind;
  return reply;
}

}  // namespace

TEST_CASE("pauses grow, are never the same for two clients, and have a limit", "[net][retry]") {
  std::minstd_rand random(1);
  for (unsigned retry = 0; retry < 40; ++retry) {
    const auto full = std::min(500ms * (1 << std::min(retry, 10U)), 30'000ms);
    for (int i = 0; i < 20; ++i) {
      const auto pause = backoff(retry, random);
      REQUIRE(pause >= full / 2);
      REQUIRE(pause <= full);
    }
  }
  CHECK(backoff(6, random) != backoff(6, random));
}

TEST_CASE("a read is repeated until the service has recovered", "[net][retry]") {
  const Reply trouble =
      GENERATE(Reply::of(500), Reply::of(502), Reply::of(503), Reply::of(504), Reply::of(408),
               Reply::of(429), fault(Fault::lost_reply), fault(Fault::reset),
               fault(Fault::cut_body), fault(Fault::reset_body));
  CAPTURE(trouble.status, static_cast<int>(trouble.fault));
  HttpServer server(in_turn({trouble, trouble, Reply::json("[7]")}));
  ClientSetup setup(server.url());
  const auto client = setup.make();
  CHECK(client->send(get("/x"), {}).body == "[7]");
  CHECK(server.request_count() == 3);
  CHECK(client->statistics().retries == 2);
  const auto waits = setup.clock.waits();
  REQUIRE(waits.size() == 2);
  CHECK(waits[0] >= 250ms);
  CHECK(waits[1] >= 500ms);
}

TEST_CASE("a read is not repeated forever", "[net][retry]") {
  SECTION("a status is handed over in the end") {
    HttpServer server(in_turn({Reply::of(503)}));
    ClientSetup setup(server.url());
    setup.settings.retries = 4;
    CHECK(setup.make()->send(get("/x"), {}).status == 503);
    CHECK(server.request_count() == 5);
  }
  SECTION("a broken connection is a temporary failure that names the request") {
    HttpServer server(in_turn({fault(Fault::reset)}));
    ClientSetup setup(server.url());
    setup.settings.retries = 2;
    const auto failure = failure_from([&] { setup.make()->send(get("/x?a=1"), {}); });
    CHECK(failure.kind() == FailureKind::temporary);
    CHECK(contains(failure.what(), "GET " + server.url() + "/x?a=1: "));
    CHECK(contains(failure.what(), "tried 3 times"));
    CHECK(server.request_count() == 3);
  }
}

TEST_CASE("what is wrong with the request itself is not repeated", "[net][retry]") {
  const int status = GENERATE(400, 401, 403, 404, 405, 409, 410, 413, 422, 501);
  HttpServer server(in_turn({Reply::of(status)}));
  ClientSetup setup(server.url());
  CHECK(setup.make()->send(get("/x"), {}).status == status);
  CHECK(server.request_count() == 1);
}

TEST_CASE("a write that may not arrive twice is not repeated after an error of the service",
          "[net][retry]") {
  const int status = GENERATE(500, 502, 503, 504);
  HttpServer server(in_turn({Reply::of(status)}));
  ClientSetup setup(server.url());
  CHECK(setup.make()->send(post("/x", "{}"), {}).status == status);
  CHECK(server.request_count() == 1);
}

TEST_CASE("a write that was refused for its rate is repeated", "[net][retry]") {
  HttpServer server(in_turn({Reply::of(429), Reply::of(201)}));
  ClientSetup setup(server.url());
  CHECK(setup.make()->send(post("/x", "{}"), {}).status == 201);
  CHECK(server.request_count() == 2);
}

TEST_CASE("a write that a plugin calls repeatable is repeated like a read", "[net][retry]") {
  const Reply trouble = GENERATE(Reply::of(500), fault(Fault::lost_reply), fault(Fault::cut_body));
  HttpServer server(in_turn({trouble, Reply::of(201)}));
  ClientSetup setup(server.url());
  HttpRequest request = post("/x", "{}");
  request.is_repeatable = true;
  CHECK(setup.make()->send(request, {}).status == 201);
  CHECK(server.request_count() == 2);
  CHECK(server.requests()[1].body == "{}");
}

TEST_CASE("PUT and DELETE are repeated, PATCH is not", "[net][retry]") {
  HttpServer server(in_turn({Reply::of(503), Reply::of(200)}));
  ClientSetup setup(server.url());
  HttpRequest request = post("/x", "{}");
  request.method = GENERATE("PUT", "DELETE", "PATCH");
  CHECK(setup.make()->send(request, {}).status == (request.method == "PATCH" ? 503 : 200));
}

TEST_CASE("a write whose answer is lost is an outcome of its own, never a second write",
          "[net][retry][lost-reply]") {
  const Fault kind = GENERATE(Fault::lost_reply, Fault::reset, Fault::cut_body, Fault::reset_body);
  CAPTURE(static_cast<int>(kind));
  std::atomic<int> stored = 0;
  HttpServer server([&](const SeenRequest& request) {
    if (request.method == "POST") ++stored;
    return fault(kind);
  });
  ClientSetup setup(server.url());
  const auto client = setup.make();
  try {
    client->send(post("/api/bookmarks/", "{}"), {});
    FAIL("an answer came");
  } catch (const LostReply& lost) {
    CHECK(lost.kind() == FailureKind::temporary);
    CHECK(contains(lost.what(), "POST " + server.url() + "/api/bookmarks/: "));
    CHECK(contains(lost.what(), "is not known"));
  }
  CHECK(stored == 1);
}

TEST_CASE("a write over a connection that rested is lost when it is closed, not repeated",
          "[net][retry][lost-reply]") {
  HttpServer server([](const SeenRequest& request) {
    return request.method == "GET" ? Reply::json("[]") : fault(Fault::reset);
  });
  ClientSetup setup(server.url());
  const auto client = setup.make();
  client->send(get("/x"), {});
  CHECK_THROWS_AS(client->send(post("/x", "{}"), {}), LostReply);
  CHECK(server.request_count() == 2);
}

TEST_CASE("a write that times out is lost", "[net][retry][lost-reply]") {
  HttpServer server(in_turn({fault(Fault::silence)}));
  ClientSetup setup(server.url());
  setup.settings.read_timeout = 100ms;
  CHECK_THROWS_AS(setup.make()->send(post("/x", "{}"), {}), LostReply);
  CHECK(server.request_count() == 1);
}

TEST_CASE("what is to be sent once is sent once, whatever its method and its trouble",
          "[net][retry][lost-reply]") {
  HttpRequest request = get("/x");
  request.method = GENERATE("DELETE", "PUT", "GET", "POST");
  request.is_repeatable = GENERATE(true, false);
  request.is_sent_once = true;
  SECTION("an answer that is lost") {
    const Fault kind =
        GENERATE(Fault::lost_reply, Fault::reset, Fault::cut_body, Fault::reset_body);
    HttpServer server([kind](const SeenRequest&) { return fault(kind); });
    ClientSetup setup(server.url());
    CHECK_THROWS_AS(setup.make()->send(request, {}), LostReply);
    CHECK(server.request_count() == 1);
  }
  SECTION("a connection that was used before and is closed now") {
    auto turn = std::make_shared<std::atomic<int>>(0);
    HttpServer server([turn](const SeenRequest&) {
      return (*turn)++ == 0 ? Reply::json("[]") : fault(Fault::lost_reply);
    });
    ClientSetup setup(server.url());
    const auto client = setup.make();
    client->send(get("/y"), {});
    CHECK_THROWS_AS(client->send(request, {}), LostReply);
    CHECK(server.request_count() == 2);
  }
  SECTION("an error of the service") {
    HttpServer server(in_turn({Reply::of(503)}));
    ClientSetup setup(server.url());
    CHECK(setup.make()->send(request, {}).status == 503);
    CHECK(server.request_count() == 1);
  }
  SECTION("not what was refused for its rate, which nothing came of") {
    HttpServer server(in_turn({Reply::of(429), Reply::of(204, "")}));
    ClientSetup setup(server.url());
    CHECK(setup.make()->send(request, {}).status == 204);
    CHECK(server.request_count() == 2);
  }
}

TEST_CASE("a write that could not be sent at all is repeated and is not lost", "[net][retry]") {
  std::uint16_t port = 0;
  {
    port = HttpServer([](const SeenRequest&) { return Reply(); }).port();
  }
  ClientSetup setup("http://127.0.0.1:" + std::to_string(port));
  setup.settings.retries = 2;
  const auto client = setup.make();
  const auto failure = failure_from([&] {
    try {
      client->send(post("/x", "{}"), {});
    } catch (const LostReply&) {
      FAIL("nothing was sent");
    }
  });
  CHECK(failure.kind() == FailureKind::temporary);
  CHECK(contains(failure.what(), "refused"));
  CHECK(client->statistics().retries == 2);
}

TEST_CASE("a read over a connection that the service closed meanwhile goes through without a pause",
          "[net][retry]") {
  HttpServer server([](const SeenRequest& request) {
    Reply reply = Reply::json("[1]");
    // Promises to keep the connection, and closes it.
    if (request.target == "/last") reply.raw = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]";
    return reply;
  });
  ClientSetup setup(server.url());
  const auto client = setup.make();
  client->send(get("/last"), {});
  CHECK(client->send(get("/x"), {}).body == "[1]");
  CHECK(setup.clock.waits().empty());
}

TEST_CASE("what a plugin has begun to stream is not streamed twice", "[net][retry]") {
  HttpServer server(in_turn({fault(Fault::cut_body), Reply::json("[1]")}));
  ClientSetup setup(server.url());
  HttpRequest request = get("/asset");
  std::string got;
  request.on_body = [&](std::string_view piece) { got += piece; };
  CHECK(failure_from([&] { setup.make()->send(request, {}); }).kind() == FailureKind::temporary);
  CHECK(got == "[1, 2, 3,");
  CHECK(server.request_count() == 1);
}

TEST_CASE("what a plugin throws while it streams comes back to it, and the client goes on",
          "[net][retry]") {
  HttpServer server(in_turn({Reply::json("[1]")}));
  ClientSetup setup(server.url());
  const auto client = setup.make();
  HttpRequest request = get("/asset");
  request.on_body = [](std::string_view) { throw Failure(FailureKind::failed, "disk full"); };
  CHECK(std::string(failure_from([&] { client->send(request, {}); }).what()) == "disk full");
  CHECK(client->send(get("/x"), {}).status == 200);
}

TEST_CASE("Retry-After is waited for, in seconds or as a date, whatever our own clock says",
          "[net][retry][rate]") {
  Reply busy = Reply::of(GENERATE(429, 503));
  SECTION("seconds") { busy.with("Retry-After", "30"); }
  SECTION("a date") {
    busy.with("Date", "Sun, 22 Nov 2026 10:00:00 GMT")
        .with("Retry-After", "Sun, 22 Nov 2026 10:00:30 GMT");
  }
  HttpServer server(in_turn({busy, Reply::json("[1]")}));
  ClientSetup setup(server.url());
  setup.clock.set_skew(-7200s);
  CHECK(setup.make()->send(get("/x"), {}).body == "[1]");
  CHECK(setup.clock.waited() >= 30s);
  CHECK(setup.clock.waited() <= 32s);
}

TEST_CASE("a service that asks for hours is not waited for", "[net][retry][rate]") {
  HttpServer server(in_turn({Reply::of(429).with("Retry-After", "7200")}));
  ClientSetup setup(server.url());
  const auto failure = failure_from([&] { setup.make()->send(get("/x"), {}); });
  CHECK(failure.kind() == FailureKind::temporary);
  CHECK(contains(failure.what(), "asks to come back in 120 min"));
  CHECK(setup.clock.waits().empty());
}

TEST_CASE("a 429 without Retry-After waits for the reset of the rate limit", "[net][retry][rate]") {
  Reply busy = Reply::of(429, R"({"error":"Too many requests"})");
  busy.with("Date", "Sat, 08 Aug 2026 12:00:00 GMT")
      .with("X-RateLimit-Limit", "300")
      .with("X-RateLimit-Remaining", "0");
  const std::string reset =
      GENERATE("2026-08-08T12:04:00.123456Z", "2026-08-08T12:04:00.123Z", "1786190640", "240");
  busy.with("X-RateLimit-Reset", reset);
  HttpServer server(in_turn({busy, Reply::json("[1]")}));
  ClientSetup setup(server.url());
  CHECK(setup.make()->send(get("/x"), {}).body == "[1]");
  CHECK(setup.clock.waited() >= 240s);
  CHECK(setup.clock.waited() <= 242s);
}

TEST_CASE("the headers of a good answer slow down the requests that follow", "[net][rate]") {
  Reply reply = Reply::json("[]");
  reply.with("Date", "Sat, 08 Aug 2026 12:00:00 GMT")
      .with("X-RateLimit-Limit", "300")
      .with("X-RateLimit-Remaining", "100")
      .with("X-RateLimit-Reset", "2026-08-08T12:03:20.000Z");
  HttpServer server(in_turn({reply}));
  ClientSetup setup(server.url());
  const auto client = setup.make();
  for (int i = 0; i < 3; ++i) client->send(get("/x"), {});
  CHECK(setup.clock.waits() == std::vector{2000ms, 2000ms});
}

TEST_CASE("a storm of 429 ends with every request done once", "[net][retry][rate]") {
  std::atomic<int> turn = 0;
  std::atomic<int> stored = 0;
  HttpServer server([&](const SeenRequest&) {
    if (turn++ % 3 != 0) return Reply::of(429);
    ++stored;
    return Reply::of(201);
  });
  ClientSetup setup(server.url());
  const auto client = setup.make();
  for (int i = 0; i < 30; ++i) REQUIRE(client->send(post("/x", "{}"), {}).status == 201);
  CHECK(stored == 30);
}

TEST_CASE("the configured rate spreads requests over time", "[net][rate]") {
  HttpServer server(in_turn({Reply::json("[]")}));
  ClientSetup setup(server.url());
  setup.settings.rate = {.requests = 60, .interval = 60s, .burst = 1};
  const auto client = setup.make();
  for (int i = 0; i < 5; ++i) client->send(get("/x"), {});
  CHECK(setup.clock.waits() == std::vector<std::chrono::milliseconds>(4, 1000ms));
  CHECK(client->statistics().waited == 4000ms);
}

TEST_CASE("the time of a run ends before a request, not within one", "[net][deadline]") {
  HttpServer server(in_turn({Reply::json("[]")}));
  ClientSetup setup(server.url());
  setup.settings.rate = {.requests = 60, .interval = 60s, .burst = 1};
  setup.deadline = setup.clock.now() + 2500ms;
  const auto client = setup.make();
  for (int i = 0; i < 3; ++i) client->send(get("/x"), {});
  const auto failure = failure_from([&] { client->send(get("/x"), {}); });
  CHECK(failure.kind() == FailureKind::limit_reached);
  CHECK(server.request_count() == 3);
}

TEST_CASE("the time of a run ends instead of a long pause", "[net][deadline]") {
  HttpServer server(in_turn({Reply::of(503).with("Retry-After", "60")}));
  ClientSetup setup(server.url());
  setup.deadline = setup.clock.now() + 30s;
  CHECK(failure_from([&] { setup.make()->send(get("/x"), {}); }).kind() ==
        FailureKind::limit_reached);
  CHECK(setup.clock.waits().empty());
}
