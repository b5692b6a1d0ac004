#include "cli/command_line.hpp"

#include <map>

#include "cli/help.hpp"
#include "linkferry/failure.hpp"
#include "support/catch.hpp"

using namespace linkferry;

namespace {

using Variables = std::map<std::string, std::string>;

CommandLine parse(const std::vector<std::string>& arguments, const Variables& variables = {}) {
  return parse_command_line(arguments, [&](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return {};
    return found->second;
  });
}

/// The first line of the error, without the advice.
std::string error_of(const std::vector<std::string>& arguments, const Variables& variables = {}) {
  try {
    parse(arguments, variables);
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::usage);
    const std::string text = failure.what();
    return text.substr(0, text.find('\n'));
  }
  return "";
}

struct Case {
  std::vector<std::string> arguments;
  std::string message;
};

}  // namespace

TEST_CASE("a command line arrives as it was meant", "[command-line]") {
  const auto line = parse({"copy",
                           "a",
                           "-",
                           "--match",
                           "loose",
                           "--on-match=newer",
                           "-n",
                           "b",
                           "--accept-partial",
                           "-vv",
                           "--report",
                           "x.json",
                           "--report",
                           "y.txt",
                           "--color",
                           "never",
                           "--log-format",
                           "json",
                           "--format",
                           "ndjson",
                           "--detailed-exitcode",
                           "--plugin-path",
                           "/p"});
  CHECK(line.command == Command::copy);
  CHECK(line.arguments == std::vector<std::string>{"a", "-", "b"});
  CHECK(line.match == MatchPreset::loose);
  CHECK(line.on_match == OnMatch::newer);
  CHECK(line.is_dry_run);
  CHECK(line.accepts_partial);
  CHECK(line.verbosity == 2);
  CHECK(line.reports == std::vector<std::string>{"x.json", "y.txt"});
  CHECK(line.color == ColorChoice::never);
  CHECK(line.log_format == LogFormat::json);
  CHECK(line.format == ReportFormat::ndjson);
  CHECK(line.has_detailed_exit_code);
  CHECK(line.plugin_paths == std::vector<std::string>{"/p"});
}

TEST_CASE("without options everything has its default", "[command-line]") {
  const auto line = parse({"copy", "a", "b"});
  CHECK(line.match == MatchPreset::standard);
  CHECK(line.on_match == OnMatch::fill);
  CHECK_FALSE(line.is_dry_run);
  CHECK_FALSE(line.format.has_value());
  CHECK_FALSE(line.config.has_value());
  CHECK(line.verbosity == 0);
  CHECK(line.color == ColorChoice::automatic);
}

TEST_CASE("a daemon is told where it says how it is, and how many jobs may run at once",
          "[command-line]") {
  CHECK(parse({"run"}).parallel_jobs == 1);
  CHECK(parse({"run", "--jobs", "3"}).parallel_jobs == 3);
  CHECK(parse({"daemon"}).parallel_jobs == 4);
  CHECK_FALSE(parse({"daemon"}).metrics_port);
  const auto line = parse({"daemon", "a", "b", "--health-file", "h.json", "--metrics-port", "0"});
  CHECK(line.command == Command::daemon);
  CHECK(line.arguments == std::vector<std::string>{"a", "b"});
  CHECK(line.health_file == "h.json");
  CHECK(line.metrics_port == 0);
}

TEST_CASE("options may stand before the command", "[command-line]") {
  const auto line = parse({"-c", "x.yaml", "-v", "run", "job"});
  CHECK(line.config == "x.yaml");
  CHECK(line.verbosity == 1);
  CHECK(line.arguments == std::vector<std::string>{"job"});
}

TEST_CASE("a command's name is an ordinary argument of another command", "[command-line]") {
  CHECK(parse({"run", "plan", "copy"}).arguments == std::vector<std::string>{"plan", "copy"});
}

TEST_CASE("after two hyphens everything is an argument", "[command-line]") {
  CHECK(parse({"copy", "--", "-a.html", "--b.html"}).arguments ==
        std::vector<std::string>{"-a.html", "--b.html"});
}

TEST_CASE("help and version need nothing else", "[command-line]") {
  CHECK(parse({"--help"}).command == Command::help);
  CHECK(parse({"copy", "-h"}).command == Command::help);
  CHECK(parse({"copy", "-h"}).arguments == std::vector<std::string>{"copy"});
  CHECK(parse({"help", "copy"}).arguments == std::vector<std::string>{"copy"});
  CHECK(parse({"--version"}).command == Command::version);
  CHECK(parse({"version"}).command == Command::version);
}

