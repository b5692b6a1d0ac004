#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/StreamCopier.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <chrono>
#include <thread>

#include "host/file_descriptor.hpp"
#include "support/catch.hpp"
#include "support/fakes/fake_raindrop.hpp"
#include "support/program.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Poco::Net::ServerSocket;
using Poco::Net::SocketAddress;

namespace {

/// `linkferry auth raindrop` as a person has it in front of them: at a terminal, and with a
/// browser.
class Login {
 public:
  explicit Login(std::vector<std::string> more = {}) {
    fake.options().token = "c4n4ry-token";
    fake.options().client_secret = "c4n4ry-secret";
    fake.options().code = "c4n4ry-code";
    fake.options().refresh_token = "c4n4ry-refresh";
    {
      // A port that nobody has now.
      const ServerSocket free(SocketAddress("127.0.0.1", 0));
      port_ = free.address().port();
    }
    terminal_ = FileDescriptor(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    REQUIRE((::grantpt(terminal_.get()) == 0 && ::unlockpt(terminal_.get()) == 0));
    RunSettings settings;
    settings.input_pipe = ::ptsname(terminal_.get());
    arguments = {"auth", "raindrop",   fake.url("home"), "-vv",
                 "-o",   "rain.token", "--redirect",     address()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    process_ = start(folder, arguments, settings);
    type(fake.options().client_id);
    type(fake.options().client_secret);
  }
  ~Login() {
    if (process_ != 0) ::kill(process_, SIGKILL), wait_for(folder, process_);
  }
  Login(const Login&) = delete;
  Login& operator=(const Login&) = delete;

  std::string address() const { return "http://127.0.0.1:" + std::to_string(port_) + "/back"; }

  void type(const std::string& line) const {
    const std::string text = line + "\n";
    REQUIRE(::write(terminal_.get(), text.data(), text.size()) ==
            static_cast<ssize_t>(text.size()));
  }

  /// What was said, once `words` are part of it.
  std::string wait_for_words(const std::string& words) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    std::string said = errors_so_far(folder);
    while (said.find(words) == std::string::npos) {
      INFO(said);
      REQUIRE(std::chrono::steady_clock::now() < end);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      said = errors_so_far(folder);
    }
    return said;
  }

  /// The mark in the address that is to be opened.
  std::string state() const {
    const std::string said = wait_for_words("linkferry waits for the browser");
    const std::size_t at = said.find("&state=") + 7;
    return said.substr(at, said.find_first_of("&\n", at) - at);
  }

  /// The browser is sent back. Status and page.
  std::pair<int, std::string> visit(const std::string& query) const {
    Poco::Net::HTTPClientSession session("127.0.0.1", port_);
    Poco::Net::HTTPRequest request("GET", "/back" + query, "HTTP/1.1");
    session.sendRequest(request);
    Poco::Net::HTTPResponse response;
    std::string page;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), page);
    return {response.getStatus(), page};
  }

  Ran end(int signal = 0) {
    if (signal != 0) ::kill(process_, signal);
    return wait_for(folder, std::exchange(process_, 0));
  }

  FakeRaindrop fake;
  Folder folder;
  std::vector<std::string> arguments;

 private:
  std::uint16_t port_ = 0;
  FileDescriptor terminal_;
  pid_t process_ = 0;
};

void check_nothing_shown(const Ran& ran) {
  CHECK_THAT(ran.out, !Catch::Contains("c4n4ry"));
  CHECK_THAT(ran.err, !Catch::Contains("c4n4ry"));
}

}  // namespace

TEST_CASE("a login ends by itself when the browser comes back", "[raindrop][login]") {
  Login login;
  const auto [status, page] = login.visit("?code=c4n4ry-code&state=" + login.state());
  CHECK(status == 200);
  CHECK_THAT(page, Catch::Contains("You can close this window"));
  const Ran ran = login.end();
  INFO(ran.err);
  CHECK(ran.code == 0);
  check_nothing_shown(ran);
  CHECK_THAT(login.folder.read("rain.token"), Catch::Contains("c4n4ry-token"));
  struct stat found {};
  REQUIRE(::stat(login.folder.file("rain.token").c_str(), &found) == 0);
  CHECK((found.st_mode & 0777U) == 0600U);
}

TEST_CASE("the redirect of another login is refused, and the right one is waited for",
          "[raindrop][login]") {
  Login login;
  const std::string state = login.state();
  CHECK(login.visit("?code=attacker&state=" + std::string(state.size(), '0')).first == 400);
  CHECK(login.visit("?code=attacker").first == 400);
  login.wait_for_words("came back without saying from which login");
  CHECK(login.visit("?code=c4n4ry-code&state=" + state).first == 200);
  const Ran ran = login.end();
  CHECK(ran.code == 0);
  check_nothing_shown(ran);
  CHECK(login.fake.count(FakeRaindrop::Kind::token) == 1);
}

