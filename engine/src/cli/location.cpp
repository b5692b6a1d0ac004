#include "cli/location.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/problem.hpp"
#include "linkferry/failure.hpp"

namespace linkferry {

namespace {

/// The parts between commas that no backslash stands before.
std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape =
        text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == ',' || text[i + 1] == '\\');
    if (is_escape) {
      parts.back() += text[++i];
    } else if (text[i] == ',') {
      parts.emplace_back();
    } else {
      parts.back() += text[i];
    }
  }
  return parts;
}

}  // namespace

Location parse_path_and_options(std::string_view text, std::string_view argument) {
  auto parts = split_at_commas(text);
  Location location;
  location.path = std::move(parts.front());
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::size_t equals = parts[i].find('=');
    if (equals == std::string::npos || equals == 0) {
      throw Failure(FailureKind::usage,
                    fmt::format("{}: found {} after a comma, expected OPTION=VALUE; a comma that "
                                "belongs to the location is "
                                "written \\,",
                                in_quotes(argument), in_quotes(parts[i])));
    }
    location.options.emplace_back(parts[i].substr(0, equals), parts[i].substr(equals + 1));
  }
  return location;
}

Location parse_location(std::string_view argument, std::span<const std::string> plugins) {
  const std::size_t colon = argument.find(':');
  const std::string name(argument.substr(0, colon));
  if (colon == std::string_view::npos || std::ranges::find(plugins, name) == plugins.end()) {
    return {{}, std::string(argument), {}};
  }
  Location location = parse_path_and_options(argument.substr(colon + 1), argument);
  location.plugin = name;
  return location;
}

}  // namespace linkferry
