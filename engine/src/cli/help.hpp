#pragma once

#include <string>

#include "cli/grammar.hpp"

namespace linkferry {

/// The overview of all commands.
std::string program_help();

/// Usage, options and examples of one command.
std::string command_help(const CommandFacts& command);

}  // namespace linkferry
