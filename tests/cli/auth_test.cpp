#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "support/catch.hpp"
#include "support/http_server.hpp"
#include "support/program.hpp"

using namespace linkferry::test;

namespace {

constexpr char canary[] = "canary-4711-token";

std::vector<std::string> auth(std::vector<std::string> more) {
  more.insert(more.begin(), {"auth", "asking", "--plugin-path", LINKFERRY_CLI_MODULES});
  return more;
}

RunSettings answering(std::string input) {
  RunSettings settings;
  settings.input = std::move(input);
  return settings;
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

}  // namespace

TEST_CASE("auth stores the token for its owner alone and prints the lines of the endpoint",
          "[cli][auth]") {
  Folder folder;
  const auto ran =
      run(folder, auth({"https://links.example"}), answering(std::string("ann\n") + canary + "\n"));
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.out ==
        "endpoints:\n  asking:\n    plugin: asking\n    url: https://links.example\n"
        "    token: {file: ~/.config/linkferry/asking-links.example.token}\n");
  const std::string name = ".config/linkferry/asking-links.example.token";
  CHECK(folder.read(name) == std::string(canary) + "\n");
  CHECK(mode_of(folder.file(name)) == 0600);
  CHECK(mode_of(folder.file(".config/linkferry")) == 0700);
  CHECK(ran.err.find("Open https://links.example/read\n") != std::string::npos);
}

TEST_CASE("the token is in no output, however much is said", "[cli][auth]") {
  Folder folder;
  const auto ran = run(folder, auth({"https://links.example", "-vv", "--write"}),
                       answering(std::string("ann ") + canary + "\n" + canary + "\n"));
  CHECK(ran.code == 0);
  CHECK(ran.out.find(canary) == std::string::npos);
  CHECK(ran.err.find("/read-and-write") != std::string::npos);
  const auto piped = run(folder, auth({"https://links.example", "-o", "other.token"}),
                         answering(std::string("ann\n") + canary));
  CHECK((piped.out + piped.err).find(canary) == std::string::npos);
  CHECK(folder.read("other.token") == std::string(canary) + "\n");
}

TEST_CASE("an address without a scheme is https, and its port is part of the file's name",
          "[cli][auth]") {
  Folder folder;
  CHECK(run(folder, auth({"links.example:8443"}), answering("ann\nsecret\n"))
            .out.find("url: https://links.example:8443\n") != std::string::npos);
  CHECK(folder.has(".config/linkferry/asking-links.example-8443.token"));
  CHECK(run(folder, auth({"http://[::1]:9090", "-o", "x y.token"}), answering("ann\nsecret\n"))
            .out.find("\n    url: \"http://[::1]:9090\"\n    token: {file: \"~/x y.token\"}\n") !=
        std::string::npos);
}

TEST_CASE("a config folder that the environment names is used", "[cli][auth]") {
  Folder folder;
  auto settings = answering("ann\nsecret\n");
  settings.variables["XDG_CONFIG_HOME"] = folder.file("elsewhere");
  CHECK(run(folder, auth({"https://links.example"}), settings).code == 0);
  CHECK(folder.has("elsewhere/linkferry/asking-links.example.token"));
}

TEST_CASE("a token that is there is replaced only by who says so", "[cli][auth]") {
  Folder folder;
  folder.write("old.token", "old\n");
  const std::vector<std::string> arguments = auth({"https://links.example", "-o", "old.token"});
  for (const char* answer : {"", "\n", "n\nann\nsecret\n"}) {
    const auto ran = run(folder, arguments, answering(answer));
    CHECK(ran.code == 64);
    CHECK(ran.err.find("is there already and was not replaced") != std::string::npos);
    CHECK(folder.read("old.token") == "old\n");
  }
  auto quiet = arguments;
  quiet.push_back("--no-input");
  CHECK(run(folder, quiet, answering("y\nann\nsecret\n")).code == 64);
  CHECK(run(folder, arguments, answering("y\nann\nsecret\n")).code == 0);
  CHECK(folder.read("old.token") == "secret\n");
  CHECK(mode_of(folder.file("old.token")) == 0600);
  CHECK(folder.names() == std::vector<std::string>{"old.token"});
}

