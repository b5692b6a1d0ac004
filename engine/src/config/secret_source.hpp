#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "config/config_node.hpp"
#include "linkferry/secret.hpp"

namespace linkferry {

/// Reads what a reference to a secret leads to: `{env: NAME}`, `{file: PATH}` (relative to `base`,
/// `~` is home) or
/// `{command: [program, argument, ...]}` (its standard output; run without a shell). Blanks and
/// line ends around the text are not part of it. `option` is what messages call it.
/// `authorizing_plugin` gets tokens by `linkferry auth`, which is said where a file is missing;
/// empty: none does.
///
/// Errors: Failure configuration, naming the variable, file or program, never what it holds: not
/// set, not readable, empty, larger than 64 KiB, a program that fails.
Secret read_secret(const ConfigNode& reference, const std::string& option,
                   const std::filesystem::path& base, std::string_view authorizing_plugin = {});

}  // namespace linkferry
