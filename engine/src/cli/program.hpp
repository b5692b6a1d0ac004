#pragma once

#include <string>
#include <vector>

namespace linkferry {

/// The whole program: arguments (without its name) in, exit code out. Never throws; what went wrong
/// is on standard error.
int run_program(const std::vector<std::string>& arguments);

}  // namespace linkferry