TEST_CASE("what is wrong with a command line is said in its first line", "[command-line]") {
  const auto [arguments, message] = GENERATE(values<Case>({
      {{}, "no command is given; usage: linkferry COMMAND [ARGUMENT...]"},
      {{"copi", "a", "b"}, "unknown command \"copi\"; did you mean \"copy\"?"},
      {{"transmogrify"},
       "unknown command \"transmogrify\"; expected copy, plan, apply, run, verify, undo, history, "
       "state, daemon, check, auth, plugins, schema, "
       "completion, version or help"},
      {{"copy", "a", "b", "--on-mach", "fill"},
       "unknown option \"--on-mach\"; did you mean \"--on-match\"?"},
      {{"copy", "a", "b", "--zzz=1"}, "unknown option \"--zzz\""},
      {{"copy", "a", "b", "-x"}, "unknown option \"-x\""},
      {{"--vrsion"}, "unknown option \"--vrsion\"; did you mean \"--version\"?"},
      {{"copy", "a"}, "copy: only one argument is given; usage: linkferry copy FROM... TO"},
      {{"copy"}, "copy: no argument is given; usage: linkferry copy FROM... TO"},
      {{"plan", "a", "b"}, "plan: unexpected argument \"b\"; usage: linkferry plan JOB"},
      {{"version", "a"}, "version: unexpected argument \"a\"; usage: linkferry version "},
      {{"copy", "a", "b", "--match", "strict"},
       "--match is \"strict\", expected exact, standard or loose"},
      {{"copy", "a", "b", "--on-match", "fil"},
       "--on-match is \"fil\", expected skip, fill, merge, newer or overwrite; did you mean "
       "\"fill\"?"},
      {{"copy", "a", "b", "--match", "exact", "--match", "loose"},
       "--match is given 2 times, expected once"},
      {{"copy", "a", "b", "--match", ""}, "--match has an empty value, expected PRESET"},
      {{"copy", "a", "b", "--report", "x.pdf"},
       "--report \"x.pdf\": the ending tells no format, expected a file that ends in .txt, .json "
       "or .ndjson"},
      {{"copy", "a", "b", "-q", "-v"},
       "--quiet and --verbose contradict each other; expected one of them"},
      {{"copy", "a", "b", "-c", "x"}, "--config does nothing for copy"},
      {{"run", "--match", "exact"}, "--match does nothing for run"},
      {{"plan", "x", "--dry-run"}, "--dry-run does nothing for plan"},
      {{"check", "--format", "json"}, "--format does nothing for check"},
      {{"version", "--accept-partial"}, "--accept-partial does nothing for version"},
      {{"plugins", "--format", "ndjson"},
       "--format ndjson does nothing for plugins, expected text or json"},
      {{"run", "--jobs", "0"}, "--jobs is \"0\", expected a number from 1 to 64"},
      {{"run", "--jobs", "many"}, "--jobs is \"many\", expected a number from 1 to 64"},
      {{"daemon", "--metrics-port", "65536"},
       "--metrics-port is \"65536\", expected a number from 0 to 65535"},
      {{"run", "--health-file", "x"}, "--health-file does nothing for run"},
      {{"daemon", "--dry-run"}, "--dry-run does nothing for daemon"},
      {{"run", "--color", "sometimes"}, "--color is \"sometimes\", expected auto, always or never"},
  }));
  INFO(message);
  CHECK(error_of(arguments) == message);
}

TEST_CASE("an option without its value is named", "[command-line]") {
  CHECK(error_of({"copy", "a", "b", "--match"}).find("--match") != std::string::npos);
}

TEST_CASE("a flag wins over its variable, and the variable over the default", "[command-line]") {
  const Variables variables{{"LINKFERRY_FORMAT", "json"},
                            {"LINKFERRY_LOG_FORMAT", "json"},
                            {"LINKFERRY_COLOR", "always"}};
  CHECK(parse({"run"}, variables).format == ReportFormat::json);
  CHECK(parse({"run"}, variables).log_format == LogFormat::json);
  CHECK(parse({"run"}, variables).color == ColorChoice::always);
  const auto flags =
      parse({"run", "--format", "text", "--log-format", "text", "--color", "auto"}, variables);
  CHECK(flags.format == ReportFormat::text);
  CHECK(flags.log_format == LogFormat::text);
  CHECK(flags.color == ColorChoice::automatic);
}

TEST_CASE("NO_COLOR means no colors unless colors are asked for", "[command-line]") {
  CHECK(parse({"run"}, {{"NO_COLOR", "1"}}).color == ColorChoice::never);
  CHECK(parse({"run", "--color", "always"}, {{"NO_COLOR", "1"}}).color == ColorChoice::always);
}

TEST_CASE("a variable with a value that is none of the choices is named", "[command-line]") {
  CHECK(error_of({"run"}, {{"LINKFERRY_FORMAT", "xml"}}) ==
        "LINKFERRY_FORMAT is \"xml\", expected text, json or ndjson");
}

TEST_CASE("the help of a command names every option that the command accepts, and no other",
          "[command-line]") {
  for (const auto& command : all_commands()) {
    const std::string help = command_help(command);
    CHECK(help.starts_with("linkferry " + std::string(command.name) + ": "));
    for (const auto& option : all_options()) {
      const bool is_named =
          help.find(" --" + std::string(option.name) + " ") != std::string::npos ||
          help.find(" --" + std::string(option.name) + "\n") != std::string::npos;
      INFO(command.name << " " << option.name);
      if (applies(option, command.command)) CHECK(is_named);
      if (!applies(option, command.command))
        CHECK(help.find("\n      --" + std::string(option.name)) == std::string::npos);
    }
  }
}

TEST_CASE("the time a run may take has a unit", "[command-line]") {
  using namespace std::chrono_literals;
  CHECK_FALSE(parse({"run"}).max_duration);
  CHECK(parse({"run", "--max-duration", "90s"}).max_duration == 90s);
  CHECK(parse({"run", "--max-duration=15m"}).max_duration == 15min);
  CHECK(parse({"copy", "a", "b", "--max-duration", "2h"}).max_duration == 2h);
  for (const std::string text : {"90", "s", "0s", "-5m", "1.5h", "1h30m", "99999999999s", "5 m"}) {
    CHECK(error_of({"run", "--max-duration=" + text}) ==
          "--max-duration is \"" + text + "\", expected a number and s, m, h or d, like 90s");
  }
}

TEST_CASE("everything is read again where that is asked for", "[command-line]") {
  CHECK_FALSE(parse({"run"}).reads_everything);
  CHECK(parse({"run", "--full"}).reads_everything);
  CHECK(parse({"plan", "job", "--full"}).reads_everything);
  CHECK(error_of({"copy", "a", "b", "--full"}) == "--full does nothing for copy");
}
