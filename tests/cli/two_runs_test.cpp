#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry::test;

TEST_CASE("of two runs into one file at the same time, the later loses nothing of the earlier",
          "[cli]") {
  Folder folder;
  const std::string pipe = folder.file("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  folder.write("out.jsonl", "{\"url\":\"https://old.example/\"}\n");
  folder.write("in.jsonl", two_bookmarks);
  const pid_t slow = start(folder, {"copy", "jsonl:pipe", "out.jsonl"});
  const int write_end = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(write_end >= 0);
  // By now it has read what the file holds, and waits for the pipe.
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  Folder elsewhere;  // the output of both would go to one file of the folder
  CHECK(run(elsewhere, {"copy", folder.file("in.jsonl"), folder.file("out.jsonl")}).code == 0);
  const std::string both = folder.read("out.jsonl");
  CHECK(both.find("old.example") != std::string::npos);
  CHECK(both.find("b.example") != std::string::npos);
  const std::string_view late = "{\"url\":\"https://late.example/\"}\n";
  REQUIRE(::write(write_end, late.data(), late.size()) > 0);
  ::close(write_end);
  const auto ran = wait_for(folder, slow);
  CHECK(ran.code == 5);
  CHECK(ran.err.find("out.jsonl: was written by another program while this run was under way") !=
        std::string::npos);
  CHECK(folder.read("out.jsonl") == both);
}

TEST_CASE("of two copies into one file at the same time, the second is refused", "[cli]") {
  const Folder folder;
  RunSettings settings;
  settings.variables["XDG_STATE_HOME"] = folder.file("state");
  const std::string pipe = folder.file("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  folder.write("in.jsonl", two_bookmarks);
  const pid_t slow = start(folder, {"copy", "jsonl:pipe", "out.jsonl"}, settings);
  const int write_end = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(write_end >= 0);
  const Folder elsewhere;
  const Ran second =
      run(elsewhere, {"copy", folder.file("in.jsonl"), folder.file("out.jsonl")}, settings);
  CHECK(second.code == 9);
  CHECK(second.err.find("out.jsonl is busy: process ") != std::string::npos);
  CHECK(run(elsewhere, {"copy", folder.file("in.jsonl"), folder.file("other.jsonl")}, settings)
            .code == 0);
  ::close(write_end);
  CHECK(wait_for(folder, slow).code == 0);
}

TEST_CASE("a copy that names no config file needs no place for its memory", "[cli]") {
  const Folder folder;
  RunSettings settings;
  folder.write("no_folder", "");
  settings.variables["XDG_STATE_HOME"] = folder.file("no_folder");
  folder.write("in.jsonl", two_bookmarks);
  CHECK(run(folder, {"copy", "in.jsonl", "out.jsonl"}, settings).code == 0);
  CHECK(folder.read("out.jsonl") == two_bookmarks);
}
