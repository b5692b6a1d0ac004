#include "bkmark/bkmark_groups.hpp"

#include <algorithm>
#include <mutex>

namespace linkferry::bkmark {
namespace {

std::string join(const auto& names) {
  std::string text;
  for (const auto& name : names) {
    if (!text.empty()) text += '/';
    text += name;
  }
  return text;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('/', start), text.size());
    if (end > start) names.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return names;
}

}  // namespace

std::string joined(FolderPath path) { return join(path); }

Groups::Groups(const std::vector<std::pair<std::string, std::string>>& named) {
  for (const auto& [text, id] : named) {
    const auto path = split(text);
    if (path.empty()) continue;
    paths_.try_emplace(id, path);
    ids_.try_emplace(join(path), id);
  }
}

void Groups::learn(Text id, Text name) {
  if (id.empty() || name.empty()) return;
  {
    const std::shared_lock lock(mutex_);
    if (paths_.contains(std::string(id))) return;
  }
  const std::unique_lock lock(mutex_);
  paths_.try_emplace(std::string(id), std::vector{std::string(name)});
  ids_.try_emplace(std::string(name), id);
}

std::string Groups::text_of(const std::string& id) const {
  const std::shared_lock lock(mutex_);
  const auto found = paths_.find(id);
  return found == paths_.end() ? id : join(found->second);
}

FolderPath Groups::path_of(const std::string& id, Arena& arena) const {
  const std::shared_lock lock(mutex_);
  const auto found = paths_.find(id);
  if (found == paths_.end()) return {};
  const auto names = arena.make_array<Text>(found->second.size());
  std::ranges::transform(found->second, names.begin(), [&arena](const std::string& name) {
    return arena.copy(std::string_view(name));
  });
  return names;
}

std::optional<std::string> Groups::id_of(FolderPath path) const {
  const std::string text = joined(path);
  const std::shared_lock lock(mutex_);
  const auto found = ids_.find(text);
  if (found == ids_.end()) return {};
  return found->second;
}

std::size_t Groups::size() const {
  const std::shared_lock lock(mutex_);
  return paths_.size();
}

}  // namespace linkferry::bkmark
