#include "net/loopback_page.hpp"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>

#include "linkferry/failure.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using namespace Poco::Net;

namespace {

struct Answer {
  int status = 0;
  std::string type;
  std::string text;
};

Answer ask(const LoopbackPage& page, const std::string& path, const std::string& host = "",
           const std::string& method = "GET") {
  HTTPClientSession session("127.0.0.1", page.port());
  HTTPRequest request(method, path, HTTPMessage::HTTP_1_1);
  if (!host.empty()) request.setHost(host);
  session.sendRequest(request);
  HTTPResponse response;
  Answer answer;
  Poco::StreamCopier::copyToString(session.receiveResponse(response), answer.text);
  answer.status = response.getStatus();
  answer.type = response.getContentType();
  return answer;
}

}  // namespace

TEST_CASE("a page on loopback shows its text as it is when it is asked for", "[loopback-page]") {
  int asked = 0;
  const LoopbackPage page(0, "/metrics", "text/plain; version=0.0.4",
                          [&] { return "asked " + std::to_string(++asked) + "\n"; });
  CHECK(ask(page, "/metrics").text == "asked 1\n");
  const auto second = ask(page, "/metrics?x=1", "localhost:1234");
  CHECK(second.status == 200);
  CHECK(second.type == "text/plain; version=0.0.4");
  CHECK(second.text == "asked 2\n");
}

TEST_CASE("a page on loopback has one path and is only read", "[loopback-page]") {
  const LoopbackPage page(0, "/metrics", "text/plain", [] { return "secret"; });
  CHECK(ask(page, "/").status == 404);
  CHECK(ask(page, "/metrics/x").status == 404);
  CHECK(ask(page, "/metrics", "", "POST").status == 405);
  CHECK(ask(page, "/metrics", "", "POST").text.empty());
}

TEST_CASE("a page on loopback cannot be read through the name of another machine",
          "[loopback-page]") {
  const LoopbackPage page(0, "/metrics", "text/plain", [] { return "secret"; });
  for (const char* host : {"attacker.example", "attacker.example:80", "127.0.0.1.attacker.example",
                           "localhost.attacker.example:1", "[::1]"}) {
    INFO(host);
    const auto answer = ask(page, "/metrics", host);
    CHECK(answer.status == 403);
    CHECK(answer.text.empty());
  }
}

TEST_CASE("two pages cannot have one port", "[loopback-page]") {
  const LoopbackPage page(0, "/", "text/plain", [] { return ""; });
  CHECK_THROWS_AS(LoopbackPage(page.port(), "/", "text/plain", [] { return ""; }), Failure);
}
