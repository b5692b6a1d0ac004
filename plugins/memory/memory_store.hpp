#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry::memory {

/// A copy of a bookmark with everything it points to, but its origin. Lifetime: the arena.
Bookmark copy_whole(const Bookmark& bookmark, Arena& arena);

/// One bookmark that the store holds, with the memory for its texts. It is never changed, only
/// replaced.
class StoredBookmark {
 public:
  StoredBookmark(std::string id, const Bookmark& bookmark)
      : id_(std::move(id)), bookmark_(copy_whole(bookmark, arena_)) {}

  const std::string& id() const { return id_; }
  const Bookmark& bookmark() const { return bookmark_; }

 private:
  std::string id_;
  Arena arena_;
  Bookmark bookmark_;
};

using StoredBookmarks = std::vector<std::shared_ptr<const StoredBookmark>>;

/// What stands in for a service: bookmarks in the order in which they came, each with an id of its
/// own. Thread: every function may be called from any thread.
class Store {
 public:
  /// The store of this name, the same for all endpoints of the process; empty at first.
  static Store& named(const std::string& name);

  /// All of them as they are now; what happens later does not show in it.
  StoredBookmarks all() const;

  /// Returns the id of the new one.
  std::string add(const Bookmark& bookmark);
  /// False when there is none of this id.
  bool replace(std::string_view id, const Bookmark& bookmark);
  bool remove(std::string_view id);

  /// Puts these in the place of everything.
  void replace_all(StoredBookmarks bookmarks);
  std::string make_id();

 private:
  StoredBookmarks::iterator find(std::string_view id);

  mutable std::mutex mutex_;
  StoredBookmarks bookmarks_;
  std::uint64_t last_id_ = 0;
};

}  // namespace linkferry::memory