TEST_CASE("what the person pastes counts while the browser is waited for", "[raindrop][login]") {
  Login login;
  const std::string state = login.state();
  SECTION("the address") {
    login.type("");
    login.type("  " + login.address() + "?code=c4n4ry-code&state=" + state + " ");
    CHECK(login.end().code == 0);
  }
  SECTION("the code alone") {
    login.type("c4n4ry-code");
    CHECK(login.end().code == 0);
  }
  SECTION("the address of a service that hands back no state") {
    CHECK(login.visit("?code=c4n4ry-code").first == 400);
    login.type(login.address() + "?code=c4n4ry-code");
    CHECK(login.end().code == 0);
  }
  SECTION("not the address of another login") {
    login.type(login.address() + "?code=c4n4ry-code&state=other");
    const Ran ran = login.end();
    CHECK(ran.code == 77);
    CHECK_THAT(ran.err, Catch::Contains("belongs to another attempt"));
    check_nothing_shown(ran);
  }
}

TEST_CASE("a login that is not allowed is said", "[raindrop][login]") {
  const auto [error, words] = GENERATE(
      table<std::string, std::string>({{"access_denied", "access was denied"},
                                       {"invalid_application_status", "the app may not log in"}}));
  Login login;
  const auto [status, page] = login.visit("?error=" + error + "&state=" + login.state());
  CHECK(status == 200);
  CHECK_THAT(page, Catch::Contains("did not allow it"));
  const Ran ran = login.end();
  CHECK(ran.code == 77);
  CHECK_THAT(ran.err, Catch::Contains(words));
  CHECK(login.folder.names().empty());
}

TEST_CASE("a code that is of no use is said, and not shown", "[raindrop][login]") {
  Login login;
  CHECK(login.visit("?code=c4n4ry-wrong&state=" + login.state()).first == 200);
  const Ran ran = login.end();
  CHECK(ran.code == 77);
  CHECK_THAT(ran.err, Catch::Contains("bad_authorization_code"));
  check_nothing_shown(ran);
  CHECK(login.folder.names().empty());
}

TEST_CASE("a signal ends the wait for the browser with nothing stored", "[raindrop][login]") {
  const auto [signal, code] = GENERATE(table<int, int>({{SIGINT, 130}, {SIGTERM, 143}}));
  Login login;
  login.state();
  CHECK(login.end(signal).code == code);
  CHECK(login.folder.names().empty());
}

TEST_CASE("where nothing listens the address is pasted", "[raindrop][login]") {
  FakeRaindrop fake;
  Folder folder;
  const ServerSocket taken(SocketAddress("127.0.0.1", 0));
  const std::string here = "http://127.0.0.1:" + std::to_string(taken.address().port()) + "/";
  const auto [redirect, option, words] = GENERATE_COPY(table<std::string, std::string, std::string>(
      {{here, "", "nothing can listen on"},
       {"http://127.0.0.1:1/", "--paste", "copy the address"},
       {"https://home.example/back", "", "an address that begins with https://home.example/back"},
       {"http://127.0.0.2:9/", "", "Copy the address"}}));
  std::vector<std::string> arguments{"auth",       "raindrop",   fake.url("home"), "-o",
                                     "rain.token", "--redirect", redirect};
  if (!option.empty()) arguments.push_back(option);
  RunSettings settings;
  settings.input = fake.options().client_id + "\n" + fake.options().client_secret + "\n" +
                   redirect + "?code=" + fake.options().code + "\n";
  const Ran ran = run(folder, arguments, settings);
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.err, Catch::Contains(words, Catch::CaseSensitive::No));
  CHECK(folder.has("rain.token"));
}

TEST_CASE("a redirect address that is none is refused before anything is asked",
          "[raindrop][login]") {
  Folder folder;
  for (const char* redirect : {"here", "ftp://127.0.0.1/", "http://127.0.0.1:99999/"}) {
    INFO(redirect);
    const Ran ran = run(folder, {"auth", "raindrop", "https://raindrop.io", "-o", "rain.token",
                                 "--redirect", redirect});
    CHECK(ran.code == 78);
    CHECK_THAT(ran.err, Catch::Contains("--redirect"));
  }
  CHECK(folder.names().empty());
}

TEST_CASE("the lines that auth prints are lines of a config file that works", "[raindrop][login]") {
  FakeRaindrop fake;
  Folder folder;
  RunSettings settings;
  const auto& options = fake.options();
  const auto [input, line] = GENERATE_COPY(table<std::string, std::string>(
      {{options.client_id + "\n" + options.client_secret + "\n" + options.code + "\n",
        "    credentials: "},
       {"\n" + options.token + "\n", "    token: {file: "}}));
  settings.input = input;
  const std::string file = GENERATE("rain.token", "my own: \"token\", #1");
  const Ran ran = run(folder, {"auth", "raindrop", fake.url("home"), "-o", file}, settings);
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK_THAT(ran.out, Catch::Contains(line));
  folder.write("linkferry.yaml",
               "version: 1\n" + ran.out +
                   "  file: {plugin: jsonl, path: all.jsonl}\njobs: {keep: {from: raindrop, to: "
                   "file}}\n");
  const Ran checked = run(folder, {"check"});
  INFO(ran.out << checked.out << checked.err);
  CHECK(checked.code == 0);
  CHECK(run(folder, {"run"}).code == 0);
}
