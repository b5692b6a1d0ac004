#pragma once

#include <Poco/JSON/Object.h>

#include <filesystem>
#include <memory>
#include <string>

#include "config/endpoint.hpp"
#include "linkferry/settings.hpp"

namespace linkferry {

/// The options of an endpoint as its plugin sees them: the defaults of the schema are filled in,
/// options of the format `path` are absolute (`-` stays `-`).
///
/// `options_schema` is the plugin's; the options have been checked against it. It need not outlive
/// the settings. `has_authorize`: the plugin gets tokens by `linkferry auth`, for messages.
std::unique_ptr<Settings> make_settings(const Endpoint& endpoint,
                                        const Poco::JSON::Object& options_schema,
                                        bool has_authorize = false);

/// `path` from the folder `base`: `~` and `~/x` start from $HOME, `-` and absolute paths stay as
/// they are.
std::string resolve_path(const std::string& path, const std::filesystem::path& base);

/// `path` with its links followed, as far as it is there, so that two names of one place are the
/// same; as given where that fails.
std::filesystem::path real_path(const std::filesystem::path& path);

}  // namespace linkferry
