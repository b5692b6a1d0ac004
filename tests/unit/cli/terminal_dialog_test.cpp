#include "cli/terminal_dialog.hpp"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <memory>
#include <thread>

#include "linkferry/failure.hpp"
#include "support/catch.hpp"

using namespace linkferry;

namespace {

/// Answers that stand in a pipe, and what was shown.
class Conversation {
 public:
  explicit Conversation(std::string_view answers, bool never_asks = false,
                        RedirectRules redirects = {}) {
    REQUIRE(::pipe2(ends_, O_CLOEXEC) == 0);
    REQUIRE(::write(ends_[1], answers.data(), answers.size()) ==
            static_cast<ssize_t>(answers.size()));
    ::close(ends_[1]);
    shown_ = ::open_memstream(&text_, &size_);
    dialog = std::make_unique<TerminalDialog>(ends_[0], shown_, never_asks, std::stop_token{},
                                              redirects);
  }
  ~Conversation() {
    ::close(ends_[0]);
    std::fclose(shown_);
    std::free(text_);
  }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  std::string shown() const { return {text_, size_}; }

  std::unique_ptr<TerminalDialog> dialog;

 private:
  int ends_[2] = {-1, -1};
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* shown_ = nullptr;
};

FailureKind kind_of_asking(TerminalDialog& dialog) {
  try {
    dialog.ask("Well?", false);
  } catch (const Failure& failure) {
    return failure.kind();
  }
  return FailureKind::failed;
}

}  // namespace

TEST_CASE("answers come line by line, without blanks and line ends around them", "[dialog]") {
  Conversation talk("  one \r\n\n\ttwo words\nlast");
  CHECK(talk.dialog->ask("1?", false) == "one");
  CHECK(talk.dialog->ask("2?", false).empty());
  CHECK(talk.dialog->ask("3?", true) == "two words");
  CHECK(talk.dialog->ask("4?", false) == "last");
  CHECK(kind_of_asking(*talk.dialog) == FailureKind::usage);
  CHECK(talk.shown() == "1? \n2? \n3? \n4? \nWell? \n");
}

TEST_CASE("what is said cannot harm the terminal", "[dialog]") {
  Conversation talk("");
  talk.dialog->say("a\x1b[2Jb");
  CHECK(talk.shown() == "a\\x1b[2Jb\n");
}

TEST_CASE("where nobody is to be asked, no answer is read", "[dialog]") {
  Conversation talk("answer\n", true);
  CHECK(kind_of_asking(*talk.dialog) == FailureKind::usage);
  CHECK(talk.shown().empty());
}

TEST_CASE("an answer without end is refused", "[dialog]") {
  Conversation talk(std::string(60'000, 'x'));
  CHECK(talk.dialog->ask("?", false).size() == 60'000);
}

TEST_CASE("a secret is not echoed, and the terminal is as before afterwards", "[dialog]") {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  REQUIRE(terminal >= 0);
  REQUIRE((::grantpt(terminal) == 0 && ::unlockpt(terminal) == 0));
  const int person = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
  REQUIRE(person >= 0);
  const auto echoes = [person] {
    termios now{};
    REQUIRE(::tcgetattr(person, &now) == 0);
    return (now.c_lflag & ECHO) != 0;
  };
  std::FILE* const nowhere = std::fopen("/dev/null", "w");
  TerminalDialog dialog(person, nowhere, false, {});
  bool was_echoed = true;
  std::thread typing([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    was_echoed = echoes();
    CHECK(::write(terminal, "secret\n", 7) == 7);
  });
  CHECK(dialog.ask("Token?", true) == "secret");
  typing.join();
  CHECK_FALSE(was_echoed);
  CHECK(echoes());
  std::fclose(nowhere);
  ::close(person);
  ::close(terminal);
}

TEST_CASE("a stop request ends a question", "[dialog]") {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  std::FILE* const nowhere = std::fopen("/dev/null", "w");
  std::stop_source stop;
  TerminalDialog dialog(ends[0], nowhere, false, stop.get_token());
  stop.request_stop();
  CHECK(kind_of_asking(dialog) == FailureKind::interrupted);
  std::fclose(nowhere);
  ::close(ends[0]);
  ::close(ends[1]);
}

namespace {

std::uint16_t free_port() {
  const Poco::Net::ServerSocket free(Poco::Net::SocketAddress("127.0.0.1", 0));
  return free.address().port();
}

/// A browser that comes back as soon as somebody listens.
void come_back(std::uint16_t port, const std::string& target) {
  for (int attempt = 0; attempt < 1000; ++attempt) {
    try {
      Poco::Net::HTTPClientSession session("127.0.0.1", port);
      Poco::Net::HTTPRequest request("GET", target, "HTTP/1.1");
      session.sendRequest(request);
      Poco::Net::HTTPResponse response;
      session.receiveResponse(response);
      return;
    } catch (const Poco::Exception&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
}

}  // namespace

TEST_CASE("a browser is waited for where standard input has ended, and where nobody is asked",
          "[dialog]") {
  const bool never_asks = GENERATE(false, true);
  Conversation talk(never_asks ? "not this\n" : "\n \n", never_asks);
  const std::uint16_t port = free_port();
  std::thread browser([port] { come_back(port, "/back?code=c1&state=s1"); });
  const std::string address = "http://localhost:" + std::to_string(port) + "/back";
  CHECK(talk.dialog->await_redirect({address, "s1"}) == address + "?code=c1&state=s1");
  browser.join();
}

TEST_CASE("a browser that does not come back is not waited for without end", "[dialog]") {
  Conversation talk("", false, {true, std::chrono::seconds(1)});
  try {
    talk.dialog->await_redirect({"http://127.0.0.1:" + std::to_string(free_port()) + "/", "s1"});
    FAIL("a browser came back");
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::authentication);
    CHECK_THAT(failure.what(), Catch::Contains("no browser came back"));
  }
}
