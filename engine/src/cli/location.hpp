#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace linkferry {

/// One argument of `copy`, taken apart.
struct Location {
  std::string plugin;  ///< empty: none is named, and `path` is the whole argument
  std::string path;    ///< what stands after `plugin:`
  std::vector<std::pair<std::string, std::string>> options;
};

/// Takes `PLUGIN:LOCATION[,OPTION=VALUE...]` apart; an argument that does not begin with one of
/// `plugins` and a colon is a path as it stands, commas and all (so are `https://…`, `C:\…` and
/// `./netscape:x`). In the first form `\,` is a comma and `\\` a backslash; other backslashes stay.
/// Errors: Failure usage for an option without `=` or without a name.
Location parse_location(std::string_view argument, std::span<const std::string> plugins);

/// `PATH[,OPTION=VALUE...]`, the part after the colon, by the same rules.
Location parse_path_and_options(std::string_view text, std::string_view argument);

}  // namespace linkferry
