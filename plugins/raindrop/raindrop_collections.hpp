#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"
#include "raindrop/raindrop_api.hpp"

namespace linkferry::raindrop {

struct Collection {
  std::int64_t id = 0;
  std::int64_t parent = 0;  ///< 0: a root
  std::string title;
  std::int64_t sort = 0;
  int access = 4;  ///< 1 read only … 4 owner; 3 and more may be written
  bool is_public = false;
  Timestamp created;
  Timestamp updated;

  bool is_writable() const { return access >= 3; }
};

/// The collections of an account, as a tree of folders.
///
/// Titles are not unique, even among siblings; those of one path are one folder here, and new
/// bookmarks go into the first of them. Thread: one at a time. Source: developer.raindrop.io,
/// Collections (read 2026-11-22).
class Collections {
 public:
  explicit Collections(Api& api) : api_(api) {}

  /// Asks for the roots and for all others: two requests. `roots_order` are ids in the person's
  /// order (`groups` of the user). Errors: Failure, as `Api::read`.
  void load(std::stop_token stop, std::vector<std::int64_t> roots_order);
  bool is_loaded() const { return is_loaded_; }

  /// The names from the root down to this collection; empty for the service's own ones and for
  /// those that are not known. Lifetime: of this object until the next `load`.
  FolderPath path_of(std::int64_t id) const;
  const Collection* find(std::int64_t id) const;

  /// Whether what is in this collection is in that folder, as a reading has it: several collections
  /// may be one folder, and one that is not listed is none. Errors: as `ensure`.
  bool is_folder(std::int64_t id, FolderPath path, std::stop_token stop);

  /// Each collection after the one it is in, in the person's order.
  std::vector<const Collection*> in_order() const;

  /// The collection of this path, which is made where there is none: each level that is missing,
  /// once. -1, Unsorted, for the empty path. Where the answer to a creation is lost it looks before
  /// it asks again. Errors: Failure; loads the collections if need be.
  std::int64_t ensure(FolderPath path, std::stop_token stop);

 private:
  using Path = std::vector<Text>;

  void take(const Answer& answer);
  void arrange();
  const Path& make_path(std::int64_t id, std::size_t depth);
  void find_deepest(std::int64_t parent, FolderPath rest, std::vector<std::int64_t>& best,
                    std::vector<std::int64_t>& way) const;
  std::optional<Collection> try_to_create(std::int64_t parent, Text title, std::string& problem,
                                          std::stop_token stop);
  std::int64_t create(std::int64_t parent, Text title, std::stop_token stop);
  const Collection* find_new(std::int64_t parent, Text title,
                             const std::vector<std::int64_t>& known) const;
  std::vector<std::int64_t> children_called(std::int64_t parent, Text title) const;

  Api& api_;
  bool is_loaded_ = false;
  std::vector<std::int64_t> roots_order_;
  std::unordered_map<std::int64_t, Collection> by_id_;
  std::unordered_map<std::int64_t, std::vector<std::int64_t>> children_;  ///< by parent, in order
  std::unordered_map<std::int64_t, Path> paths_;
  std::unordered_map<std::string, std::int64_t> ensured_;  ///< by path
};

}  // namespace linkferry::raindrop
