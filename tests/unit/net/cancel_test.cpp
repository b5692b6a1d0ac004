#include <thread>

#include "client_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;
using namespace std::chrono_literals;

namespace {

/// Sends and asks for a stop after 100 ms; returns how long it took from then on.
template <class Client>
std::chrono::milliseconds stop_time(Client& client, const HttpRequest& request,
                                    std::optional<Failure>& failure) {
  std::stop_source stop;
  std::chrono::steady_clock::time_point asked;
  std::jthread timer([&] {
    std::this_thread::sleep_for(100ms);
    asked = std::chrono::steady_clock::now();
    stop.request_stop();
  });
  try {
    client.send(request, stop.get_token());
  } catch (const LostReply& lost) {
    failure = Failure(lost.kind(), std::string("lost: ") + lost.what());
  } catch (const Failure& other) {
    failure = other;
  }
  timer.join();
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               asked);
}

}  // namespace

TEST_CASE("a stop ends a read that waits for its answer, or for the rest of it", "[net][cancel]") {
  const Fault kind = GENERATE(Fault::silence, Fault::stall_body);
  HttpServer server([&](const SeenRequest&) {
    Reply reply = Reply::json("[1, 2, 3]");
    reply.fault = kind;
    return reply;
  });
  ClientSetup setup(server.url());
  const auto client = setup.make();
  std::optional<Failure> failure;
  CHECK(stop_time(*client, get("/x"), failure) < 800ms);
  REQUIRE(failure);
  CHECK(failure->kind() == FailureKind::interrupted);
  CHECK(server.request_count() == 1);
}

TEST_CASE("a stop ends a write, whose outcome is then not known", "[net][cancel][lost-reply]") {
  HttpServer server([&](const SeenRequest&) { return Reply{.fault = Fault::silence}; });
  ClientSetup setup(server.url());
  const auto client = setup.make();
  std::optional<Failure> failure;
  CHECK(stop_time(*client, post("/x", "{}"), failure) < 800ms);
  REQUIRE(failure);
  CHECK(failure->kind() == FailureKind::interrupted);
  CHECK(contains(failure->what(), "lost: "));
}

TEST_CASE("a stop ends a pause between repetitions", "[net][cancel]") {
  HttpServer server([&](const SeenRequest&) { return Reply::of(503).with("Retry-After", "600"); });
  HttpSettings settings;
  settings.base_url = server.url();
  // On the clock of the machine, since it is the waiting that is tested.
  const auto client = make_http_client(settings, HttpEnvironment());
  std::optional<Failure> failure;
  CHECK(stop_time(*client, get("/x"), failure) < 800ms);
  REQUIRE(failure);
  CHECK(failure->kind() == FailureKind::interrupted);
}

TEST_CASE("a stop ends the wait for a free connection", "[net][cancel]") {
  HttpServer server([&](const SeenRequest&) { return Reply{.fault = Fault::silence}; });
  ClientSetup setup(server.url());
  const auto client = setup.make();
  std::stop_source first_stop;
  std::jthread first(
      [&] { CHECK_THROWS_AS(client->send(get("/first"), first_stop.get_token()), Failure); });
  while (server.request_count() == 0) std::this_thread::sleep_for(5ms);
  std::optional<Failure> failure;
  CHECK(stop_time(*client, get("/second"), failure) < 800ms);
  REQUIRE(failure);
  CHECK(failure->kind() == FailureKind::interrupted);
  first_stop.request_stop();
}

TEST_CASE("a stop ends the wait for a connection", "[net][cancel]") {
  // An address of the network for documentation (RFC 5737): nobody answers, or there is no way to
  // it at all.
  ClientSetup setup("http://192.0.2.1:81");
  setup.settings.allow_http = true;
  const auto client = setup.make();
  std::optional<Failure> failure;
  CHECK(stop_time(*client, get("/x"), failure) < 800ms);
  CHECK(failure);
}

TEST_CASE("nothing is sent after a stop", "[net][cancel]") {
  HttpServer server([&](const SeenRequest&) { return Reply::json("[]"); });
  ClientSetup setup(server.url());
  std::stop_source stop;
  stop.request_stop();
  const auto failure =
      failure_from([&] { setup.make()->send(post("/x", "{}"), stop.get_token()); });
  CHECK(failure.kind() == FailureKind::interrupted);
  CHECK(server.request_count() == 0);
}
