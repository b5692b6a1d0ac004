// The only file that knows CLI11. It only splits: what the parts mean is told by grammar.cpp and
// checked here, so that every message names the nearest thing that is known.

#include "cli/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <map>

#include "config/job_names.hpp"
#include "config/nearest.hpp"
#include "config/problem.hpp"
#include "linkferry/failure.hpp"
#include "schedule/duration.hpp"

namespace linkferry {

namespace {

[[noreturn]] void fail(const std::string& message) {
  throw Failure(FailureKind::usage, message + "\nTry: linkferry --help");
}

[[noreturn]] void fail_at(const CommandFacts& command, const std::string& message) {
  throw Failure(FailureKind::usage,
                fmt::format("{}\nTry: linkferry {} --help", message, command.name));
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

/// What CLI11 found, by the long name of each option.
struct Split {
  const CommandFacts* command = nullptr;
  std::vector<std::string> arguments;
  std::vector<std::string> unknown;
  std::map<std::string_view, std::vector<std::string>> values;
  std::map<std::string_view, int> flags;
};

std::string spelling(const OptionFacts& option) {
  return option.letter == 0 ? fmt::format("--{}", option.name)
                            : fmt::format("-{},--{}", option.letter, option.name);
}

void define_options(CLI::App& app, Split& split) {
  for (const auto& option : all_options()) {
    if (option.value.empty()) {
      app.add_flag(spelling(option), split.flags[option.name]);
    } else {
      app.add_option(spelling(option), split.values[option.name])->allow_extra_args(false);
    }
  }
}

Split split_arguments(std::vector<std::string> arguments) {
  Split split;
  // What follows `--` is no option, whatever it looks like; CLI11 2.1 hands it to the wrong
  // command.
  const auto mark = std::ranges::find(arguments, "--");
  const std::vector<std::string> verbatim(mark == arguments.end() ? mark : mark + 1,
                                          arguments.end());
  arguments.erase(mark, arguments.end());
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  app.fallthrough();
  define_options(app, split);
  app.require_subcommand(0, 1);
  for (const auto& command : all_commands()) {
    auto* subcommand = app.add_subcommand(std::string(command.name));
    subcommand->set_help_flag();
    subcommand->add_option("arguments", split.arguments)
        ->expected(0, static_cast<int>(arguments.size()) + 1);
    subcommand->callback([&split, &command] { split.command = &command; });
  }
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the end.
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    fail(error.what());
  }
  split.unknown = app.remaining(true);
  split.arguments.insert(split.arguments.end(), verbatim.begin(), verbatim.end());
  return split;
}

bool looks_like_option(const std::string& text) { return text.size() > 1 && text.front() == '-'; }

[[noreturn]] void fail_unknown_option(const std::string& text, const CommandFacts* command) {
  std::vector<std::string> known;
  for (const auto& option : all_options()) {
    if (command == nullptr || applies(option, command->command))
      known.push_back("--" + std::string(option.name));
  }
  const std::string name = text.substr(0, text.find('='));
  const auto message =
      fmt::format("unknown option {}{}", in_quotes(name), did_you_mean(name, known));
  if (command != nullptr) fail_at(*command, message);
  fail(message);
}

void check_unknown(const Split& split) {
  for (const auto& text : split.unknown) {
    if (looks_like_option(text)) fail_unknown_option(text, split.command);
  }
  if (split.unknown.empty()) return;
  const std::string& name = split.unknown.front();
  if (split.command != nullptr)
    fail_at(*split.command, fmt::format("unexpected argument {}", in_quotes(name)));
  std::vector<std::string> known;
  for (const auto& command : all_commands()) known.emplace_back(command.name);
  const auto hint = did_you_mean(name, known);
  fail(fmt::format("unknown command {}{}", in_quotes(name),
                   hint.empty() ? "; expected " + joined_by_or(known) : hint));
}

void check_options(const Split& split, const CommandFacts& command) {
  const auto check_applies = [&](const OptionFacts& option) {
    if (applies(option, command.command)) return;
    fail_at(command, fmt::format("--{} does nothing for {}", option.name, command.name));
  };
  for (const auto& option : all_options()) {
    if (option.value.empty()) {
      if (split.flags.at(option.name) > 0) check_applies(option);
      continue;
    }
    const auto& values = split.values.at(option.name);
    if (values.empty()) continue;
    check_applies(option);
    if (values.size() > 1 && !option.is_repeatable) {
      fail_at(command,
              fmt::format("--{} is given {} times, expected once", option.name, values.size()));
    }
    for (const auto& value : values) {
      if (value.empty())
        fail_at(command,
                fmt::format("--{} has an empty value, expected {}", option.name, option.value));
    }
  }
}

void check_arguments(const CommandLine& line) {
  const CommandFacts& command = facts_of(line.command);
  const std::size_t count = line.arguments.size();
  if (count > command.most) {
    fail_at(command,
            fmt::format("{}: unexpected argument {}; usage: linkferry {} {}", command.name,
                        in_quotes(line.arguments[command.most]), command.name, command.arguments));
  }
  if (count < command.least) {
    fail_at(command, fmt::format("{}: {} given; usage: linkferry {} {}", command.name,
                                 count == 0 ? "no argument is" : "only one argument is",
                                 command.name, command.arguments));
  }
}

/// One of the values an option may have, by its place; nothing where neither flag nor variable
/// gives one.
std::optional<std::size_t> choose(const Split& split, const char* name,
                                  const std::optional<std::string>& variable = {},
                                  const char* variable_name = "") {
  const OptionFacts& option = *find_option(name);
  const auto& values = split.values.at(option.name);
  if (values.empty() && !variable) return {};
  const std::string& value = values.empty() ? *variable : values.back();
  const auto choices = words_of(option.choices);
  const auto found = std::ranges::find(choices, value);
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  const std::string origin = values.empty() ? variable_name : fmt::format("--{}", option.name);
  const std::string message = fmt::format("{} is {}, expected {}{}", origin, in_quotes(value),
                                          joined_by_or(choices), did_you_mean(value, choices));
  if (split.command != nullptr) fail_at(*split.command, message);
  fail(message);
}

std::optional<std::string> last_of(const Split& split, std::string_view name) {
  const auto& values = split.values.at(name);
  if (values.empty()) return {};
  return values.back();
}

std::optional<std::chrono::seconds> read_duration(const std::optional<std::string>& text,
                                                  const CommandFacts& command) {
  if (!text) return {};
  if (const auto duration = parse_duration(*text)) return duration;
  fail_at(command, fmt::format("--max-duration is {}, expected a number and s, m, h or d, like 90s",
                               in_quotes(*text)));
}

/// A number from `least` to `most`; nothing where none is given.
std::optional<unsigned> read_number(const Split& split, const char* name, unsigned least,
                                    unsigned most) {
  const auto text = last_of(split, name);
  if (!text) return {};
  unsigned number = 0;
  const char* const end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, number);
  if (error != std::errc{} || rest != end || number < least || number > most) {
    fail_at(*split.command, fmt::format("--{} is {}, expected a number from {} to {}", name,
                                        in_quotes(*text), least, most));
  }
  return number;
}

void read_log_options(const Split& split, const Environment& environment, CommandLine& line) {
  line.is_quiet = split.flags.at("quiet") > 0;
  line.verbosity = std::min(split.flags.at("verbose"), 2);
  if (line.is_quiet && line.verbosity > 0)
    fail("--quiet and --verbose contradict each other; expected one of them");
  const auto log_format =
      choose(split, "log-format", environment("LINKFERRY_LOG_FORMAT"), "LINKFERRY_LOG_FORMAT");
  line.log_format = log_format == 1 ? LogFormat::json : LogFormat::text;
  const auto color = choose(split, "color", environment("LINKFERRY_COLOR"), "LINKFERRY_COLOR");
  line.color = static_cast<ColorChoice>(color.value_or(environment("NO_COLOR") ? 2 : 0));
}

void check_reports(const CommandLine& line) {
  for (const auto& report : line.reports) {
    if (report_format_of(report)) continue;
    fail(fmt::format("--report {}: the ending tells no format, expected a file that ends in {}",
                     in_quotes(report), report_endings));
  }
  if (line.command == Command::plugins && line.format == ReportFormat::ndjson) {
    fail("--format ndjson does nothing for plugins, expected text or json");
  }
}

}  // namespace

