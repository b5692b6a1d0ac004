#include "net/answer.hpp"

#include "client_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

/// The failure of `expect_json` for this answer.
Failure refusal(const Reply& reply) {
  HttpServer server([&](const SeenRequest&) { return reply; });
  ClientSetup setup(server.url());
  setup.settings.retries = 0;
  const auto client = setup.make();
  const auto answer = client->send(get("/api/bookmarks/?limit=100&token=abc"), {});
  const auto failure = failure_from([&] { client->expect_json(answer); });
  CHECK(contains(failure.what(), "GET " + server.url() +
                                     "/api/bookmarks/?limit=100&token=[secret] answered " +
                                     std::to_string(reply.status)));
  return failure;
}

Reply page(int status, std::string body, std::string type = "text/html; charset=utf-8") {
  return {
      .status = status, .body = std::move(body), .headers = {{"Content-Type", std::move(type)}}};
}

}  // namespace

TEST_CASE("JSON is handed over as it came", "[net][answer]") {
  const std::string type = GENERATE("application/json", "application/json; charset=utf-8",
                                    "Application/Activity+JSON", "text/json");
  HttpServer server([&](const SeenRequest&) { return page(200, R"( {"results": []} )", type); });
  ClientSetup setup(server.url());
  const auto client = setup.make();
  const auto answer = client->send(get("/x"), {});
  CHECK(client->expect_json(answer) == R"( {"results": []} )");
}

TEST_CASE("a login page with status 200 is no empty list", "[net][answer]") {
  const auto failure = refusal(page(
      200,
      "\n<!DOCTYPE html>\n<html><head><title>\n Sign in </title></head><body>…</body></html>"));
  CHECK(contains(failure.what(), "found an HTML page"));
  CHECK(contains(failure.what(), "an HTML page with the title \"Sign in\""));
}

TEST_CASE("a page that calls itself JSON is found out", "[net][answer]") {
  CHECK(contains(refusal(page(200, "<html>hello</html>", "application/json")).what(),
                 "found an HTML page"));
}

TEST_CASE("another content type is refused with the first line of the body", "[net][answer]") {
  const auto failure = refusal(page(200, "pong\nsecond line", "text/plain"));
  CHECK(contains(failure.what(), "the content type text/plain"));
  CHECK(contains(failure.what(), "it says: \"pong\""));
  CHECK_FALSE(contains(failure.what(), "second line"));
}

TEST_CASE("JSON that is cut off, empty, broken or too deep is refused", "[net][answer]") {
  CHECK(contains(refusal(Reply::json(R"({"results": [{"id": 1)")).what(), "is cut off"));
  CHECK(contains(refusal(Reply::json("  ")).what(), "an empty answer"));
  CHECK(contains(refusal(Reply::json("oops")).what(), "is no valid JSON; it says: \"oops\""));
  CHECK(contains(refusal(Reply::json(std::string(200, '[') + std::string(200, ']'))).what(),
                 "nested too deeply"));
}

TEST_CASE("an error of the service keeps its words, and its kind follows the status",
          "[net][answer]") {
  const auto [status, kind] = GENERATE(table<int, FailureKind>({{400, FailureKind::failed},
                                                                {401, FailureKind::authentication},
                                                                {403, FailureKind::authentication},
                                                                {404, FailureKind::failed},
                                                                {408, FailureKind::temporary},
                                                                {429, FailureKind::temporary},
                                                                {500, FailureKind::temporary},
                                                                {503, FailureKind::temporary}}));
  const auto failure = refusal(Reply::of(status, R"({"detail":"Invalid token."})"));
  CHECK(failure.kind() == kind);
  CHECK(contains(failure.what(), R"(it says: "{"detail":"Invalid token."}")"));
}

TEST_CASE("the line of the body is short and has no control characters", "[net][answer]") {
  HttpResponse response;
  response.status = 500;
  response.body = "a\tb\x1b[31m" + std::string(500, 'x');
  const std::string text = make_answer_failure(response, "").what();
  CHECK(text.size() < 300);
  CHECK(text.find('\x1b') == std::string::npos);
  response.body = "";
  CHECK(contains(make_answer_failure(response, "").what(), "it says: nothing"));
  response.body = std::string(199, 'x') + "\xC3\xA9";
  CHECK(contains(make_answer_failure(response, "").what(), "x…"));
}
