#include "config/secret_source.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "linkferry/failure.hpp"
#include "net/secret_text.hpp"
#include "support/catch.hpp"

using namespace linkferry;

namespace {

/// What a reference to a secret leads to.
Secret read(const std::string& yaml, const std::filesystem::path& base = "/") {
  std::vector<Problem> problems;
  return read_secret(*parse_yaml(yaml, "f", problems), "links/token", base);
}

std::string text_of(const Secret& secret) { return std::string(SecretText::of(secret)); }

std::string problem_of(const std::string& yaml) {
  try {
    read(yaml);
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::configuration);
    return failure.what();
  }
  return "no failure";
}

}  // namespace

TEST_CASE("a secret is read from the environment", "[config][secret]") {
  ::setenv("LINKFERRY_TEST_TOKEN", "  from-the-environment\n", 1);
  CHECK(text_of(read("{env: LINKFERRY_TEST_TOKEN}")) == "from-the-environment");
  ::setenv("LINKFERRY_TEST_TOKEN", " \n", 1);
  CHECK(problem_of("{env: LINKFERRY_TEST_TOKEN}") ==
        "links/token: the environment variable LINKFERRY_TEST_TOKEN is empty, expected a token");
  ::unsetenv("LINKFERRY_TEST_TOKEN");
  CHECK(problem_of("{env: LINKFERRY_TEST_TOKEN}") ==
        "links/token: the environment variable LINKFERRY_TEST_TOKEN is not set");
}

TEST_CASE("a secret is read from a file beside the config file", "[config][secret]") {
  const auto folder = std::filesystem::temp_directory_path() / "linkferry-secret-test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "links.token") << "from-a-file\r\n";
  CHECK(text_of(read("{file: links.token}", folder)) == "from-a-file");
  std::ofstream(folder / "links.token") << std::string(70'000, 'x');
  CHECK_THROWS_AS(read("{file: links.token}", folder), Failure);
  std::filesystem::remove_all(folder);
  CHECK(problem_of("{file: /nowhere/links.token}") ==
        "links/token: /nowhere/links.token cannot be read: No such file or directory");
}

TEST_CASE("a token file that is missing comes with the command that makes one",
          "[config][secret]") {
  std::vector<Problem> problems;
  const auto problem_with = [&](const std::string& path) -> std::string {
    try {
      read_secret(*parse_yaml("{file: '" + path + "'}", "f", problems), "social/token", "/",
                  "mastodon");
    } catch (const Failure& failure) {
      return failure.what();
    }
    return "no failure";
  };
  CHECK(problem_with("/nowhere/a.token") ==
        "social/token: /nowhere/a.token cannot be read: No such file or directory; linkferry auth "
        "mastodon URL -o /nowhere/a.token gets a token and stores it there");
  CHECK(problem_with("/nowhere/a b").find("-o \"/nowhere/a b\" gets") != std::string::npos);
  // What is there but cannot be read is another problem.
  CHECK(problem_with("/").find("linkferry auth") == std::string::npos);
}

TEST_CASE("a secret is read from a program, which no shell comes near", "[config][secret]") {
  CHECK(text_of(read("{command: [printf, 'a $HOME; %s', 'b']}")) == "a $HOME; b");
  CHECK(problem_of("{command: ['false']}") ==
        "links/token: false ended with status 1, expected a token on its standard output");
  CHECK(problem_of("{command: ['true']}") ==
        "links/token: the output of true is empty, expected a token");
  CHECK(problem_of("{command: [/nowhere/program]}").starts_with("links/token: /nowhere/program "));
  CHECK(problem_of("{command: [sh, -c, 'exec yes 2>/dev/null']}") ==
        "links/token: the output of sh is larger than 64 KiB, expected a token");
}