TEST_CASE("without anybody to ask, auth says so and leaves nothing", "[cli][auth]") {
  Folder folder;
  const auto ended = run(folder, auth({"https://links.example", "-o", "a.token"}), answering(""));
  CHECK(ended.code == 64);
  CHECK(ended.err.find("standard input is at its end") != std::string::npos);
  const auto forbidden = run(folder, auth({"https://links.example", "-o", "a.token", "--no-input"}),
                             answering("ann\nsecret\n"));
  CHECK(forbidden.code == 64);
  CHECK(forbidden.err.find("--no-input forbids to ask: Which account?") != std::string::npos);
  CHECK(folder.names().empty());
}

TEST_CASE("what auth cannot do it says before it asks", "[cli][auth]") {
  Folder folder;
  const auto refused = run(folder, auth({"https://refuses.example", "-o", "a.token"}));
  CHECK(refused.code == 77);
  CHECK(refused.err.find("it refuses this account") != std::string::npos);
  CHECK(run(folder, auth({"https://empty.example", "-o", "a.token"})).code == 1);
  CHECK(run(folder, auth({"ftp://links.example"})).code == 78);
  CHECK(run(folder, auth({"https://links.example", "-o", "-"})).code == 64);
  CHECK(run(folder, auth({"https://links.example", "-o", "."})).code == 64);
  const auto nowhere = run(folder, auth({"https://links.example", "-o", "nowhere/a.token"}));
  CHECK(nowhere.code == 1);
  CHECK(nowhere.err.find("nowhere/a.token: the token cannot be stored") != std::string::npos);
  CHECK(run(folder, {"auth", "jsonl", "https://links.example"}).code == 64);
  CHECK(run(folder, {"auth", "mastodno", "https://links.example"}).code == 78);
  CHECK(run(folder, {"auth", "asking"}).code == 64);
  CHECK(folder.names().empty());
}

TEST_CASE("a signal while auth asks ends it with nothing stored", "[cli][auth][signal]") {
  const auto [signal, code] = GENERATE(table<int, int>({{SIGINT, 130}, {SIGTERM, 143}}));
  Folder folder;
  const std::string pipe = folder.file("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  RunSettings settings;
  settings.input_pipe = pipe;
  const pid_t process = start(folder, auth({"https://links.example", "-o", "a.token"}), settings);
  const int write_end = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(write_end >= 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(400));
  REQUIRE(::kill(process, signal) == 0);
  const auto ran = wait_for(folder, process);
  ::close(write_end);
  CHECK(ran.code == code);
  CHECK(folder.names() == std::vector<std::string>{"pipe"});
}

TEST_CASE("a token of a Mastodon account is got and stored, and shown nowhere", "[cli][auth]") {
  HttpServer server([](const SeenRequest& request) {
    if (request.path() == "/api/v1/apps")
      return Reply::json("{\"client_id\":\"app-1\",\"client_secret\":\"canary-4712-app\"}");
    if (request.path() == "/oauth/token" && request.body.find("&code=code-1") != std::string::npos)
      return Reply::json(std::string("{\"access_token\":\"") + canary +
                         "\",\"token_type\":\"Bearer\"}");
    return Reply::of(404);
  });
  Folder folder;
  const auto ran = run(folder, {"auth", "mastodon", server.url(), "-vv", "-o", "m.token"},
                       answering("y\ncode-1\n"));
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.err.find(server.url() + "/oauth/authorize?response_type=code&client_id=app-1") !=
        std::string::npos);
  CHECK(ran.out == "endpoints:\n  mastodon:\n    plugin: mastodon\n    url: " + server.url() +
                       "\n    token: {file: ~/m.token}\n");
  CHECK(folder.read("m.token") == std::string(canary) + "\n");
  CHECK((ran.out + ran.err).find("canary") == std::string::npos);
  const auto refused =
      run(folder, {"auth", "mastodon", server.url(), "-o", "n.token"}, answering("n\nwrong\n"));
  CHECK(refused.code == 77);
  CHECK(folder.names() == std::vector<std::string>{"m.token"});
}

