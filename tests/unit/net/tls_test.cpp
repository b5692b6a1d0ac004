#include <arpa/inet.h>
#include <sys/socket.h>

#include <thread>

#include "client_setup.hpp"
#include "host/file_descriptor.hpp"
#include "support/test_certificates.hpp"

using namespace linkferry;
using namespace linkferry::test;
using namespace std::chrono_literals;

namespace {

Reply hello(const SeenRequest&) { return Reply::json("[1]"); }

/// A server with a certificate, and a client that trusts the authority.
struct SecureSetup {
  TestCertificates certificates;
  HttpServer server;
  ClientSetup setup;

  explicit SecureSetup(const std::string& names, bool is_signed = true, int days = 30)
      : server(&hello, {.certificate = is_signed ? certificates.signed_for(names, days)
                                                 : certificates.self_signed_for(names)}),
        setup(server.url()) {
    setup.settings.ca_file = certificates.authority_file();
    setup.settings.secret = Secret("canary-of-tls-6271");
    setup.settings.retries = 3;
  }

  Failure refusal() {
    const auto failure = failure_from([&] { setup.make()->send(get("/x"), {}); });
    CHECK(failure.kind() == FailureKind::configuration);
    CHECK(contains(failure.what(), "GET " + setup.settings.base_url + "/x: "));
    CHECK(contains(failure.what(), "ca_file"));
    // Refused before a byte of the request was sent, and not tried again.
    CHECK(server.request_count() == 0);
    CHECK(setup.clock.waits().empty());
    return failure;
  }
};

}  // namespace

TEST_CASE("a certificate of one's own authority is accepted with ca_file", "[net][tls]") {
  SecureSetup secure("IP:127.0.0.1");
  const auto client = secure.setup.make();
  for (int i = 0; i < 3; ++i) CHECK(client->send(get("/x"), {}).body == "[1]");
  CHECK(client->statistics().connections == 1);
  CHECK(secure.server.requests().at(0).header("Authorization") == "Bearer canary-of-tls-6271");
}

TEST_CASE("a large body is sent whole over TLS, too, however slowly it is taken", "[net][tls]") {
  SecureSetup secure("IP:127.0.0.1");
  const std::string body(32 * 1024 * 1024, 'x');
  CHECK(secure.setup.make()->send(post("/x", body), {}).status == 200);
  CHECK(secure.server.requests().at(0).body == body);
}

TEST_CASE("a certificate for the name is accepted under that name", "[net][tls]") {
  SecureSetup secure("DNS:localhost");
  secure.setup.settings.base_url = "https://localhost:" + std::to_string(secure.server.port());
  CHECK(secure.setup.make()->send(post("/x", "{}"), {}).status == 200);
}

TEST_CASE("a certificate of an unknown authority is refused", "[net][tls]") {
  SecureSetup secure("IP:127.0.0.1");
  secure.setup.settings.ca_file.clear();
  CHECK(contains(secure.refusal().what(),
                 "its certificate is not trusted: unable to get local issuer certificate"));
}

TEST_CASE("a self-signed certificate is refused", "[net][tls]") {
  SecureSetup secure("IP:127.0.0.1", false);
  CHECK(contains(secure.refusal().what(), "self-signed certificate"));
}

TEST_CASE("a certificate for another name is refused, on loopback too", "[net][tls]") {
  const std::string names =
      GENERATE("DNS:other.example", "IP:127.0.0.2", "DNS:127.0.0.1", "DNS:localhost");
  SecureSetup secure(names);
  CHECK(contains(secure.refusal().what(), "mismatch"));
}

TEST_CASE("a certificate for the address is refused under another name", "[net][tls]") {
  SecureSetup secure("IP:127.0.0.1");
  secure.setup.settings.base_url = "https://localhost:" + std::to_string(secure.server.port());
  CHECK(contains(secure.refusal().what(), "mismatch"));
}

TEST_CASE("a certificate that has expired is refused", "[net][tls]") {
  SecureSetup secure("IP:127.0.0.1", true, 0);
  CHECK(contains(secure.refusal().what(), "expired"));
}

