#pragma once

#include <algorithm>

#include "linkferry/bookmark.hpp"

namespace linkferry::test {

inline bool is_same(Text a, Text b) { return is_present(a) == is_present(b) && a == b; }

inline bool is_same(const Timestamp& a, const Timestamp& b) {
  return a == b && (!a.is_known() || a.precision == b.precision);
}

inline bool is_same(const Highlight& a, const Highlight& b) {
  return is_same(a.text, b.text) && is_same(a.note, b.note) && is_same(a.color, b.color) &&
         is_same(a.created_at, b.created_at);
}

inline bool is_same(const Media& a, const Media& b) {
  return is_same(a.url, b.url) && is_same(a.kind, b.kind) &&
         is_same(a.description, b.description) && is_same(a.name, b.name);
}

inline bool is_same(const Attribute& a, const Attribute& b) {
  return is_same(a.name, b.name) && is_same(a.value, b.value);
}

template <class T>
bool is_same(std::span<const T> a, std::span<const T> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const T& x, const T& y) { return is_same(x, y); });
}

inline bool is_same(const Post* a, const Post* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return is_same(a->uri, b->uri) && is_same(a->author, b->author) &&
         is_same(a->author_url, b->author_url) && is_same(a->html, b->html) &&
         is_same(a->content_warning, b->content_warning) && is_same(a->visibility, b->visibility) &&
         is_same(a->edited_at, b->edited_at);
}

/// Whether two bookmarks say the same in every field, precision of dates and absent or empty
/// included.
inline bool is_same(const Bookmark& a, const Bookmark& b) {
  return is_same(a.url, b.url) && is_same(a.title, b.title) &&
         is_same(a.description, b.description) && is_same(a.notes, b.notes) &&
         is_same(a.tags, b.tags) && is_same(a.folders, b.folders) &&
         is_same(a.created_at, b.created_at) && is_same(a.modified_at, b.modified_at) &&
         is_same(a.read_at, b.read_at) && is_same(a.visited_at, b.visited_at) &&
         a.unread == b.unread && a.favorite == b.favorite && a.archived == b.archived &&
         a.shared == b.shared && a.kind == b.kind && is_same(a.language, b.language) &&
         is_same(a.icon, b.icon) && is_same(a.cover_url, b.cover_url) &&
         is_same(a.keyword, b.keyword) && is_same(a.highlights, b.highlights) &&
         is_same(a.media, b.media) && is_same(a.post, b.post) && is_same(a.extra, b.extra);
}

inline bool is_same(const Folder& a, const Folder& b) {
  return a.type == b.type && is_same(a.path, b.path) && is_same(a.title, b.title) &&
         is_same(a.description, b.description) && is_same(a.created_at, b.created_at) &&
         is_same(a.modified_at, b.modified_at) && a.role == b.role && is_same(a.extra, b.extra);
}

}  // namespace linkferry::test
