#include "cli/log.hpp"

#include <cstdio>
#include <memory>
#include <string>

#include "support/catch.hpp"

using namespace linkferry;

namespace {

/// What a logger wrote for `write`.
template <class Write>
std::string logged(const CommandLine& line, Write write) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
  REQUIRE(file != nullptr);
  Logger logger(file.get());
  logger.configure(line);
  write(logger);
  std::rewind(file.get());
  std::string text(4096, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  return text;
}

std::string levels(const CommandLine& line) {
  return logged(line, [](Logger& logger) {
    logger.log(LogLevel::error, "e");
    logger.log(LogLevel::warning, "w");
    logger.log(LogLevel::info, "i");
    logger.log(LogLevel::debug, "d");
    logger.log(LogLevel::trace, "t");
  });
}

}  // namespace

TEST_CASE("what a terminal would obey is shown instead", "[log]") {
  CHECK(escape_for_terminal("plain ä \xf0\x9f\x98\x80\ttab\n") ==
        "plain ä \xf0\x9f\x98\x80\ttab\n");
  CHECK(escape_for_terminal("\x1b]0;owned\x07") == "\\x1b]0;owned\\x07");
  CHECK(escape_for_terminal("a\rb\x7f") == "a\\x0db\\x7f");
  CHECK(escape_for_terminal("\xc2\x9b"
                            "31m") == "\\u009b31m");
  CHECK(escape_for_terminal("\xe2\x80\xae"
                            "gpj.exe") == "\\u202egpj.exe");
  CHECK(escape_for_terminal("\xff\xfe") == "\\xff\\xfe");
  CHECK(escape_for_terminal(std::string_view("\0", 1)) == "\\x00");
}

TEST_CASE("option -q leaves errors, -v adds what is done, -vv everything", "[log]") {
  CommandLine line;
  CHECK(levels(line) == "linkferry: error: e\nlinkferry: warning: w\n");
  line.verbosity = 1;
  CHECK(levels(line) == "linkferry: error: e\nlinkferry: warning: w\nlinkferry: i\n");
  line.verbosity = 2;
  CHECK(levels(line).ends_with("linkferry: debug: d\nlinkferry: trace: t\n"));
  line = {};
  line.is_quiet = true;
  CHECK(levels(line) == "linkferry: error: e\n");
}

TEST_CASE("colors come when they are asked for and never into a file by themselves", "[log]") {
  CommandLine line;
  line.color = ColorChoice::always;
  CHECK(levels(line) ==
        "linkferry: \x1b[31merror\x1b[0m: e\nlinkferry: \x1b[33mwarning\x1b[0m: w\n");
}

TEST_CASE("a message as JSON is one line with its time and level", "[log]") {
  CommandLine line;
  line.log_format = LogFormat::json;
  const auto text =
      logged(line, [](Logger& logger) { logger.log(LogLevel::error, "a \"b\"\n\\c\x01\xff"); });
  CHECK(text.starts_with("{\"time\":\"20"));
  CHECK(text.ends_with(
      "\",\"level\":\"error\",\"message\":\"a \\\"b\\\"\\n\\\\c\\\\x01\\\\xff\"}\n"));
}

TEST_CASE("a place in a config file stands alone in its line", "[log]") {
  CHECK(logged({}, [](Logger& logger) { logger.log_place("f.yaml:1:2: wrong"); }) ==
        "f.yaml:1:2: wrong\n");
}

TEST_CASE("what else writes on the terminal is told before each message", "[log]") {
  int calls = 0;
  logged({}, [&](Logger& logger) {
    logger.before_message([&] { ++calls; });
    logger.log(LogLevel::error, "x");
    logger.log(LogLevel::debug, "not shown");
  });
  CHECK(calls == 1);
}

TEST_CASE("what is announced needs no -v, and is silenced by -q only", "[log]") {
  const auto announced = [](const CommandLine& line) {
    return logged(line, [](Logger& logger) {
      logger.announce(LogLevel::info, "job x: done", ",\"job\":\"x\"");
      logger.announce(LogLevel::error, "job y: failed", ",\"job\":\"y\"");
    });
  };
  CommandLine line;
  CHECK(announced(line) == "linkferry: job x: done\nlinkferry: error: job y: failed\n");
  line.is_quiet = true;
  CHECK(announced(line) == "linkferry: error: job y: failed\n");
  line.log_format = LogFormat::json;
  CHECK(announced(line).ends_with(
      "\"level\":\"error\",\"message\":\"job y: failed\",\"job\":\"y\"}\n"));
}
