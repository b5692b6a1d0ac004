#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "linkferry/plugin.hpp"

namespace linkferry {

/// Loads a plugin after the handshake: the file is there, is a regular file that nobody else may
/// write, is a whole ELF library, exports `linkferry_plugin` (all this without running a line of
/// it); then magic, size and fingerprint of its descriptor, its name, its roles, its options
/// schema.
///
/// The library is never unloaded: exceptions, views and vtables of it may live anywhere in the
/// program. Errors: Failure configuration; each step has its own message: path, expected, found,
/// what to do. Thread: any.
const Descriptor& load_plugin_library(const std::filesystem::path& file);

/// Which parts of two fingerprints differ, one line each: "compiler: the plugin has gcc-11,
/// linkferry has gcc-12".
std::string compare_fingerprints(std::string_view of_plugin, std::string_view of_host);

}  // namespace linkferry