TEST_CASE("a server without TLS at an https address is a clear error", "[net][tls]") {
  const FileDescriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::listen(listener.get(), 1) == 0);
  REQUIRE(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
  const std::jthread plain_server([&] {
    const FileDescriptor peer(::accept(listener.get(), nullptr, nullptr));
    char hello[1024];
    const std::string_view answer = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
    if (::recv(peer.get(), hello, sizeof hello, 0) > 0)
      (void)::send(peer.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
  });
  ClientSetup setup("https://127.0.0.1:" + std::to_string(ntohs(address.sin_port)));
  const auto failure = failure_from([&] { setup.make()->send(get("/x"), {}); });
  CHECK(failure.kind() == FailureKind::configuration);
  CHECK(contains(failure.what(), "does not speak TLS at this port"));
}

TEST_CASE("a file that holds no certificates is refused by its name", "[net][tls]") {
  ClientSetup setup("https://links.example");
  setup.settings.ca_file = "/nowhere/authority.pem";
  const auto failure = failure_from([&] { setup.make(); });
  CHECK(failure.kind() == FailureKind::configuration);
  CHECK(contains(failure.what(), "/nowhere/authority.pem"));
}

TEST_CASE("TLS goes through a proxy's tunnel, and the proxy sees nothing of it",
          "[net][tls][proxy]") {
  SecureSetup secure("DNS:links.example");
  HttpServer proxy(&hello, {.tunnel_to = secure.server.port()});
  secure.setup.settings.base_url = "https://links.example";
  secure.setup.variables["HTTPS_PROXY"] = "http://127.0.0.1:" + std::to_string(proxy.port());
  const auto client = secure.setup.make();
  for (int i = 0; i < 3; ++i) CHECK(client->send(get("/x"), {}).body == "[1]");
  CHECK(client->statistics().connections == 1);
  CHECK(secure.server.requests().at(0).header("Authorization") == "Bearer canary-of-tls-6271");
  REQUIRE(proxy.request_count() == 1);
  CHECK(proxy.requests()[0].method == "CONNECT");
  CHECK(proxy.requests()[0].header("Authorization").empty());
}

TEST_CASE("a proxy cannot put its own certificate in the way", "[net][tls][proxy]") {
  SecureSetup secure("DNS:proxy.example");
  HttpServer proxy(&hello, {.tunnel_to = secure.server.port()});
  secure.setup.settings.base_url = "https://links.example";
  secure.setup.variables["HTTPS_PROXY"] = "http://127.0.0.1:" + std::to_string(proxy.port());
  CHECK(contains(secure.refusal().what(), "mismatch"));
}

TEST_CASE("a large body goes both ways over TLS", "[net][tls]") {
  TestCertificates certificates;
  HttpServer server([](const SeenRequest& request) { return Reply::json(request.body); },
                    {.certificate = certificates.signed_for("IP:127.0.0.1")});
  ClientSetup setup(server.url());
  setup.settings.ca_file = certificates.authority_file();
  const std::string body = "\"" + std::string(5'000'000, 'x') + "\"";
  CHECK(setup.make()->send(post("/x", body), {}).body == body);
}

TEST_CASE("a stop ends a read over TLS", "[net][tls][cancel]") {
  TestCertificates certificates;
  HttpServer server([](const SeenRequest&) { return Reply{.fault = Fault::silence}; },
                    {.certificate = certificates.signed_for("IP:127.0.0.1")});
  ClientSetup setup(server.url());
  setup.settings.ca_file = certificates.authority_file();
  std::stop_source stop;
  std::jthread timer([&] {
    std::this_thread::sleep_for(100ms);
    stop.request_stop();
  });
  const auto start = std::chrono::steady_clock::now();
  CHECK(failure_from([&] { setup.make()->send(get("/x"), stop.get_token()); }).kind() ==
        FailureKind::interrupted);
  CHECK(std::chrono::steady_clock::now() - start < 900ms);
}

TEST_CASE("a body that ends with the connection needs TLS to say that this was the end",
          "[net][tls][security]") {
  TestCertificates certificates;
  HttpServer server(
      [](const SeenRequest&) {
        Reply reply = Reply::json("[1, 2, 3, 4]");
        reply.fault = Fault::cut_body;
        return reply;
      },
      {.certificate = certificates.signed_for("IP:127.0.0.1")});
  ClientSetup setup(server.url());
  setup.settings.ca_file = certificates.authority_file();
  setup.settings.retries = 0;
  CHECK(failure_from([&] { setup.make()->send(get("/x"), {}); }).kind() == FailureKind::temporary);
}
