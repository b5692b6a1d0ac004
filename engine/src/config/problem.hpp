#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "linkferry/failure.hpp"

namespace linkferry {

/// A place in a config file, both counted from 1; 0 where there is none (the command line).
struct Position {
  std::size_t line = 0;
  std::size_t column = 0;
};

/// One thing that is wrong with a configuration.
struct Problem {
  Position position;
  std::string message;  ///< what was found, what was expected, and the nearest known name
};

/// A configuration that cannot be used. `what()` has one line for each problem, `file:line:column:
/// message`, in the order of the file; the first hundred of them.
class ConfigFailure : public Failure {
 public:
  /// `origin` is the file as the user named it, or what stands for it on the command line.
  ConfigFailure(const std::string& origin, std::vector<Problem> problems);
};

/// `text` in quotes as messages show what a user wrote: control characters escaped, cut after 80
/// bytes.
std::string in_quotes(std::string_view text);

/// `a`, `a or b`, `a, b or c`.
std::string joined_by_or(const std::vector<std::string>& words);

}  // namespace linkferry
