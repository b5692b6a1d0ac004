#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace linkferry {

enum class Command : std::uint8_t {
  copy,
  plan,
  apply,
  run,
  verify,
  undo,
  history,
  state,
  daemon,
  check,
  auth,
  plugins,
  schema,
  completion,
  version,
  help
};

/// A command as its help and the completions show it. The one place that lists them.
struct CommandFacts {
  Command command;
  std::string_view name;
  std::string_view arguments;  ///< as in a usage line
  std::string_view summary;    ///< one line
  std::string_view details;    ///< what the help of the command adds; lines end in \n
  std::size_t least = 0;       ///< how many arguments it takes
  std::size_t most = 0;
};

inline constexpr std::size_t unlimited = static_cast<std::size_t>(-1);

/// An option, and the commands that know it. No command accepts an option that does nothing there.
struct OptionFacts {
  std::string_view name;     ///< without its hyphens
  char letter = 0;           ///< 0: it has no short form
  std::string_view value;    ///< what its value is called; empty for a flag
  std::string_view choices;  ///< the values it may have, blank separated; empty where they are free
  std::string_view help;     ///< without the choices
  unsigned commands = 0;     ///< a bit for each command
  bool is_repeatable = false;
};

constexpr unsigned bit(Command command) { return 1U << static_cast<unsigned>(command); }
constexpr bool applies(const OptionFacts& option, Command command) {
  return (option.commands & bit(command)) != 0;
}

std::span<const CommandFacts> all_commands();
std::span<const OptionFacts> all_options();

const CommandFacts& facts_of(Command command);
const CommandFacts* find_command(std::string_view name);
const OptionFacts* find_option(std::string_view name);

}  // namespace linkferry
