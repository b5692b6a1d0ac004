#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "config/job.hpp"
#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry {

/// A job's rules for folders, ready for use. Thread: any, once made.
class FolderMapping {
 public:
  explicit FolderMapping(const FolderRules& rules);

  bool is_identity() const { return is_identity_; }
  /// The path as the sink is to have it. New lists are in `arena`; names of the rules live as long
  /// as this object.
  FolderPath map(FolderPath path, Arena& arena) const;
  /// All paths, each once.
  std::span<const FolderPath> map(std::span<const FolderPath> paths, Arena& arena) const;
  /// Whether the folder itself goes (what is in it moves up).
  bool is_dropped(FolderPath path) const;

 private:
  struct Rule {
    std::vector<std::string> path;  ///< one name: any folder of that name; more: from the root
    std::vector<std::string> replacement;  ///< empty: the folder is dropped
  };
  const Rule* find(FolderPath path, std::size_t level) const;

  std::vector<Rule> rules_;
  bool is_identity_ = true;
};

/// A job's rules for tags, ready for use. Thread: any, once made.
class TagMapping {
 public:
  explicit TagMapping(const TagRules& rules);

  bool is_identity() const { return is_identity_; }
  /// The tags as the sink is to have them, each once, none empty; `folders` already mapped.
  std::span<const Text> map(std::span<const Text> tags, std::span<const FolderPath> folders,
                            Arena& arena) const;

 private:
  struct Split {
    std::string before;  ///< of the `*`
    std::string after;
    bool has_star = false;
    std::vector<std::string> tags;
  };
  class Output;
  void add_from_folders(std::span<const FolderPath> folders, Output& out, Arena& arena) const;
  void add(Text tag, Output& out, Arena& arena) const;
  const Split* find_split(Text tag, Text& star) const;

  TagRules rules_;
  std::unordered_map<std::string_view, Text> rename_;
  std::vector<Split> splits_;
  std::unordered_set<std::string_view> drop_;
  bool is_identity_ = true;
};

}  // namespace linkferry
