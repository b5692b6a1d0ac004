#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/endpoint.hpp"
#include "config/job.hpp"

namespace linkferry {

/// What a configuration has to know about a plugin.
struct PluginFacts {
  std::string_view options_schema;  ///< JSON Schema of the options, without `plugin`
  bool is_source = false;
  bool is_sink = false;
};

/// Where a configuration asks about plugins.
class PluginDirectory {
 public:
  virtual ~PluginDirectory() = default;
  virtual std::vector<std::string> names() = 0;
  /// `name` is one of `names()`. Errors: Failure, when it cannot be loaded. Lifetime: of the
  /// directory.
  virtual PluginFacts facts(const std::string& name) = 0;
};

/// A config file, checked.
struct Config {
  std::filesystem::path file;
  std::vector<Endpoint> endpoints;
  std::vector<Job> jobs;  ///< in the order of the file

  /// Null where there is none.
  const Endpoint* find_endpoint(std::string_view name) const;
  /// Errors: Failure usage with the nearest known name.
  const Job& job(const std::string& name) const;
};

/// Reads and checks a config file.
/// Errors: Failure input when it cannot be read; ConfigFailure with everything that is wrong with
/// it, in the order of its lines: broken YAML, keys and values that do not fit the schema, unknown
/// plugins and endpoints, options that do not fit their plugin, endpoints that cannot be read or
/// written, reports of an unknown ending.
Config load_config(const std::filesystem::path& file, PluginDirectory& plugins);

/// The same of a text. `origin` is what messages call the file; relative paths start from `base`.
Config read_config(const std::string& text, const std::string& origin,
                   const std::filesystem::path& base, PluginDirectory& plugins);

/// Adds to `problems` what is wrong with the options of one endpoint. `path` is what messages call
/// it.
void check_options(const ConfigNode& options, const PluginFacts& plugin,
                   const std::string& plugin_name, const std::string& path, Position position,
                   std::vector<Problem>& problems);

}  // namespace linkferry
