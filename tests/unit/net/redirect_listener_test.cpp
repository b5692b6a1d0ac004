#include "net/redirect_listener.hpp"

#include <Poco/Net/NetException.h>
#include <Poco/Net/StreamSocket.h>
#include <fcntl.h>

#include <atomic>
#include <future>
#include <thread>

#include "linkferry/failure.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using namespace Poco::Net;
using std::chrono::milliseconds;

namespace {

constexpr char state[] = "5f3c0d9ab1e24c6d8f7a6b5c4d3e2f10";

std::string get(const std::string& target, const std::string& host = "127.0.0.1:1",
                const std::string& method = "GET") {
  return method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nAccept: */*\r\n\r\n";
}

/// A connection to the listener, as a browser or somebody else has it.
class Client {
 public:
  explicit Client(const RedirectListener& listener)
      : socket_(SocketAddress("127.0.0.1", listener.port())) {
    socket_.setReceiveTimeout(Poco::Timespan(20, 0));
  }

  /// False when the other side has closed.
  bool say(const std::string& text) {
    try {
      socket_.sendBytes(text.data(), static_cast<int>(text.size()));
      return true;
    } catch (const Poco::Exception&) {
      return false;
    }
  }
  /// What comes until the other side has nothing more to say.
  std::string answer() {
    std::string text;
    try {
      char bytes[1024];
      for (int count = 1; (count = socket_.receiveBytes(bytes, sizeof bytes)) > 0;)
        text.append(bytes, static_cast<std::size_t>(count));
    } catch (const Poco::Exception&) {
      text += "(broken)";
    }
    return text;
  }
  std::string ask(const std::string& request) { return say(request) ? answer() : ""; }

 private:
  StreamSocket socket_;
};

/// Listens in a thread of its own until the redirect is here or the test is over.
class Listening {
 public:
  explicit Listening(const std::string& path = "/")
      : listener(0, path, state), redirect_(std::async(std::launch::async, [this] {
          std::optional<std::string> target;
          while (!target && !is_over_) target = listener.serve(milliseconds(20), -1);
          return target;
        })) {}
  ~Listening() { is_over_ = true; }

  std::string ask(const std::string& request) { return Client(listener).ask(request); }
  /// Waits for the thread; nothing when no redirect has come.
  std::optional<std::string> redirect(bool was_sent) {
    is_over_ = !was_sent;
    return redirect_.get();
  }

  RedirectListener listener;

 private:
  std::atomic<bool> is_over_ = false;
  std::future<std::optional<std::string>> redirect_;
};

std::string right_target() { return std::string("/?code=c0de&state=") + state; }

bool has_status(const std::string& answer, const std::string& status) {
  return answer.starts_with("HTTP/1.1 " + status + " ");
}

}  // namespace

TEST_CASE("a redirect with the right state is taken, and the person is told to close the window",
          "[redirect-listener]") {
  const std::string target =
      GENERATE(right_target(), std::string("/?state=") + state + "&code=a%2Fb&x=1",
               std::string("/?error=access_denied&state=") + state);
  Listening listening;
  const std::string answer = listening.ask(get(target));
  CHECK(has_status(answer, "200"));
  CHECK_THAT(answer, Catch::Contains("You can close this window"));
  CHECK_THAT(answer, Catch::Contains("Cache-Control: no-store"));
  CHECK_THAT(answer, !Catch::Contains("c0de") && !Catch::Contains(state));
  CHECK(listening.redirect(true) == target);
}

TEST_CASE("what is not the redirect is refused, and the wait goes on", "[redirect-listener]") {
  const std::string other(32, '0');
  const auto [request, status] = GENERATE_COPY(table<std::string, std::string>({
      {get("/favicon.ico"), "404"},
      {get("/other?code=c0de&state=" + std::string(state)), "404"},
      {get("/"), "404"},
      {get("/?state=" + std::string(state)), "404"},
      {get("/?code=&state=" + std::string(state)), "404"},
      {get("/?code=a&code=b&state=" + std::string(state)), "404"},
      {get("/?code=c0de"), "400"},
      {get("/?code=c0de&state="), "400"},
      {get("/?code=c0de&state=" + other), "400"},
      {get("/?code=c0de&state=" + std::string(state) + "0"), "400"},
      {get("/?code=c0de&state=" + std::string(state).substr(1)), "400"},
      {get("/?code=c0de&state=" + other + "&state=" + state), "400"},
      {get("/?error=access_denied&state=" + other), "400"},
      {get(right_target(), "attacker.example"), "403"},
      {get(right_target(), "127.0.0.1.attacker.example:80"), "403"},
      {"GET " + right_target() + " HTTP/1.1\r\n\r\n", "403"},
      {get(right_target(), "127.0.0.1:1", "POST"), "405"},
      {get(right_target(), "127.0.0.1:1", "HEAD"), "405"},
      {get("http://127.0.0.1" + right_target()), "400"},
      {"nonsense\r\n\r\n", "400"},
      {"\r\n\r\n", "400"},
      {std::string("\0\xff\x80\r\n\r\n", 7), "400"},
      {std::string("\x16\x03\x01") + std::string(300, 'x') + "\r\n\r\n", "400"},
  }));
  INFO(request);
  Listening listening;
  const std::string answer = listening.ask(request);
  INFO(answer);
  CHECK(has_status(answer, status));
  CHECK(has_status(listening.ask(get(right_target())), "200"));
  CHECK(listening.redirect(true) == right_target());
}

TEST_CASE("a redirect without any state says how the person can help", "[redirect-listener]") {
  Listening listening;
  CHECK_THAT(listening.ask(get("/?code=c0de")), Catch::Contains("paste it in the terminal"));
  CHECK_FALSE(listening.redirect(false));
  CHECK(listening.listener.has_seen_unmarked());
}

TEST_CASE("the path of the redirect is that of the address, with or without a slash at its end",
          "[redirect-listener]") {
  const std::string path = GENERATE("/back/here", "/back/here/");
  const std::string query = std::string("?code=c0de&state=") + state;
  Listening listening(path);
  CHECK(has_status(listening.ask(get("/back" + query)), "404"));
  CHECK(has_status(listening.ask(get("/" + query)), "404"));
  CHECK(has_status(listening.ask(get("/back/here" + query)), "200"));
  CHECK(listening.redirect(true) == "/back/here" + query);
}

TEST_CASE("a request without end is cut off", "[redirect-listener]") {
  Listening listening;
  const bool has_header_lines = GENERATE(true, false);
  const std::string start =
      has_header_lines ? "GET / HTTP/1.1\r\nX: " : "GET /?code=c0de&state=" + std::string(state);
  CHECK(has_status(listening.ask(start + std::string(RedirectListener::longest_request, 'x')),
                   "431"));
  Client endless(listening.listener);
  const std::string piece(64 * 1024, 'x');
  for (int i = 0; i < 200 && endless.say(piece); ++i) continue;
  CHECK(has_status(listening.ask(get(right_target())), "200"));
  CHECK(listening.redirect(true) == right_target());
}

TEST_CASE("whoever says nothing, or little by little, holds up nobody", "[redirect-listener]") {
  Listening listening;
  std::vector<Client> silent;
  for (std::size_t i = 0; i < 3 * RedirectListener::most_visitors; ++i) {
    silent.emplace_back(listening.listener);
    if (i % 2 == 0) silent.back().say("GET /?co");
  }
  Client gone(listening.listener);
  gone.say("GET /");
  { const Client left(listening.listener); }
  Client slow(listening.listener);
  for (const char c : get(right_target())) {
    CHECK(slow.say(std::string(1, c)));
    std::this_thread::sleep_for(milliseconds(1));
  }
  CHECK(has_status(slow.answer(), "200"));
  CHECK(listening.redirect(true) == right_target());
}

TEST_CASE("after the redirect nothing listens any more", "[redirect-listener]") {
  Listening listening;
  const auto port = listening.listener.port();
  CHECK(has_status(listening.ask(get(right_target())), "200"));
  CHECK(listening.redirect(true) == right_target());
  CHECK_THROWS_AS(StreamSocket(SocketAddress("127.0.0.1", port)), ConnectionRefusedException);
}

TEST_CASE("a port that is in use is said, and one that was used just now is taken",
          "[redirect-listener]") {
  std::uint16_t port = 0;
  {
    Listening first;
    port = first.listener.port();
    CHECK_THROWS_WITH(RedirectListener(port, "/", state), Catch::Contains("nothing can listen on"));
    first.ask(get(right_target()));
    first.redirect(true);
  }
  CHECK(RedirectListener(port, "/", state).port() == port);
}

TEST_CASE("listening ends when there is something to be read elsewhere", "[redirect-listener]") {
  RedirectListener listener(0, "/", state);
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const linkferry::FileDescriptor reading(ends[0]);
  const linkferry::FileDescriptor writing(ends[1]);
  REQUIRE(::write(ends[1], "x", 1) == 1);
  // A listener that went on would hang here.
  CHECK_FALSE(listener.serve(std::chrono::hours(1), ends[0]));
}
