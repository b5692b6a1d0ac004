#include "host/plugin_catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "config/nearest.hpp"
#include "host/guarded_call.hpp"
#include "host/plugin_library.hpp"
#include "linkferry/failure.hpp"

namespace linkferry {
namespace fs = std::filesystem;

struct PluginCatalog::Entry {
  std::string name;
  fs::path file;
  std::optional<Plugin> plugin;
  std::string problem;  ///< why it could not be loaded; "" when that was not tried or went well
};

namespace {

std::vector<fs::path> plugin_files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".so") files.push_back(it->path());
  }
  std::ranges::sort(files);
  return files;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

/// The place of `ending` among the blank separated `endings`; nothing when it is not there.
std::optional<std::size_t> place_of(std::string_view ending, std::string_view endings) {
  std::size_t place = 0;
  while (!endings.empty()) {
    const std::size_t end = std::min(endings.find(' '), endings.size());
    if (lower_case(endings.substr(0, end)) == ending) return place;
    if (end > 0) ++place;
    endings.remove_prefix(std::min(end + 1, endings.size()));
  }
  return {};
}

}  // namespace

PluginCatalog::PluginCatalog(std::vector<fs::path> folders) : folders_(std::move(folders)) {}
PluginCatalog::~PluginCatalog() = default;

const std::vector<std::unique_ptr<PluginCatalog::Entry>>& PluginCatalog::entries() const {
  if (has_searched_) return entries_;
  has_searched_ = true;
  for (const auto& folder : folders_) {
    for (const auto& file : plugin_files_in(folder)) {
      std::string name = file.stem().string();
      const auto is_same = [&](const auto& entry) { return entry->name == name; };
      if (std::ranges::any_of(entries_, is_same)) continue;
      entries_.push_back(std::make_unique<Entry>(Entry{std::move(name), file, {}, {}}));
    }
  }
  std::ranges::sort(entries_, {},
                    [](const auto& entry) -> const std::string& { return entry->name; });
  return entries_;
}

PluginCatalog::Entry* PluginCatalog::find_entry(std::string_view name) const {
  const auto& all = entries();
  const auto found =
      std::ranges::find_if(all, [&](const auto& entry) { return entry->name == name; });
  return found == all.end() ? nullptr : found->get();
}

const Plugin& PluginCatalog::load(std::string_view name) {
  const std::lock_guard lock(mutex_);
  Entry* entry = find_entry(name);
  if (entry == nullptr) {
    std::string searched;
    for (const auto& folder : folders_) searched += fmt::format("\n  {}", folder.string());
    if (folders_.empty()) searched = " no folder: none of those with plugins is there";
    throw Failure(FailureKind::configuration,
                  fmt::format("there is no plugin \"{}\"{}; searched:{}", name,
                              did_you_mean(name, names()), searched));
  }
  if (const Plugin* plugin = try_load(*entry)) return *plugin;
  throw Failure(FailureKind::configuration, entry->problem);
}

const Plugin& PluginCatalog::load_file(const fs::path& file) {
  const std::lock_guard lock(mutex_);
  for (const auto& loaded : by_path_) {
    if (loaded->file == file) return *loaded;
  }
  const Descriptor& descriptor = load_plugin_library(file);
  by_path_.push_back(std::make_unique<Plugin>(Plugin{&descriptor, file}));
  return *by_path_.back();
}

const Plugin* PluginCatalog::try_load(Entry& entry) {
  if (entry.plugin) return &*entry.plugin;
  if (!entry.problem.empty()) return nullptr;
  try {
    entry.plugin = Plugin{&load_plugin_library(entry.file), entry.file};
    return &*entry.plugin;
  } catch (const Failure& failure) {
    entry.problem = failure.what();
    problems_.push_back(entry.problem);
    return nullptr;
  }
}

std::vector<std::string> PluginCatalog::names() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& entry : entries()) names.push_back(entry->name);
  return names;
}

std::vector<PluginListing> PluginCatalog::list() {
  const std::lock_guard lock(mutex_);
  std::vector<PluginListing> listings;
  for (const auto& entry : entries()) {
    const Plugin* plugin = try_load(*entry);
    listings.push_back({entry->name, entry->file, plugin, entry->problem});
  }
  return listings;
}

RecognizedPlugin PluginCatalog::recognize(std::string_view head, bool is_whole) {
  const std::lock_guard lock(mutex_);
  RecognizedPlugin best;
  for (const auto& entry : entries()) {
    const Plugin* plugin = try_load(*entry);
    if (plugin == nullptr || plugin->descriptor->recognize == nullptr) continue;
    const int certainty = guarded_call(plugin->descriptor->name, "recognize", [&] {
      return plugin->descriptor->recognize(head, is_whole);
    });
    if (certainty > best.certainty) best = {plugin, std::min(certainty, 100)};
  }
  return best;
}

std::vector<const Plugin*> PluginCatalog::by_extension(std::string_view ending) {
  const std::lock_guard lock(mutex_);
  const std::string wanted = lower_case(ending);
  std::vector<std::pair<std::size_t, const Plugin*>> found;
  for (const auto& entry : entries()) {
    const Plugin* plugin = try_load(*entry);
    if (plugin == nullptr || !plugin->is_sink() || plugin->descriptor->extensions == nullptr)
      continue;
    if (const auto place = place_of(wanted, plugin->descriptor->extensions))
      found.emplace_back(*place, plugin);
  }
  std::ranges::stable_sort(found, {}, [](const auto& one) { return one.first; });
  std::vector<const Plugin*> plugins;
  for (const auto& one : found) plugins.push_back(one.second);
  return plugins;
}

}  // namespace linkferry
