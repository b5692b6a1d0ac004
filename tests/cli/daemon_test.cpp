#include <Poco/JSON/Parser.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry::test;

namespace {

constexpr char endpoints[] =
    "version: 1\n"
    "endpoints:\n"
    "  in: {plugin: jsonl, path: in.jsonl}\n"
    "  gone: {plugin: jsonl, path: gone.jsonl}\n"
    "  pipe: {plugin: jsonl, path: pipe}\n"
    "  lib: {plugin: jsonl, path: lib.jsonl}\n"
    "  other: {plugin: jsonl, path: other.jsonl}\n"
    "jobs:\n";

void prepare(const Folder& folder, const std::string& jobs) {
  folder.write("linkferry.yaml", endpoints + jobs);
  folder.write("in.jsonl", two_bookmarks);
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t times = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++times;
  return times;
}

/// A daemon that is gone with the test, whatever becomes of it.
class RunningDaemon {
 public:
  RunningDaemon(const Folder& folder, std::vector<std::string> options = {},
                RunSettings settings = {})
      : folder_(folder) {
    options.insert(options.begin(), "daemon");
    settings.variables["TZ"] = "UTC";
    process_ = start(folder, options, settings);
  }
  ~RunningDaemon() {
    if (process_ < 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  RunningDaemon(const RunningDaemon&) = delete;
  RunningDaemon& operator=(const RunningDaemon&) = delete;

  /// Waits until `is_so`, however long it takes on a slow machine.
  template <class Condition>
  void wait_until(Condition is_so, const std::string& what) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!is_so()) {
      INFO("waiting for " << what << "\n" << log());
      REQUIRE(std::chrono::steady_clock::now() < end);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  void wait_for_log(const std::string& text, std::size_t times = 1) {
    wait_until([&] { return count(log(), text) >= times; }, text);
  }

  void send(int signal) const { REQUIRE(::kill(process_, signal) == 0); }
  std::string log() const { return errors_so_far(folder_); }

  Ran stop(int signal = SIGTERM) {
    send(signal);
    return wait_for(folder_, std::exchange(process_, -1));
  }

 private:
  const Folder& folder_;
  pid_t process_ = -1;
};

/// The whole answer to a GET request.
std::string get(std::uint16_t port, const std::string& path) {
  const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  const std::string request = "GET " + path + " HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n";
  REQUIRE(::write(connection, request.data(), request.size()) ==
          static_cast<ssize_t>(request.size()));
  std::string answer;
  char buffer[4096];
  for (ssize_t length = 0; (length = ::read(connection, buffer, sizeof buffer)) > 0;)
    answer.append(buffer, static_cast<std::size_t>(length));
  ::close(connection);
  return answer;
}

}  // namespace

TEST_CASE("a daemon runs a job again and again, and stops when it is told to", "[cli][daemon]") {
  const int signal = GENERATE(SIGTERM, SIGINT);
  const Folder folder;
  prepare(folder, "  good: {from: in, to: lib, schedule: {every: 1s}}\n");
  RunningDaemon daemon(folder);
  daemon.wait_for_log("linkferry: job good: done in ", 2);
  const auto ran = daemon.stop(signal);
  CHECK(ran.code == 0);
  CHECK(ran.out.empty());
  CHECK(
      ran.err.starts_with("linkferry: 1 job on schedule, by linkferry.yaml\n"
                          "linkferry: job good: every 1s; next run 20"));
  CHECK(ran.err.find("; 2 read = 2 created; next run 20") != std::string::npos);
  CHECK(ran.err.find("; 2 read = 2 unchanged; next run 20") != std::string::npos);
  CHECK(ran.err.ends_with("linkferry: stopped\n"));
  CHECK(folder.read("lib.jsonl") == two_bookmarks);
}

TEST_CASE("a job that fails stops neither the daemon nor other jobs", "[cli][daemon]") {
  const Folder folder;
  prepare(folder,
          "  bad: {from: gone, to: lib, schedule: {every: 1s}}\n"
          "  good: {from: in, to: other, schedule: {every: 1s}}\n");
  RunningDaemon daemon(folder);
  daemon.wait_for_log("error: job bad: failed (66) in ", 2);
  daemon.wait_for_log("job good: done in ", 2);
  const auto ran = daemon.stop();
  CHECK(ran.code == 0);
  CHECK(ran.err.find("gone.jsonl: cannot be opened: No such file or directory; next run 20") !=
        std::string::npos);
}

TEST_CASE("a daemon keeps a health file", "[cli][daemon]") {
  const Folder folder;
  prepare(folder,
          "  bad: {from: gone, to: lib, schedule: {every: 1h}}\n"
          "  good: {from: in, to: lib, schedule: {every: 1h}}\n");
  RunningDaemon daemon(folder, {"--health-file", "health.json"});
  daemon.wait_until(
      [&] {
        return folder.has("health.json") && count(folder.read("health.json"), "last_run") == 2;
      },
      "two runs in the health file");
  CHECK(daemon.stop().code == 0);
  const auto health =
      Poco::JSON::Parser().parse(folder.read("health.json")).extract<Poco::JSON::Object::Ptr>();
  const auto bad = health->getArray("jobs")->getObject(0);
  const auto good = health->getArray("jobs")->getObject(1);
  CHECK(bad->getObject("last_run")->getValue<std::string>("outcome") == "failed");
  CHECK(bad->has("next_run_at"));
  CHECK_FALSE(bad->has("last_success_at"));
  CHECK(good->getObject("last_run")->getObject("records")->getValue<int>("created") == 2);
  CHECK(good->has("last_success_at"));
  CHECK(folder.names() ==
        std::vector<std::string>{"health.json", "in.jsonl", "lib.jsonl", "linkferry.yaml"});
}

TEST_CASE("a health file that cannot be written is told at the start", "[cli][daemon]") {
  const Folder folder;
  prepare(folder, "  good: {from: in, to: lib, schedule: {every: 1h}}\n");
  const auto ran = run(folder, {"daemon", "--health-file", "nowhere/health.json"});
  CHECK(ran.code == 1);
  CHECK(ran.err.find("nowhere/health.json: ") != std::string::npos);
}

TEST_CASE("a daemon serves metrics on loopback", "[cli][daemon]") {
  const Folder folder;
  prepare(folder, "  good: {from: in, to: lib, schedule: {every: 1h}}\n");
  RunningDaemon daemon(folder, {"--metrics-port", "0"});
  daemon.wait_for_log("job good: done in ");
  constexpr std::string_view before = "metrics on http://127.0.0.1:";
  const std::string log = daemon.log();
  const auto port =
      static_cast<std::uint16_t>(std::stoi(log.substr(log.find(before) + before.size())));
  const std::string answer = get(port, "/metrics");
  CHECK(answer.find(" 200 OK\r\n") != std::string::npos);
  CHECK(answer.find("\r\nContent-Type: text/plain; version=0.0.4") != std::string::npos);
  CHECK(answer.find("\nlinkferry_job_runs_total{job=\"good\",outcome=\"done\"} 1\n") !=
        std::string::npos);
  CHECK(get(port, "/").find(" 404 ") != std::string::npos);
  SECTION("a second daemon cannot take the port") {
    const Folder other;
    prepare(other, "  good: {from: in, to: lib, schedule: {every: 1h}}\n");
    const auto ran = run(other, {"daemon", "--metrics-port", std::to_string(port)});
    CHECK(ran.code == 1);
    CHECK(ran.err.find("nothing can listen on 127.0.0.1:") != std::string::npos);
  }
  CHECK(daemon.stop().code == 0);
}

TEST_CASE("SIGHUP reads the config again", "[cli][daemon]") {
  const Folder folder;
  prepare(folder, "  good: {from: in, to: lib, schedule: {every: 1s}}\n");
  RunningDaemon daemon(folder);
  daemon.wait_for_log("job good: done in ");
  prepare(folder, "  new: {from: in, to: other, schedule: {every: 1s}}\n");
  daemon.send(SIGHUP);
  daemon.wait_for_log("linkferry: the config file was read again\n");
  daemon.wait_for_log("job new: done in ");
  const auto runs_of_old = count(daemon.log(), "job good: done in ");

  SECTION("a config with a mistake is not used") {
    prepare(folder, "  new: {from: in, too: other, schedule: {every: 1s}}\n");
    daemon.send(SIGHUP);
    daemon.wait_for_log("is not used; the jobs stay as they were: linkferry.yaml:9:3: ");
    const auto runs = count(daemon.log(), "job new: done in ");
    daemon.wait_for_log("job new: done in ", runs + 2);
  }
  SECTION("a config without a schedule is not used") {
    prepare(folder, "  new: {from: in, to: other}\n");
    daemon.send(SIGHUP);
    daemon.wait_for_log("is not used; the jobs stay as they were: linkferry.yaml: no job has");
  }
  const auto ran = daemon.stop();
  CHECK(ran.code == 0);
  CHECK(count(ran.err, "job good: done in ") == runs_of_old);
}

TEST_CASE("a daemon that is told to stop ends the run that is under way", "[cli][daemon]") {
  const Folder folder;
  prepare(folder,
          "  stuck: {from: pipe, to: lib, schedule: {every: 1h}}\n"
          "  waiting: {from: in, to: lib, schedule: {every: 1h}}\n");
  REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  RunningDaemon daemon(folder);
  const int write_end = ::open(folder.file("pipe").c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(write_end >= 0);
  const auto ran = daemon.stop();
  ::close(write_end);
  CHECK(ran.code == 0);
  CHECK(ran.err.find("linkferry: job stuck: interrupted (143) in ") != std::string::npos);
  // It shares a place with the first, so it had not begun.
  CHECK(ran.err.find("job waiting: done") == std::string::npos);
  CHECK_FALSE(folder.has("lib.jsonl"));

  SECTION("and makes up for it after its next start") {
    folder.write("linkferry.yaml",
                 std::string(endpoints) + "  stuck: {from: in, to: lib, schedule: {every: 1h}}\n");
    RunningDaemon again(folder);
    again.wait_for_log("job stuck: done in ");
    CHECK(again.stop().code == 0);
  }
}

TEST_CASE("a daemon knows what ran before it was started", "[cli][daemon]") {
  const Folder folder;
  prepare(folder, "  good: {from: in, to: lib, schedule: {every: 1d}}\n");
  {
    RunningDaemon daemon(folder);
    daemon.wait_for_log("job good: done in ");
    CHECK(daemon.stop().code == 0);
  }
  RunningDaemon daemon(folder);
  daemon.wait_for_log("job good: every 1d; next run ");
  CHECK(daemon.stop().err.find("done in") == std::string::npos);
}

TEST_CASE("each run is one line of JSON for programs that read logs", "[cli][daemon]") {
  const Folder folder;
  prepare(folder, "  good: {from: in, to: lib, schedule: {every: 1h}}\n");
  RunningDaemon daemon(folder, {"--log-format", "json"});
  daemon.wait_for_log("\"outcome\"");
  const auto ran = daemon.stop();
  std::istringstream lines(ran.err);
  std::size_t runs = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto object = Poco::JSON::Parser().parse(line).extract<Poco::JSON::Object::Ptr>();
    if (!object->has("outcome")) continue;
    ++runs;
    CHECK(object->getValue<std::string>("job") == "good");
    CHECK(object->getValue<std::string>("outcome") == "done");
    CHECK(object->getValue<int>("exit_code") == 0);
    CHECK(object->getValue<int>("created") == 2);
    CHECK(object->has("seconds"));
    CHECK(object->has("next_run_at"));
  }
  CHECK(runs == 1);
}

TEST_CASE("a daemon without anything to do says what it misses", "[cli][daemon]") {
  const Folder folder;
  prepare(folder, "  good: {from: in, to: lib}\n");
  const auto nothing = run(folder, {"daemon"});
  CHECK(nothing.code == 78);
  CHECK(nothing.err ==
        "linkferry: error: linkferry.yaml: no job has a schedule; give one, like schedule: {every: "
        "30m}\n");
  const auto named = run(folder, {"daemon", "good"});
  CHECK(named.code == 64);
  CHECK(named.err.find("job good has no schedule") != std::string::npos);
  CHECK(run(folder, {"daemon", "godo"}).code == 64);
}

TEST_CASE("a second daemon of one config file is refused", "[cli][daemon]") {
  const Folder folder;
  prepare(folder, "  good: {from: in, to: lib, schedule: {every: 1d}}\n");
  RunSettings beside;
  beside.variables["XDG_STATE_HOME"] = folder.path().string() + ".state";
  const Folder elsewhere;
  {
    RunningDaemon daemon(folder);
    daemon.wait_for_log("job good: done in ");
    const Ran second = run(elsewhere, {"daemon", "-c", folder.file("linkferry.yaml")}, beside);
    CHECK(second.code == 9);
    CHECK(second.err.find("the schedule of " + folder.file("linkferry.yaml") +
                          " is busy: process ") != std::string::npos);
    CHECK(daemon.stop().code == 0);
  }
  RunningDaemon again(folder);
  again.wait_for_log("job good: every 1d; next run ");
  CHECK(again.stop().code == 0);
}

TEST_CASE("a run by hand is one that a daemon knows of", "[cli][daemon]") {
  const Folder folder;
  prepare(folder, "  good: {from: in, to: lib, schedule: {every: 1d}}\n");
  REQUIRE(run(folder, {"run", "good"}).code == 0);
  RunningDaemon daemon(folder);
  daemon.wait_for_log("job good: every 1d; next run ");
  CHECK(daemon.stop().err.find("done in") == std::string::npos);
}

TEST_CASE("a job that waits for its place while the config is read again runs as it is then",
          "[cli][daemon]") {
  const Folder folder;
  const std::string stuck = "  stuck: {from: pipe, to: lib, schedule: {every: 1h}}\n";
  prepare(folder, stuck +
                      "  gone: {from: in, to: lib, schedule: {every: 1h}}\n"
                      "  moved: {from: in, to: lib, schedule: {every: 1h}}\n");
  REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  RunningDaemon daemon(folder);
  const int write_end = ::open(folder.file("pipe").c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(write_end >= 0);
  prepare(folder, stuck +
                      "  moved: {from: in, to: other, schedule: {every: 1h}}\n"
                      "  last: {from: in, to: other, schedule: {every: 1h}}\n");
  daemon.send(SIGHUP);
  daemon.wait_for_log("linkferry: the config file was read again\n");
  ::close(write_end);
  daemon.wait_for_log("job moved: done in ");
  daemon.wait_for_log("job last: done in ");
  CHECK(folder.read("other.jsonl") == two_bookmarks);
  CHECK_FALSE(folder.has("lib.jsonl"));
  CHECK(daemon.stop().err.find("job gone: done") == std::string::npos);
}

TEST_CASE("SIGHUP reads the config file that the daemon began with, and no other",
          "[cli][daemon]") {
  const Folder folder;
  const std::string job = "  good: {from: in, to: lib, schedule: {every: 1h}}\n";
  prepare(folder, job);
  RunSettings settings;
  settings.variables["XDG_CONFIG_HOME"] = folder.file("config");
  std::filesystem::create_directories(folder.file("config/linkferry"));
  folder.write("config/linkferry/config.yaml", endpoints + job);
  RunningDaemon daemon(folder, {}, settings);
  daemon.wait_for_log("job good: done in ");
  std::filesystem::remove(folder.file("linkferry.yaml"));
  daemon.send(SIGHUP);
  daemon.wait_for_log("is not used; the jobs stay as they were: linkferry.yaml: ");
  CHECK(daemon.stop().code == 0);
}
