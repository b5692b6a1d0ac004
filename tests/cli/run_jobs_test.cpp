#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <sstream>
#include <thread>

#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry::test;

namespace {

std::string bookmarks(const std::string& name, int count) {
  std::string lines;
  for (int i = 0; i < count; ++i)
    lines += "{\"url\":\"https://" + name + ".example/" + std::to_string(i) + "\",\"title\":\"" +
             name + " " + std::to_string(i) + "\"}\n";
  return lines;
}

/// Jobs j0, j1, …, each from a file of its own; to one of its own too, or all to the same.
void prepare(const Folder& folder, int jobs, bool has_one_target) {
  std::string config = "version: 1\nendpoints:\n";
  std::string job_lines = "jobs:\n";
  for (int i = 0; i < jobs; ++i) {
    const std::string number = std::to_string(i);
    folder.write("in" + number + ".jsonl", bookmarks("j" + number, 200));
    config += "  in" + number + ": {plugin: jsonl, path: in" + number + ".jsonl}\n";
    config += "  to" + number + ": {plugin: jsonl, path: to" + (has_one_target ? "" : number) +
              ".jsonl}\n";
    job_lines += "  j" + number + ": {from: in" + number + ", to: to" + number + "}\n";
  }
  folder.write("linkferry.yaml", config + job_lines);
}

std::size_t count_lines(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

}  // namespace

TEST_CASE("jobs that have nothing in common run at the same time", "[cli][jobs]") {
  Folder folder;
  folder.write("linkferry.yaml",
               "version: 1\nendpoints:\n  p: {plugin: jsonl, path: p}\n  q: {plugin: jsonl, path: "
               "q}\n  a: {plugin: jsonl, path: a.jsonl}\n  b: {plugin: jsonl, path: b.jsonl}\n"
               "jobs:\n  one: {from: p, to: a}\n  two: {from: q, to: b}\n");
  for (const char* pipe : {"p", "q"}) REQUIRE(::mkfifo(folder.file(pipe).c_str(), 0600) == 0);
  const pid_t process = start(folder, {"run", "--jobs", "2"});
  // A pipe opens when both ends are there: each job has to have begun before either gets a byte.
  const int first = ::open(folder.file("q").c_str(), O_WRONLY | O_CLOEXEC);
  const int second = ::open(folder.file("p").c_str(), O_WRONLY | O_CLOEXEC);
  for (const int pipe : {first, second}) {
    REQUIRE(::write(pipe, two_bookmarks, sizeof two_bookmarks - 1) > 0);
    ::close(pipe);
  }
  CHECK(wait_for(folder, process).code == 0);
  CHECK(folder.read("a.jsonl") == two_bookmarks);
  CHECK(folder.read("b.jsonl") == two_bookmarks);
}

TEST_CASE("jobs that write to one place never do so at the same time", "[cli][jobs]") {
  Folder folder;
  prepare(folder, 8, true);
  const auto ran = run(folder, {"run", "--jobs", "8"});
  CHECK(ran.code == 0);
  CHECK(ran.err.empty());
  CHECK(count_lines(folder.read("to.jsonl")) == 8 * 200);
}

TEST_CASE("a link to a file is the same place", "[cli][jobs]") {
  Folder folder;
  prepare(folder, 2, true);
  folder.write("to.jsonl", two_bookmarks);
  std::filesystem::create_symlink("to.jsonl", folder.path() / "link.jsonl");
  auto config = folder.read("linkferry.yaml");
  config.replace(config.rfind("path: to.jsonl"), 14, "path: link.jsonl");
  folder.write("linkferry.yaml", config);
  CHECK(run(folder, {"run", "--jobs", "2"}).code == 0);
  CHECK(count_lines(folder.read("to.jsonl")) == 2 * 200 + 2);
}

TEST_CASE("the reports of jobs that run at once are printed one after the other", "[cli][jobs]") {
  Folder folder;
  constexpr int jobs = 8;
  prepare(folder, jobs, false);
  const auto ran = run(folder, {"run", "--jobs", "8", "-v"});
  CHECK(ran.code == 0);
  std::istringstream lines(ran.out);
  std::string current;
  std::vector<std::string> seen;
  for (std::string line; std::getline(lines, line) && !line.starts_with("8 jobs in ");) {
    if (line.find(": in") != std::string::npos) {
      current = line.substr(0, line.find(':'));
      seen.push_back(current);
    }
    INFO(line);
    if (line.starts_with("+ ")) REQUIRE(line.starts_with("+ " + current + " "));
  }
  std::ranges::sort(seen);
  CHECK(seen == std::vector<std::string>{"j0", "j1", "j2", "j3", "j4", "j5", "j6", "j7"});
  for (int i = 0; i < jobs; ++i)
    CHECK(ran.out.find("\n  j" + std::to_string(i) +
                       "  done                200 read = 200 created\n") != std::string::npos);
  CHECK(ran.out.ends_with("\n8 of 8 done: 1,600 read = 1,600 created\n"));
}

TEST_CASE("several jobs end with a line for each and a total, whatever becomes of them",
          "[cli][jobs]") {
  const std::string at_once = GENERATE("1", "3");
  Folder folder;
  prepare(folder, 3, false);
  std::filesystem::remove(folder.path() / "in1.jsonl");
  const auto ran = run(folder, {"run", "--jobs", at_once});
  CHECK(ran.code == 66);
  CHECK(ran.err.starts_with("linkferry: error: job j1: "));
  CHECK(count_lines(ran.err) == 1);
  const std::size_t summary = ran.out.find("\n3 jobs in ");
  REQUIRE(summary != std::string::npos);
  const std::string text = ran.out.substr(summary);
  CHECK(text.find("\n  j0  done                200 read = 200 created\n") != std::string::npos);
  CHECK(text.find("\n  j1  failed (66)         ") != std::string::npos);
  CHECK(text.find("\n  j2  done                200 read = 200 created\n") != std::string::npos);
  CHECK(text.ends_with("\n2 of 3 done: 400 read = 400 created\n"));
}

TEST_CASE("programs get the reports of jobs and no summary, one job has none", "[cli][jobs]") {
  Folder folder;
  prepare(folder, 2, false);
  CHECK(
      run(folder, {"run", "--jobs", "2", "--format", "ndjson", "--dry-run"}).out.find("jobs in") ==
      std::string::npos);
  CHECK(run(folder, {"run", "-q", "--dry-run"}).out.empty());
  CHECK(run(folder, {"run", "j0", "--dry-run"}).out.find("job") == std::string::npos);
}

TEST_CASE("where a job writes to standard output, only bookmarks come there", "[cli][jobs]") {
  Folder folder;
  prepare(folder, 2, false);
  auto config = folder.read("linkferry.yaml");
  config.replace(config.find("path: to1.jsonl"), 15, "path: \"-\"");
  folder.write("linkferry.yaml", config);
  const auto ran = run(folder, {"run", "j1", "j1", "--jobs", "2"});
  CHECK(ran.code == 0);
  CHECK(count_lines(ran.out) == 400);
  CHECK(ran.err.find("2 of 2 done: ") != std::string::npos);
}
