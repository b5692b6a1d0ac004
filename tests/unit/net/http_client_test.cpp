#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "client_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;
using namespace std::chrono_literals;

TEST_CASE("a read returns status, headers and body", "[net][client]") {
  HttpServer server([](const SeenRequest&) {
    return Reply::json(R"({"count": 0})").with("Link", "<a>").with("X-Page", "1");
  });
  ClientSetup setup(server.url() + "/linkding/");
  setup.settings.secret = Secret("token-of-the-read");
  const auto client = setup.make();
  const auto answer =
      client->send(get(with_query("/api/bookmarks/", {{"limit", "100"}, {"q", "a b&c"}})), {});
  CHECK(answer.status == 200);
  CHECK(answer.is_success());
  CHECK(answer.body == R"({"count": 0})");
  CHECK(answer.headers.find("x-PAGE") == "1");
  CHECK_FALSE(answer.headers.find("X-Other"));
  const auto seen = server.requests().at(0);
  CHECK(seen.method == "GET");
  CHECK(seen.target == "/linkding/api/bookmarks/?limit=100&q=a%20b%26c");
  CHECK(seen.header("Host") == server.url().substr(7));
  CHECK(seen.header("Authorization") == "Bearer token-of-the-read");
  CHECK(seen.header("Accept") == "application/json");
  CHECK(contains(seen.header("User-Agent"), "linkferry/"));
  CHECK(client->base_url() == server.url() + "/linkding");
}

