#include "cli/help.hpp"

#include <fmt/format.h>

namespace linkferry {

namespace {

constexpr std::size_t option_column = 30;

/// Everything an option's line says before its help: `-n, --dry-run`, `    --format FORMAT`.
std::string option_head(const OptionFacts& option) {
  std::string head = option.letter == 0 ? "      --" : fmt::format("  -{}, --", option.letter);
  head += option.name;
  if (!option.value.empty()) head += fmt::format(" {}", option.value);
  return head;
}

std::string option_line(const OptionFacts& option) {
  std::string help(option.help);
  if (!option.choices.empty()) {
    std::string choices(option.choices);
    for (std::size_t at = 0; (at = choices.find(' ', at)) != std::string::npos; at += 2)
      choices.replace(at, 1, ", ");
    help += "\n" + choices;
  }
  const std::string indent = "\n" + std::string(option_column, ' ');
  for (std::size_t at = 0; (at = help.find('\n', at)) != std::string::npos; at += indent.size())
    help.replace(at, 1, indent);
  return fmt::format("{:<{}}{}\n", option_head(option), option_column, help);
}

std::string option_lines(bool (*is_wanted)(const OptionFacts&, Command), Command command) {
  std::string text;
  for (const auto& option : all_options()) {
    if (is_wanted(option, command)) text += option_line(option);
  }
  return text;
}

bool is_common(const OptionFacts& option, Command) { return option.commands == ~0U; }
bool is_own(const OptionFacts& option, Command command) {
  return applies(option, command) && option.commands != ~0U;
}

}  // namespace

std::string program_help() {
  std::string text =
      "linkferry moves bookmarks between services and files: nothing lost, nothing twice, nothing "
      "unseen.\n"
      "\n"
      "Usage: linkferry COMMAND [ARGUMENT...] [OPTION...]\n"
      "\n"
      "Commands:\n";
  for (const auto& command : all_commands())
    text += fmt::format("  {:<12}{}\n", command.name, command.summary);
  text += "\nOptions of every command:\n" + option_lines(&is_common, Command::help);
  text +=
      "\n"
      "Exit codes: 0 done; 1 failed; 2 differences (--detailed-exitcode); 3 done, but some records "
      "failed;\n"
      "4 blocked by a safety limit, nothing written; 5 try later; 64 usage; 66 input missing or "
      "unreadable;\n"
      "77 authentication; 78 configuration; 130 and 143 interrupted.\n"
      "\n"
      "linkferry COMMAND --help tells more about a command.\n";
  return text;
}

std::string command_help(const CommandFacts& command) {
  std::string text = fmt::format("linkferry {}: {}.\n\nUsage: linkferry {}{}{} [OPTION...]\n",
                                 command.name, command.summary, command.name,
                                 command.arguments.empty() ? "" : " ", command.arguments);
  if (!command.details.empty()) text += fmt::format("\n{}", command.details);
  const std::string own = option_lines(&is_own, command.command);
  if (!own.empty()) text += "\nOptions:\n" + own;
  text += "\nOptions of every command:\n" + option_lines(&is_common, command.command);
  return text;
}

}  // namespace linkferry