namespace {

/// A Mastodon server with empty lists that gives a token to whoever brings a code.
class GivingServer {
 public:
  std::string scopes;  ///< that were asked for last

  HttpServer http{[this](const SeenRequest& request) {
    const std::string path = request.path();
    if (path == "/api/v1/apps") {
      scopes = request.body.substr(request.body.find("&scopes=") + 8);
      return Reply::json(R"({"client_id":"app-1","client_secret":"s3cret"})");
    }
    if (path == "/oauth/token") return Reply::json(R"({"access_token":"t0ken-4713"})");
    if (path == "/api/v1/bookmarks" && request.header("Authorization") == "Bearer t0ken-4713")
      return Reply::json("[]");
    return Reply::of(404, R"({"error":"Not Found"})");
  }};
};

std::string with_jobs(const std::string& url, const std::string& jobs) {
  return "version: 1\nendpoints:\n"
         "  social: {plugin: mastodon, url: \"" +
         url +
         "\", token: {file: m.token}}\n"
         "  filled: {plugin: mastodon, path: x.csv, url: \"" +
         url +
         "/\", token: {file: m.token}}\n"
         "  other: {plugin: mastodon, url: \"https://other.example\", token: {file: o.token}}\n"
         "  file: {plugin: jsonl, path: all.jsonl}\njobs:\n" +
         jobs;
}

}  // namespace

TEST_CASE("the jobs of the config file tell what a token is to be good for", "[cli][auth]") {
  const auto [job, last_scope, asks] = GENERATE(table<std::string, std::string, bool>({
      {"  a: {from: social, to: file}\n", "read%3Afavourites", false},
      {"  a: {from: social, to: file, mode: mirror}\n", "read%3Astatuses", false},
      {"  a: {from: social, to: file, mode: sync}\n", "write%3Abookmarks", false},
      {"  a: {from: filled, to: file}\n", "read%3Astatuses", false},
      {"  a: {from: file, to: social}\n", "write%3Abookmarks", false},
      {"  a: {from: file, to: social}\n  b: {from: social, to: file}\n", "write%3Abookmarks",
       false},
      {"  a: {from: other, to: file, mode: mirror}\n", "read%3Afavourites", true},
      {"  a: {from: nowhere, to: file}\n", "read%3Afavourites", true},
  }));
  INFO(job);
  GivingServer server;
  Folder folder;
  folder.write("linkferry.yaml", with_jobs(server.http.url(), job));
  const auto ran = run(folder, {"auth", "mastodon", server.http.url(), "-o", "m.token"},
                       answering(asks ? "n\ncode-1\n" : "code-1\n"));
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK_THAT(server.scopes, Catch::EndsWith(last_scope));
  CHECK((ran.err.find("[y/N]") != std::string::npos) == asks);
}

TEST_CASE("a config file that is named has to be right, also for auth", "[cli][auth]") {
  Folder folder;
  folder.write("broken.yaml", "version: 1\nendpoints: 7\n");
  const auto ran =
      run(folder, auth({"https://links.example", "-o", "a.token", "-c", "broken.yaml"}),
          answering("ann\nsecret\n"));
  CHECK(ran.code == 78);
  CHECK(ran.err.find("broken.yaml:2") != std::string::npos);
  CHECK(folder.names() == std::vector<std::string>{"broken.yaml"});
}

TEST_CASE("the lines that auth prints for Mastodon are lines of a config file that works",
          "[cli][auth]") {
  GivingServer server;
  Folder folder;
  const auto ran = run(folder, {"auth", "mastodon", server.http.url(), "-o", "my own.token"},
                       answering("n\ncode-1\n"));
  REQUIRE(ran.code == 0);
  folder.write("linkferry.yaml", "version: 1\n" + ran.out +
                                     "  file: {plugin: jsonl, path: all.jsonl}\n"
                                     "jobs: {keep: {from: mastodon, to: file}}\n");
  const auto checked = run(folder, {"check"});
  INFO(ran.out << checked.out << checked.err);
  CHECK(checked.code == 0);
}
