// The files that start linkferry elsewhere name commands and options that it has.

#include <fstream>
#include <iterator>
#include <sstream>

#include "cli/command_line.hpp"
#include "linkferry/failure.hpp"
#include "support/catch.hpp"

using namespace linkferry;

namespace {

std::string read_file(const std::string& name) {
  std::ifstream stream(LINKFERRY_SOURCE "/" + name);
  INFO(name);
  REQUIRE(stream);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// What stands between `before` and the end of its line, at every place where `before` begins one.
std::vector<std::string> rests_of_lines(const std::string& text, const std::string& before) {
  std::vector<std::string> rests;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
    if (line.compare(begin, before.size(), before) == 0)
      rests.push_back(line.substr(begin + before.size()));
  }
  return rests;
}

/// Words without brackets, commas, quotes and comments, as far as these files have them.
std::vector<std::string> words_of(std::string text) {
  text = text.substr(0, text.find('#'));
  std::erase_if(text, [](char c) { return c == '[' || c == ']' || c == ',' || c == '"'; });
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

CommandLine parse(const std::string& text) {
  INFO(text);
  const auto no_variables = [](const char*) { return std::optional<std::string>(); };
  CommandLine line;
  REQUIRE_NOTHROW(line = parse_command_line(words_of(text), no_variables));
  return line;
}

CommandLine only_command_of(const std::string& file, const std::string& before) {
  const auto commands = rests_of_lines(read_file(file), before);
  REQUIRE(commands.size() == 1);
  return parse(commands.front());
}

}  // namespace

TEST_CASE("the systemd service starts a daemon that keeps a health file", "[examples]") {
  const auto line =
      only_command_of("examples/systemd/linkferry.service", "ExecStart=/usr/local/bin/linkferry ");
  CHECK(line.command == Command::daemon);
  CHECK(line.health_file == "/run/linkferry/health.json");
  CHECK(line.metrics_port == 9464);
}

TEST_CASE("the systemd service of one job runs it, for no longer than it should", "[examples]") {
  const auto line =
      only_command_of("examples/systemd/linkferry@.service", "ExecStart=/usr/local/bin/linkferry ");
  CHECK(line.command == Command::run);
  CHECK(line.arguments == std::vector<std::string>{"%i"});
  CHECK(line.max_duration);
}

TEST_CASE("the Kubernetes job runs all jobs, and logs for programs", "[examples]") {
  const auto line = only_command_of("examples/kubernetes/cronjob.yaml", "args: ");
  CHECK(line.command == Command::run);
  CHECK(line.arguments.empty());
  CHECK(line.parallel_jobs == 2);
  CHECK(line.log_format == LogFormat::json);
}

TEST_CASE("every command line of the README that schedules jobs is one", "[examples]") {
  const std::string readme = read_file("README.md");
  const auto begin = readme.find("\n## Run on a schedule\n");
  REQUIRE(begin != std::string::npos);
  const auto commands =
      rests_of_lines(readme.substr(begin, readme.find("\n## ", begin + 1) - begin), "linkferry ");
  CHECK(commands.size() >= 3);
  for (const auto& command : commands) parse(command);
}
