#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/output.hpp"
#include "config/nearest.hpp"
#include "config/problem.hpp"
#include "linkferry/failure.hpp"

namespace linkferry {

namespace {

/// `--a --b` of everything a command accepts.
std::string options_of(Command command) {
  std::string text;
  for (const auto& option : all_options()) {
    if (applies(option, command))
      text += fmt::format("{}--{}", text.empty() ? "" : " ", option.name);
  }
  return text;
}

std::string command_names() {
  std::string text;
  for (const auto& command : all_commands())
    text += fmt::format("{}{}", text.empty() ? "" : " ", command.name);
  return text;
}

/// The names of the plugins that get tokens, blank separated. Those that cannot be loaded are none.
std::string authorizing_plugins(PluginCatalog& catalog) {
  std::string names;
  for (const auto& listing : catalog.list()) {
    if (listing.plugin != nullptr && listing.plugin->descriptor->authorize != nullptr)
      names += fmt::format("{}{}", names.empty() ? "" : " ", listing.plugin->name());
  }
  return names;
}

/// The words that a command's first argument may be; empty where it is a file. `authorizing` are
/// the plugins that get tokens.
std::string words_of(Command command, const std::string& authorizing) {
  switch (command) {
    case Command::auth:
      return authorizing;
    case Command::plugins:
      return "list show test";
    case Command::schema:
      return "job bookmark plan report";
    case Command::completion:
      return "bash zsh fish";
    default:
      return "";
  }
}

std::string bash_script(const std::string& authorizing) {
  std::string script =
      "# linkferry completion for bash\n"
      "_linkferry() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} i\n"
      "  local command= arguments=0\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    case ${COMP_WORDS[i]} in\n"
      "      -*) ;;\n"
      "      *) if [[ -z $command ]]; then command=${COMP_WORDS[i]}; else arguments=1; fi ;;\n"
      "    esac\n"
      "  done\n"
      "  case $before in\n";
  for (const auto& option : all_options()) {
    if (!option.choices.empty()) {
      script += fmt::format("    --{}) COMPREPLY=($(compgen -W '{}' -- \"$word\")); return ;;\n",
                            option.name, option.choices);
    } else if (!option.value.empty()) {
      script +=
          fmt::format("    --{}) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n", option.name);
    }
  }
  script += fmt::format(
      "  esac\n"
      "  if [[ -z $command ]]; then\n"
      "    COMPREPLY=($(compgen -W '{} {}' -- \"$word\")); return\n"
      "  fi\n"
      "  local options= words=\n"
      "  case $command in\n",
      command_names(), options_of(Command::help));
  for (const auto& command : all_commands()) {
    script += fmt::format(
        "    {}) options='{}' words='{}' ;;\n", command.name, options_of(command.command),
        command.command == Command::help ? command_names()
                                         : words_of(command.command, authorizing));
  }
  script +=
      "  esac\n"
      "  if [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"$options\" -- \"$word\"));\n"
      "  elif [[ -n $words && $arguments == 0 ]]; then COMPREPLY=($(compgen -W \"$words\" -- "
      "\"$word\"));\n"
      "  else COMPREPLY=($(compgen -f -- \"$word\")); fi\n"
      "}\n"
      "complete -o filenames -F _linkferry linkferry\n";
  return script;
}

std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  return line;
}

/// In single quotes for a shell; our texts have none inside but for the odd apostrophe.
std::string shell_quoted(std::string_view text, std::string_view apostrophe) {
  std::string quoted = "'";
  for (const char c : one_line(text)) {
    if (c == '\'') {
      quoted += apostrophe;
    } else {
      quoted += c;
    }
  }
  quoted += '\'';
  return quoted;
}

std::string zsh_option(const OptionFacts& option) {
  std::string help;
  for (const char c : one_line(option.help)) {
    if (c == '[' || c == ']' || c == ':') help += '\\';
    help += c;
  }
  std::string spec = fmt::format("{}--{}[{}]", option.is_repeatable ? "*" : "", option.name, help);
  if (!option.choices.empty())
    spec += fmt::format(":{}:({})", option.value, option.choices);
  else if (!option.value.empty())
    spec += fmt::format(":{}:_files", option.value);
  return shell_quoted(spec, R"('\'')");
}

std::string zsh_script(const std::string& authorizing) {
  std::string script = "#compdef linkferry\n_linkferry() {\n  local -a commands=(\n";
  for (const auto& command : all_commands()) {
    script += fmt::format(
        "    {}\n", shell_quoted(fmt::format("{}:{}", command.name, command.summary), R"('\'')"));
  }
  script +=
      "  )\n"
      "  if ((CURRENT == 2)); then _describe command commands; return; fi\n"
      "  local command=${words[2]}\n"
      "  shift words; ((CURRENT--))\n"
      "  case $command in\n";
  for (const auto& command : all_commands()) {
    script += fmt::format("    {}) _arguments", command.name);
    for (const auto& option : all_options()) {
      if (applies(option, command.command)) script += " \\\n      " + zsh_option(option);
    }
    const auto words = words_of(command.command, authorizing);
    script += words.empty() ? " \\\n      '*:file:_files' ;;\n"
                            : fmt::format(" \\\n      '1:word:({})' '*:file:_files' ;;\n", words);
  }
  return script + "  esac\n}\n_linkferry \"$@\"\n";
}

std::string fish_script(const std::string& authorizing) {
  std::string script = "# linkferry completion for fish\n";
  for (const auto& command : all_commands()) {
    script += fmt::format("complete -c linkferry -n __fish_use_subcommand -f -a {} -d {}\n",
                          command.name, shell_quoted(command.summary, R"(\')"));
    const auto words = words_of(command.command, authorizing);
    if (!words.empty()) {
      script +=
          fmt::format("complete -c linkferry -n '__fish_seen_subcommand_from {}' -f -a '{}'\n",
                      command.name, words);
    }
  }
  for (const auto& option : all_options()) {
    std::string names;
    for (const auto& command : all_commands()) {
      if (applies(option, command.command)) names += fmt::format(" {}", command.name);
    }
    const std::string condition =
        option.commands == ~0U ? "" : fmt::format(" -n '__fish_seen_subcommand_from{}'", names);
    const std::string letter = option.letter == 0 ? "" : fmt::format(" -s {}", option.letter);
    const std::string value = !option.choices.empty() ? fmt::format(" -x -a '{}'", option.choices)
                              : option.value.empty()  ? ""
                                                      : " -r";
    script += fmt::format("complete -c linkferry{} -l {}{}{} -d {}\n", condition, option.name,
                          letter, value, shell_quoted(option.help, R"(\')"));
  }
  return script;
}

}  // namespace

int completion_command(Session& session) {
  const std::string& shell = session.line.arguments.front();
  if (shell == "bash") {
    print(bash_script(authorizing_plugins(session.catalog)));
  } else if (shell == "zsh") {
    print(zsh_script(authorizing_plugins(session.catalog)));
  } else if (shell == "fish") {
    print(fish_script(authorizing_plugins(session.catalog)));
  } else {
    const std::vector<std::string> known{"bash", "zsh", "fish"};
    const auto hint = did_you_mean(shell, known);
    throw Failure(FailureKind::usage,
                  fmt::format("there is no completion for {}{}", in_quotes(shell),
                              hint.empty() ? "; expected " + joined_by_or(known) : hint));
  }
  return exit_code::done;
}

}  // namespace linkferry
