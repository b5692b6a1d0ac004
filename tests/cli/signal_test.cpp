#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry::test;

namespace {

/// Whether `process` is past its start: it has opened the pipe, so that its handlers are in place.
void wait_until_it_reads(const std::string& pipe, int& write_end) {
  write_end = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(write_end >= 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
}

}  // namespace

TEST_CASE("a run that is interrupted ends its JSON report, and says why", "[cli][signal]") {
  Folder folder;
  const std::string pipe = folder.file("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const pid_t process = start(folder, {"copy", "jsonl:pipe", "out.jsonl", "--format", "json"});
  int write_end = -1;
  wait_until_it_reads(pipe, write_end);
  REQUIRE(::kill(process, SIGTERM) == 0);
  const auto ran = wait_for(folder, process);
  ::close(write_end);
  CHECK(ran.code == 143);
  CHECK(ran.out.starts_with("{\"version\":1,"));
  CHECK(ran.out.ends_with("],\"error\":\"interrupted; nothing was written\"}\n"));
}

TEST_CASE("a run stops when its time is over, with nothing written", "[cli][signal]") {
  Folder folder;
  const std::string pipe = folder.file("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  folder.write("out.jsonl", two_bookmarks);
  const pid_t process = start(folder, {"copy", "jsonl:pipe", "out.jsonl", "--max-duration", "1s"});
  int write_end = -1;
  wait_until_it_reads(pipe, write_end);
  const auto ran = wait_for(folder, process);
  ::close(write_end);
  CHECK(ran.code == 8);
  CHECK(ran.err.find("the time of --max-duration is over") != std::string::npos);
  CHECK(folder.read("out.jsonl") == two_bookmarks);
  CHECK(folder.names() == std::vector<std::string>{"out.jsonl", "pipe"});
}

TEST_CASE("a signal while waiting for input ends the run with nothing written", "[cli][signal]") {
  const auto [signal, code] = GENERATE(table<int, int>({{SIGINT, 130}, {SIGTERM, 143}}));
  Folder folder;
  const std::string pipe = folder.file("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  folder.write("out.jsonl", two_bookmarks);
  const pid_t process = start(folder, {"copy", "jsonl:pipe", "out.jsonl"});
  int write_end = -1;
  wait_until_it_reads(pipe, write_end);
  REQUIRE(::write(write_end, two_bookmarks, sizeof two_bookmarks - 1) > 0);
  const auto start_time = std::chrono::steady_clock::now();
  REQUIRE(::kill(process, signal) == 0);
  const auto ran = wait_for(folder, process);
  CHECK(std::chrono::steady_clock::now() - start_time < std::chrono::seconds(5));
  ::close(write_end);
  CHECK(ran.code == code);
  CHECK(folder.read("out.jsonl") == two_bookmarks);
  CHECK(folder.names() == std::vector<std::string>{"out.jsonl", "pipe"});
}