std::optional<std::string> process_environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return {};
  return value;
}

CommandLine parse_command_line(const std::vector<std::string>& arguments,
                               const Environment& environment) {
  const Split split = split_arguments(arguments);
  CommandLine line;
  read_log_options(split, environment, line);
  check_unknown(split);
  if (split.flags.at("help") > 0 ||
      (split.command != nullptr && split.command->command == Command::help)) {
    line.arguments = split.arguments;
    if (split.flags.at("help") > 0 && split.command != nullptr)
      line.arguments = {std::string(split.command->name)};
    check_arguments(line);
    return line;
  }
  if (split.flags.at("version") > 0) {
    line.command = Command::version;
    return line;
  }
  if (split.command == nullptr) fail("no command is given; usage: linkferry COMMAND [ARGUMENT...]");

  line.command = split.command->command;
  line.arguments = split.arguments;
  check_options(split, *split.command);
  check_arguments(line);
  line.match = static_cast<MatchPreset>(
      choose(split, "match").value_or(static_cast<std::size_t>(line.match)));
  line.on_match = static_cast<OnMatch>(
      choose(split, "on-match").value_or(static_cast<std::size_t>(line.on_match)));
  line.is_dry_run = split.flags.at("dry-run") > 0;
  line.accepts_partial = split.flags.at("accept-partial") > 0;
  line.has_detailed_exit_code = split.flags.at("detailed-exitcode") > 0;
  line.reads_everything = split.flags.at("full") > 0;
  line.max_duration = read_duration(last_of(split, "max-duration"), *split.command);
  line.shown_runs = read_number(split, "limit", 1, 1'000'000'000).value_or(line.shown_runs);
  line.max_delete = read_number(split, "max-delete", 0, 1'000'000'000);
  constexpr std::size_t jobs_of_daemon = 4;
  line.parallel_jobs = read_number(split, "jobs", 1, 64)
                           .value_or(line.command == Command::daemon ? jobs_of_daemon : 1);
  line.health_file = last_of(split, "health-file");
  if (const auto port = read_number(split, "metrics-port", 0, 65'535))
    line.metrics_port = static_cast<std::uint16_t>(*port);
  line.may_write = split.flags.at("write") > 0;
  line.allows_http = split.flags.at("allow-http") > 0;
  line.pastes_redirect = split.flags.at("paste") > 0;
  line.redirect = last_of(split, "redirect");
  line.never_asks = split.flags.at("no-input") > 0;
  const bool is_transfer = applies(*find_option("report"), line.command);
  const auto format =
      choose(split, "format", is_transfer ? environment("LINKFERRY_FORMAT") : std::nullopt,
             "LINKFERRY_FORMAT");
  if (format) line.format = static_cast<ReportFormat>(*format);
  line.output = last_of(split, "output");
  line.config = last_of(split, "config");
  line.reports = split.values.at("report");
  line.plugin_paths = split.values.at("plugin-path");
  check_reports(line);
  return line;
}

}  // namespace linkferry
