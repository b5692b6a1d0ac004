#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry::common {

/// The open lists of a Netscape file: which folders we are in.
///
/// A list belongs to the folder named before it, or, without one, to the folder around it. Memory
/// is bounded by `max_folder_depth` names, `max_path_bytes` in all; lists that open no folder are
/// only counted.
class NetscapeLevels {
 public:
  static constexpr std::size_t max_path_bytes = 1024 * 1024;

  /// Whether a folder of that name can be opened here.
  bool has_room_for(Text name) const {
    return path_.size() < max_folder_depth && path_bytes_ + name.size() <= max_path_bytes;
  }

  /// A folder's name was read: the next list is its content.
  void name_next(Text name);
  /// … but it cannot be opened: the content stays in the folder around it.
  void leave_next_unnamed() { has_name_ = false; }

  void open();
  void close();

  /// The current path, in the arena of the batch; the same list as long as nothing changes.
  /// Lifetime: the arena's.
  FolderPath path(Arena& arena);
  /// The path of a folder in the current one.
  FolderPath path_with(Text name, Arena& arena);
  /// The current path as the list that `Bookmark::folders` wants.
  std::span<const FolderPath> folders(Arena& arena) {
    if (!is_in_arena_) copy_names(arena);
    return folders_;
  }
  /// Another batch begins: nothing handed out before is used again.
  void forget_arena() {
    names_.clear();
    is_in_arena_ = false;
  }

  /// Everything as text, for a checkpoint.
  void save(std::string& out) const;
  /// Takes what `save` wrote off the front of `text`; false when it is something else, and then
  /// nothing has changed.
  bool load(std::string_view& text);

 private:
  void copy_names(Arena& arena);

  std::vector<std::string> path_;
  std::vector<std::uint64_t> unnamed_{
      0};  ///< open lists without a folder, in the root and in each folder of the path
  std::string next_name_;
  bool has_name_ = false;
  std::size_t path_bytes_ = 0;

  std::vector<Text> names_;  ///< copies of the path's names, made when first needed
  FolderPath in_arena_;
  std::span<const FolderPath> folders_;
  bool is_in_arena_ = false;
};

}  // namespace linkferry::common
