#include <fmt/format.h>

#include <algorithm>

#include "host/plugin_catalog.hpp"
#include "linkferry/failure.hpp"

namespace linkferry {
namespace {

namespace fs = std::filesystem;

void append(std::vector<fs::path>& folders, const fs::path& folder) {
  std::error_code error;
  const fs::path canonical = fs::canonical(folder, error);
  if (error || !fs::is_directory(canonical, error)) return;
  if (std::ranges::find(folders, canonical) == folders.end()) folders.push_back(canonical);
}

/// Rationale: a relative entry in the environment would follow the user into any folder, where an
/// archive somebody unpacked could put a plugin. A flag is typed for this one call.
void append_from_environment(std::vector<fs::path>& folders, const fs::path& folder) {
  if (!folder.is_absolute()) {
    throw Failure(FailureKind::usage,
                  fmt::format("LINKFERRY_PLUGIN_PATH: \"{}\" is a relative path; give the plugin "
                              "folder as an absolute path",
                              folder.string()));
  }
  append(folders, folder);
}

fs::path folder_of_program() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path{} : program.parent_path();
}

}  // namespace

std::vector<fs::path> plugin_folders(const std::vector<std::string>& from_flags,
                                     std::string_view from_environment) {
  std::vector<fs::path> folders;
  for (const auto& folder : from_flags) append(folders, fs::absolute(folder));
  while (!from_environment.empty()) {
    const std::size_t end = std::min(from_environment.find(':'), from_environment.size());
    const std::string_view entry = from_environment.substr(0, end);
    if (!entry.empty()) append_from_environment(folders, entry);
    from_environment.remove_prefix(std::min(end + 1, from_environment.size()));
  }
  if (const fs::path program = folder_of_program(); !program.empty()) {
    append(folders, program / "plugins");
    // An installation that was moved as a whole: the same way from bin to lib as it was built with.
    append(folders, program / LINKFERRY_BIN_TO_PLUGINS);
  }
  append(folders, LINKFERRY_PLUGIN_LIBDIR);
  return folders;
}

}  // namespace linkferry
