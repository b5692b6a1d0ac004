#include "client_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;
using namespace std::chrono_literals;

namespace {

/// What a GET of a service that answers with these bytes ends with.
Failure failure_of_raw(const std::string& raw) {
  HttpServer server([&](const SeenRequest&) { return Reply{.raw = raw}; });
  ClientSetup setup(server.url());
  setup.settings.retries = 0;
  return failure_from([&] { setup.make()->send(get("/x"), {}); });
}

}  // namespace

TEST_CASE("a body larger than its limit is refused", "[net][limits]") {
  Reply reply = Reply::json(std::string(200'000, 'x'));
  SECTION("with a length") {}
  SECTION("in chunks") { reply.is_chunked = true; }
  SECTION("that is small until it is decompressed") { reply.is_gzip = true; }
  HttpServer server([&](const SeenRequest&) { return reply; });
  ClientSetup setup(server.url());
  setup.settings.max_body_bytes = 100'000;
  const auto client = setup.make();
  const auto failure = failure_from([&] { client->send(get("/x"), {}); });
  CHECK(failure.kind() == FailureKind::failed);
  CHECK(contains(failure.what(), "more than 100000 bytes"));
  HttpRequest request = get("/x");
  request.max_body_bytes = 200'000;
  CHECK(client->send(request, {}).body.size() == 200'000);
}

TEST_CASE("a gzip bomb stops at the limit, not after it", "[net][limits]") {
  HttpServer server([](const SeenRequest&) {
    Reply reply = Reply::json(std::string(300'000'000, '0'));
    reply.is_gzip = true;
    return reply;
  });
  ClientSetup setup(server.url());
  setup.settings.max_body_bytes = 1'000'000;
  HttpRequest request = get("/x");
  std::size_t handed_over = 0;
  request.on_body = [&](std::string_view piece) { handed_over += piece.size(); };
  request.max_body_bytes = 1'000'000;
  CHECK(contains(failure_from([&] { setup.make()->send(request, {}); }).what(),
                 "more than 1000000 bytes"));
  CHECK(handed_over <= 1'000'000);
}

TEST_CASE("a header larger than its limit is refused", "[net][limits]") {
  CHECK(contains(
      failure_of_raw("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n").what(),
      "a header larger than 65536 bytes"));
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 300; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  CHECK(contains(failure_of_raw(many + "\r\n").what(), "more than 256 header fields"));
  std::string interim;
  for (int i = 0; i < 5000; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";
  CHECK(contains(failure_of_raw(interim).what(), "a header larger than"));
}

TEST_CASE("the body of an error is kept up to 64 KiB, and is no failure", "[net][limits]") {
  HttpServer server([](const SeenRequest&) { return Reply::of(404, std::string(1'000'000, 'x')); });
  ClientSetup setup(server.url());
  const auto answer = setup.make()->send(get("/x"), {});
  CHECK(answer.status == 404);
  CHECK(answer.body.size() == 64 * 1024);
}

TEST_CASE("what breaks the rules of HTTP is refused and says what was found", "[net][limits]") {
  const auto [raw, why] = GENERATE(table<std::string, std::string>({
      {"SSH-2.0-OpenSSH_9.2\r\n", "something else than HTTP/1: \"SSH-2.0-Open"},
      {"<html><body>hello, this is no HTTP</body></html>", "something else than HTTP/1"},
      {"HTTP/2 200 OK\r\n\r\n", "something else than HTTP/1"},
      {"HTTP/1.1 2000 OK\r\n\r\n", "something else than HTTP/1"},
      {"HTTP/1.1 099 OK\r\n\r\n", "the status 99"},
      {"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", "broken header line"},
      {"HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello", "broken header line"},
      {"HTTP/1.1 200 OK\r\nX: a\r\n folded\r\n\r\n", "broken header line"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", "Content-Length"},
      {"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello", "Content-Length"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello", "Content-Length"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello", "Transfer-Encoding"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n", "chunk without a size"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
       "chunk without a size"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhello",
       "chunk without a size"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n",
       "longer than it says"},
      {"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\nhello",
       "unknown Content-Encoding"},
      {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
       "broken compressed data"},
      {"HTTP/1.1 101 Switching\r\n\r\n", "another protocol"},
  }));
  CAPTURE(raw);
  const auto failure = failure_of_raw(raw);
  CHECK(failure.kind() == FailureKind::failed);
  CAPTURE(failure.what());
  CHECK(contains(failure.what(), why));
}

TEST_CASE("a body that is cut off is never taken for a whole one", "[net][limits]") {
  const auto [raw, why] = GENERATE(table<std::string, std::string>({
      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[1,2", "6 bytes of the answer missing"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n[1,2\r\n", "within a chunk"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n[1", "within a chunk"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1]\r\n0\r\n", "within a chunk"},
      {"HTTP/1.1 200 OK\r\nContent-Le", "in the header"},
  }));
  CAPTURE(raw);
  const auto failure = failure_of_raw(raw);
  CHECK(failure.kind() == FailureKind::temporary);
  CAPTURE(failure.what());
  CHECK(contains(failure.what(), why));
}

TEST_CASE("a compressed body that is cut off is never taken for a whole one", "[net][limits]") {
  // The first 20 bytes of a gzip stream, as a whole body.
  const std::string start(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x8b\x36\xd4\x31\xd2\x31\xd6\x31\xd1\x31", 20);
  const auto failure = failure_of_raw(
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" + start);
  CHECK(contains(failure.what(), "within the compressed answer"));
}

TEST_CASE("a service that is silent is given up after the read timeout", "[net][limits][timeout]") {
  const Fault kind = GENERATE(Fault::silence, Fault::stall_body);
  HttpServer server([&](const SeenRequest&) {
    Reply reply = Reply::json("[1, 2, 3]");
    reply.fault = kind;
    return reply;
  });
  ClientSetup setup(server.url());
  setup.settings.retries = 0;
  setup.settings.read_timeout = 150ms;
  const auto start = std::chrono::steady_clock::now();
  const auto failure = failure_from([&] { setup.make()->send(get("/x"), {}); });
  const auto took = std::chrono::steady_clock::now() - start;
  CHECK(failure.kind() == FailureKind::temporary);
  CHECK(contains(failure.what(), "nothing came for 0.1 s"));
  CHECK(took >= 140ms);
  CHECK(took < 900ms);
}

TEST_CASE("a service that drips bytes is given up after the total timeout",
          "[net][limits][timeout]") {
  HttpServer server([&](const SeenRequest&) {
    Reply reply = Reply::json("[1, 2, 3]");
    reply.fault = Fault::stall_body;
    return reply;
  });
  ClientSetup setup(server.url());
  setup.settings.retries = 0;
  setup.settings.total_timeout = 150ms;
  CHECK(contains(failure_from([&] { setup.make()->send(get("/x"), {}); }).what(),
                 "longer than allowed"));
}
