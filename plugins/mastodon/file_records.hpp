#pragma once

#include <string>
#include <string_view>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

/// What Mastodon's files say of a post: its uri.
namespace linkferry::mastodon {

/// What a source over a file adds to what stands in it.
struct FileRules {
  std::string endpoint;
  std::string bookmark_tag;   ///< for what is bookmarked; empty: none
  std::string favourite_tag;  ///< for what is a favourite; empty: none
};

/// The post of this uri, which must live as long as `arena`.
inline Bookmark make_post(Text uri, Arena& arena) {
  Post& post = arena.make_array<Post>(1).front();
  post.uri = uri;
  Bookmark bookmark;
  bookmark.url = uri;
  bookmark.kind = Kind::post;
  bookmark.post = &post;
  return bookmark;
}

/// A list of one tag; of none where it is empty.
inline std::span<const Text> one_tag(const std::string& tag, Arena& arena) {
  if (tag.empty()) return {};
  const auto tags = arena.make_array<Text>(1);
  tags[0] = arena.copy(tag);
  return tags;
}

/// Of the records of one list. `list` must outlive it, as literals do.
inline Origin make_origin(std::string_view endpoint, Text list, Arena& arena) {
  Origin origin;
  origin.plugin = "mastodon";
  origin.endpoint = arena.copy(endpoint);
  origin.list = list;
  return origin;
}

}  // namespace linkferry::mastodon
