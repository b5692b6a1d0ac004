#include "memory/memory_store.hpp"

#include <algorithm>
#include <map>

namespace linkferry::memory {
namespace {

template <class T, class Copy>
std::span<const T> copy_list(std::span<const T> list, Arena& arena, Copy copy) {
  const std::span<T> copies = arena.make_array<T>(list.size());
  std::transform(list.begin(), list.end(), copies.begin(), copy);
  return copies;
}

}  // namespace

Bookmark copy_whole(const Bookmark& bookmark, Arena& arena) {
  const auto text = [&arena](Text given) { return arena.copy(given); };
  const auto texts = [&](std::span<const Text> list) { return copy_list(list, arena, text); };
  Bookmark copy = bookmark;
  for (Text* field : {&copy.url, &copy.title, &copy.description, &copy.notes, &copy.language,
                      &copy.icon, &copy.cover_url, &copy.keyword}) {
    *field = text(*field);
  }
  copy.tags = texts(bookmark.tags);
  copy.folders = copy_list(bookmark.folders, arena, texts);
  copy.highlights = copy_list(bookmark.highlights, arena, [&](const Highlight& given) {
    return Highlight{text(given.text), text(given.note), text(given.color), given.created_at};
  });
  copy.media = copy_list(bookmark.media, arena, [&](const Media& given) {
    return Media{text(given.url), text(given.kind), text(given.description), text(given.name)};
  });
  copy.extra = copy_list(bookmark.extra, arena, [&](const Attribute& given) {
    return Attribute{text(given.name), text(given.value)};
  });
  if (bookmark.post != nullptr) {
    Post& post = arena.make_array<Post>(1)[0];
    post = *bookmark.post;
    for (Text* field : {&post.uri, &post.author, &post.author_url, &post.html,
                        &post.content_warning, &post.visibility}) {
      *field = text(*field);
    }
    copy.post = &post;
  }
  copy.origin = nullptr;
  return copy;
}

Store& Store::named(const std::string& name) {
  static std::mutex mutex;
  static std::map<std::string, Store> stores;
  const std::lock_guard lock(mutex);
  return stores[name];
}

StoredBookmarks Store::all() const {
  const std::lock_guard lock(mutex_);
  return bookmarks_;
}

std::string Store::make_id() {
  const std::lock_guard lock(mutex_);
  return std::to_string(++last_id_);
}

std::string Store::add(const Bookmark& bookmark) {
  auto stored = std::make_shared<const StoredBookmark>(make_id(), bookmark);
  const std::lock_guard lock(mutex_);
  return bookmarks_.emplace_back(std::move(stored))->id();
}

bool Store::replace(std::string_view id, const Bookmark& bookmark) {
  auto stored = std::make_shared<const StoredBookmark>(std::string(id), bookmark);
  const std::lock_guard lock(mutex_);
  const auto found = find(id);
  if (found == bookmarks_.end()) return false;
  *found = std::move(stored);
  return true;
}

bool Store::remove(std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto found = find(id);
  if (found == bookmarks_.end()) return false;
  bookmarks_.erase(found);
  return true;
}

void Store::replace_all(StoredBookmarks bookmarks) {
  const std::lock_guard lock(mutex_);
  bookmarks_ = std::move(bookmarks);
}

StoredBookmarks::iterator Store::find(std::string_view id) {
  return std::find_if(bookmarks_.begin(), bookmarks_.end(),
                      [id](const auto& stored) { return stored->id() == id; });
}

}  // namespace linkferry::memory
