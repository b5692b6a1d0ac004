#pragma once

#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry::bkmark {

/// Which folder is which group. Bkmark's API has no list of groups: they are learnt from the
/// bookmarks that stand in them, or named by the option `groups`.
///
/// A group is the folder of its name, one level deep, whatever is in the name; one that the option
/// names is at the path that the option gives it. Thread: any.
class Groups {
 public:
  Groups() = default;
  /// The option `groups`: pairs of `Name or/Path` and id.
  explicit Groups(const std::vector<std::pair<std::string, std::string>>& named);

  void learn(Text id, Text name);

  /// The path of a group in one text, with slashes; its name where only that is known.
  std::string text_of(const std::string& id) const;
  /// Its path. Lifetime: the arena.
  FolderPath path_of(const std::string& id, Arena& arena) const;
  /// The id of the group at a path; nothing where none is known.
  std::optional<std::string> id_of(FolderPath path) const;
  std::size_t size() const;

 private:
  mutable std::shared_mutex mutex_;
  std::map<std::string, std::vector<std::string>> paths_;  ///< by id
  std::map<std::string, std::string> ids_;                 ///< by path in one text
};

/// A path in one text, with slashes.
std::string joined(FolderPath path);

}  // namespace linkferry::bkmark
