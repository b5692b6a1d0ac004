#pragma once

#include <filesystem>
#include <string>

#include "cli/peeking_host.hpp"
#include "config/config.hpp"
#include "host/plugin_catalog.hpp"

namespace linkferry {

/// The plugins of a catalog, for the configuration.
class CatalogDirectory final : public PluginDirectory {
 public:
  explicit CatalogDirectory(PluginCatalog& catalog) : catalog_(catalog) {}
  std::vector<std::string> names() override { return catalog_.names(); }
  PluginFacts facts(const std::string& name) override;

 private:
  PluginCatalog& catalog_;
};

PluginFacts facts_of(const Plugin& plugin);

/// Makes endpoints of the arguments of `copy`. The name of an endpoint is its path as it was given.
class EndpointFinder {
 public:
  /// Everything lent outlives this. `folder` is what relative paths start from; absolute.
  EndpointFinder(PluginCatalog& catalog, PeekingHost& host, std::filesystem::path folder)
      : catalog_(catalog), host_(host), folder_(std::move(folder)) {}

  /// Without a plugin's name, the one that recognizes the content.
  /// Errors: Failure input when the file cannot be read, configuration when no plugin knows what is
  /// in it (saying what it looks like), usage for options that the plugin does not have.
  Endpoint find_source(const std::string& argument);

  /// Without a plugin's name, the one that recognizes the content of a file that exists, else by
  /// the ending. Errors: as above; usage when the ending is unknown or several plugins write it,
  /// naming them.
  Endpoint find_sink(const std::string& argument);

 private:
  Endpoint make_endpoint(const std::string& argument, const std::string& path, const Plugin& plugin,
                         const std::vector<std::pair<std::string, std::string>>& options);
  const Plugin& recognize(const std::string& argument, const std::string& path);
  void refuse_unknown_plugin(const std::string& argument);
  void require_folder_of(const std::string& argument, const std::string& path);
  const Plugin& by_ending(const std::string& argument);
  [[noreturn]] void fail_missing(const std::string& argument);

  PluginCatalog& catalog_;
  PeekingHost& host_;
  std::filesystem::path folder_;
};

/// What bytes look like, in words, for a file that no plugin knows: "an empty file", "a PNG image",
/// "HTML without bookmarks".
std::string describe_content(std::string_view head);

}  // namespace linkferry
