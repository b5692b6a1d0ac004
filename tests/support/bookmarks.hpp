#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry::test {

/// Makes bookmarks whose texts and lists live as long as this object.
class BookmarkMaker {
 public:
  Bookmark link(Text url, Text title = {}) {
    Bookmark bookmark;
    bookmark.url = arena_.copy(url);
    bookmark.title = arena_.copy(title);
    return bookmark;
  }
  std::span<const Text> texts(std::initializer_list<Text> list) {
    std::vector<Text> copies;
    for (const Text text : list) copies.push_back(arena_.copy(text));
    return arena_.copy(std::span<const Text>(copies));
  }
  /// `{{"A", "B"}, {"C"}}`: in the folder B of A, and in C.
  std::span<const FolderPath> folders(std::initializer_list<std::initializer_list<Text>> list) {
    std::vector<FolderPath> paths;
    for (const auto& path : list) paths.push_back(texts(path));
    return arena_.copy(std::span<const FolderPath>(paths));
  }
  std::span<const Attribute> extra(std::initializer_list<Attribute> list) {
    return arena_.copy(std::span<const Attribute>(list.begin(), list.size()));
  }
  Arena& arena() { return arena_; }

 private:
  Arena arena_;
};

inline std::vector<std::string> as_strings(std::span<const Text> texts) {
  return {texts.begin(), texts.end()};
}

inline std::vector<std::vector<std::string>> as_strings(std::span<const FolderPath> paths) {
  std::vector<std::vector<std::string>> all;
  for (const FolderPath path : paths) all.push_back(as_strings(path));
  return all;
}

}  // namespace linkferry::test