TEST_CASE("a write carries its body, its headers and the scheme of the service", "[net][client]") {
  HttpServer server([](const SeenRequest&) { return Reply::of(201, R"({"id": 1})"); });
  ClientSetup setup(server.url());
  setup.settings.secret = Secret("token-of-the-write");
  setup.settings.authorization_scheme = "Token";
  const auto client = setup.make();
  CHECK(client->send(post("/api/bookmarks/", R"({"url": "https://a.example"})"), {}).status == 201);
  const auto seen = server.requests().at(0);
  CHECK(seen.body == R"({"url": "https://a.example"})");
  CHECK(seen.header("Content-Type") == "application/json");
  CHECK(seen.header("Authorization") == "Token token-of-the-write");
}

TEST_CASE("a write without a body says that it has none", "[net][client]") {
  HttpServer server([](const SeenRequest&) { return Reply::of(204, ""); });
  ClientSetup setup(server.url());
  const auto client = setup.make();
  CHECK(client->send(post("/api/bookmarks/1/archive/", ""), {}).status == 204);
  CHECK(server.requests().at(0).header("Content-Length") == "0");
}

TEST_CASE("a request can do without the secret", "[net][client]") {
  HttpServer server([](const SeenRequest&) { return Reply::json("{}"); });
  ClientSetup setup(server.url());
  setup.settings.secret = Secret("token-for-others");
  HttpRequest request = get("/health");
  request.sends_secret = false;
  setup.make()->send(request, {});
  CHECK(server.requests().at(0).header("Authorization").empty());
}

TEST_CASE("one connection serves many requests", "[net][client]") {
  HttpServer server([](const SeenRequest& request) {
    return request.method == "HEAD" ? Reply::of(200, "") : Reply::json("[1]");
  });
  ClientSetup setup(server.url());
  const auto client = setup.make();
  for (int i = 0; i < 20; ++i)
    CHECK(client->send(i % 5 == 0 ? post("/x", "{}") : get("/x"), {}).status == 200);
  CHECK(client->statistics().connections == 1);
  CHECK(client->statistics().requests == 20);
}

TEST_CASE("a service that closes its connections is asked again over new ones", "[net][client]") {
  HttpServer server([](const SeenRequest&) {
    Reply reply = Reply::json("[1]");
    reply.closes = true;
    return reply;
  });
  ClientSetup setup(server.url());
  const auto client = setup.make();
  for (int i = 0; i < 3; ++i) CHECK(client->send(post("/x", "{}"), {}).status == 200);
  CHECK(client->statistics().connections == 3);
  CHECK(server.request_count() == 3);
}

TEST_CASE("answers in chunks, with gzip, empty, or until the end of the connection are the same",
          "[net][client]") {
  const std::string body = "[\"" + std::string(100'000, 'x') + "\"]";
  Reply reply = Reply::json(body);
  SECTION("in one piece") {}
  SECTION("in chunks") { reply.is_chunked = true; }
  SECTION("gzip") { reply.is_gzip = true; }
  SECTION("gzip in chunks") { reply.is_gzip = reply.is_chunked = true; }
  SECTION("until the end") {
    reply.raw = "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + body;
  }
  SECTION("chunks with extensions and trailers") {
    reply.raw = "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\n" + body.substr(0, 2) +
                "\r\n" + fmt::format("{:X}\r\n", body.size() - 2) + body.substr(2) +
                "\r\n0\r\nX-Trailer: 1\r\n\r\n";
  }
  SECTION("bare line feeds") {
    reply.raw = "HTTP/1.1 200 OK\nContent-Length: " + std::to_string(body.size()) + "\n\n" + body;
  }
  SECTION("interim answers first") {
    reply.raw =
        "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 "
        "OK\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  HttpServer server([&](const SeenRequest&) { return reply; });
  ClientSetup setup(server.url());
  CHECK(setup.make()->send(get("/x"), {}).body == body);
}

TEST_CASE("a body that a plugin streams never stands in memory as a whole", "[net][client]") {
  HttpServer server([](const SeenRequest&) {
    Reply reply = Reply::json(std::string(3'000'000, 'x'));
    reply.is_gzip = true;
    return reply;
  });
  ClientSetup setup(server.url());
  setup.settings.max_body_bytes = 1000;
  HttpRequest request = get("/asset");
  std::size_t size = 0;
  std::size_t largest = 0;
  request.on_body = [&](std::string_view piece) {
    size += piece.size();
    largest = std::max(largest, piece.size());
  };
  const auto answer = setup.make()->send(request, {});
  CHECK(size == 3'000'000);
  CHECK(largest <= 64 * 1024);
  CHECK(answer.body.empty());
}

TEST_CASE("a body that a plugin reads from elsewhere is sent in chunks", "[net][client]") {
  HttpServer server(
      [](const SeenRequest& request) { return Reply::json(std::to_string(request.body.size())); });
  ClientSetup setup(server.url());
  HttpRequest request = post("/upload", "");
  std::size_t left = 100'000;
  request.read_body = [&](std::span<char> buffer) {
    const std::size_t count = std::min(left, buffer.size());
    std::fill_n(buffer.begin(), count, 'x');
    left -= count;
    return count;
  };
  CHECK(setup.make()->send(request, {}).body == "100000");
  CHECK(server.requests().at(0).header("Transfer-Encoding") == "chunked");
}

TEST_CASE("an answer to HEAD has no body whatever its length says", "[net][client]") {
  HttpServer server([](const SeenRequest&) {
    return Reply{.raw = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n"};
  });
  ClientSetup setup(server.url());
  HttpRequest request = get("/x");
  request.method = "HEAD";
  CHECK(setup.make()->send(request, {}).headers.find("Content-Length") == "100");
}

TEST_CASE("no more requests run at the same time than are allowed", "[net][client]") {
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  HttpServer server([&](const SeenRequest&) {
    const int now = ++running;
    int seen = most;
    while (now > seen && !most.compare_exchange_weak(seen, now)) {
    }
    std::this_thread::sleep_for(10ms);
    --running;
    return Reply::json("[]");
  });
  ClientSetup setup(server.url());
  setup.settings.parallel = 3;
  const auto client = setup.make();
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 4; ++k) client->send(get("/x"), {});
    });
  }
  threads.clear();
  CHECK(server.request_count() == 32);
  CHECK(most <= 3);
  CHECK(client->statistics().connections <= 3);
}

TEST_CASE("a service on IPv6 is reached", "[net][client]") {
  std::unique_ptr<HttpServer> server;
  try {
    server = std::make_unique<HttpServer>([](const SeenRequest&) { return Reply::json("[]"); },
                                          HttpServer::Options{.address = "::1"});
  } catch (const std::exception&) {
    WARN("this machine has no IPv6: not tested");
    return;
  }
  ClientSetup setup(server->url());
  CHECK(setup.make()->send(get("/x"), {}).status == 200);
  CHECK(server->requests().at(0).header("Host") == "[::1]:" + std::to_string(server->port()));
}

TEST_CASE("a name is looked up, and a dead address of it does no harm", "[net][client]") {
  // localhost is ::1 and 127.0.0.1 on most machines; the server is on the second only.
  HttpServer server([](const SeenRequest&) { return Reply::json("[]"); });
  ClientSetup setup("http://localhost:" + std::to_string(server.port()));
  CHECK(setup.make()->send(get("/x"), {}).status == 200);
}

TEST_CASE("plain http to another machine needs allow_http", "[net][client][security]") {
  ClientSetup setup("http://links.example");
  const auto failure = failure_from([&] { setup.make(); });
  CHECK(failure.kind() == FailureKind::configuration);
  CHECK(contains(failure.what(), "allow_http"));
  setup.settings.allow_http = true;
  CHECK_NOTHROW(setup.make());
  ClientSetup loopback("http://127.0.0.1:1");
  CHECK_NOTHROW(loopback.make());
}

TEST_CASE("a token that cannot be one is refused, and not shown", "[net][client][security]") {
  ClientSetup setup("https://links.example");
  setup.settings.secret = Secret("two\r\nlines: of-a-token");
  const auto failure = failure_from([&] { setup.make(); });
  CHECK(failure.kind() == FailureKind::configuration);
  CHECK_FALSE(contains(failure.what(), "of-a-token"));
}

TEST_CASE("a request that would become another one is never sent", "[net][client][security]") {
  HttpServer server([](const SeenRequest&) { return Reply::json("[]"); });
  ClientSetup setup(server.url());
  const auto client = setup.make();
  for (const char* path :
       {"x", "/a b", "/a\r\nX: y", "/a#b", "", "http://other.example/", "/\xC3\xA9"}) {
    CAPTURE(path);
    CHECK_THROWS_AS(client->send(get(path), {}), Failure);
  }
  HttpRequest request = get("/x");
  request.headers = {{"X-A", "b\r\nX-C: d"}};
  CHECK_THROWS_AS(client->send(request, {}), Failure);
  request.headers = {{"Authorization", "Bearer mine"}};
  CHECK_THROWS_AS(client->send(request, {}), Failure);
  CHECK(server.request_count() == 0);
}
