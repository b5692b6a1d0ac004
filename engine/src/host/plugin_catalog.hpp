#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "linkferry/plugin.hpp"

namespace linkferry {

/// A plugin that passed the handshake. It stays loaded until the program ends, so views into its
/// descriptor live as long. Thread: any.
struct Plugin {
  const Descriptor* descriptor = nullptr;
  std::filesystem::path file;

  std::string_view name() const { return descriptor->name; }
  bool is_source() const { return descriptor->make_source != nullptr; }
  bool is_sink() const { return descriptor->make_sink != nullptr; }
};

/// One file that could be a plugin, for `plugins list`.
struct PluginListing {
  std::string name;
  std::filesystem::path file;
  const Plugin* plugin = nullptr;  ///< null when it was refused
  std::string problem;             ///< why it was refused
};

/// A plugin and how sure it is that bytes are of its format.
struct RecognizedPlugin {
  const Plugin* plugin = nullptr;  ///< null when no plugin knows the format
  int certainty = 0;               ///< 1 to 100
};

/// Where to look for plugins, in this order: `from_flags` (`--plugin-path`), then
/// `from_environment` (the value of LINKFERRY_PLUGIN_PATH, colon separated, may be empty),
/// `plugins` in the program's folder, the library folder of the installation that the program
/// stands in, the library folder that was built in. Never the current folder. Folders that do not
/// exist are left out. A flag may be
/// relative. Errors: Failure usage for a relative folder in the environment.
std::vector<std::filesystem::path> plugin_folders(const std::vector<std::string>& from_flags,
                                                  std::string_view from_environment);

/// Finds plugins, loads them when they are asked for, and keeps them.
///
/// Making one does no I/O. Thread: any.
class PluginCatalog {
 public:
  /// `folders` are absolute; where a name is in several, the first wins.
  explicit PluginCatalog(std::vector<std::filesystem::path> folders);
  ~PluginCatalog();
  PluginCatalog(const PluginCatalog&) = delete;
  PluginCatalog& operator=(const PluginCatalog&) = delete;

  /// Loads the plugin `name` and no other; at once when it is loaded already.
  /// Errors: Failure configuration with the nearest known name and where was searched, or with the
  /// step of the handshake that failed: path, expected, found, what to do.
  const Plugin& load(std::string_view name);

  /// Loads a plugin by its path (`plugins test ./shopping.so`). Errors: as `load`.
  const Plugin& load_file(const std::filesystem::path& file);

  /// The names of all plugin files, sorted, without loading any.
  std::vector<std::string> names() const;

  /// Every plugin file, sorted by name, loaded or with the reason why not.
  std::vector<PluginListing> list();

  /// The plugin that is surest about `head`, the first 64 KiB of a file (`is_whole`: all of it).
  /// Loads all plugins; those that cannot be loaded are passed over and stand in `problems`. Of
  /// equally sure ones the first by name.
  RecognizedPlugin recognize(std::string_view head, bool is_whole);

  /// The sinks that write files with this ending (".html"; case does not count): those first whose
  /// first ending it is, then by name. More than one means that the ending does not decide. Loads
  /// all plugins.
  std::vector<const Plugin*> by_extension(std::string_view ending);

  /// What went wrong with plugins that were passed over, one message each. Thread: not while
  /// another one uses the catalog.
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  struct Entry;

  const Plugin* try_load(Entry& entry);
  const std::vector<std::unique_ptr<Entry>>& entries() const;
  Entry* find_entry(std::string_view name) const;

  std::vector<std::filesystem::path> folders_;
  mutable std::recursive_mutex mutex_;
  mutable std::vector<std::unique_ptr<Entry>> entries_;
  mutable bool has_searched_ = false;
  std::vector<std::unique_ptr<Plugin>> by_path_;
  std::vector<std::string> problems_;
};

}  // namespace linkferry
