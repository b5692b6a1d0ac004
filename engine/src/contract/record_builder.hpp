#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "contract/record_set.hpp"

namespace linkferry::contract {

inline FolderPath copy_path(Arena& arena, std::initializer_list<std::string_view> names) {
  const auto path = arena.make_array<Text>(names.size());
  std::size_t i = 0;
  for (const auto name : names) path[i++] = arena.copy(name);
  return path;
}

/// Fills in one record of a set: adds one, or goes on with the last.
class RecordBuilder {
 public:
  RecordBuilder(RecordSet& set, std::string name) : set_(set) {
    set.records.push_back({std::move(name), {}});
  }
  explicit RecordBuilder(RecordSet& set) : set_(set) {}

  Bookmark* operator->() { return &bookmark(); }
  Text copy(std::string_view text) { return set_.arena.copy(text); }

  RecordBuilder& url(std::string_view text) { return set(&Bookmark::url, text); }
  RecordBuilder& title(std::string_view text) { return set(&Bookmark::title, text); }
  RecordBuilder& description(std::string_view text) { return set(&Bookmark::description, text); }
  RecordBuilder& notes(std::string_view text) { return set(&Bookmark::notes, text); }
  RecordBuilder& created(Timestamp time) {
    bookmark().created_at = time;
    return *this;
  }
  RecordBuilder& tags(const std::vector<std::string>& tags) {
    const auto copies = set_.arena.make_array<Text>(tags.size());
    for (std::size_t i = 0; i < tags.size(); ++i) copies[i] = copy(tags[i]);
    bookmark().tags = copies;
    return *this;
  }
  /// Adds a folder.
  RecordBuilder& folder(FolderPath path) {
    const auto all = set_.arena.make_array<FolderPath>(bookmark().folders.size() + 1);
    for (std::size_t i = 0; i < bookmark().folders.size(); ++i) all[i] = bookmark().folders[i];
    all.back() = path;
    bookmark().folders = all;
    return *this;
  }
  RecordBuilder& folder(std::initializer_list<std::string_view> names) {
    return folder(copy_path(set_.arena, names));
  }
  template <class T>
  std::span<const T> list(std::initializer_list<T> items) {
    return set_.arena.copy(std::span<const T>(items.begin(), items.size()));
  }

 private:
  Bookmark& bookmark() { return set_.records.back().bookmark; }
  RecordBuilder& set(Text Bookmark::*field, std::string_view text) {
    bookmark().*field = copy(text);
    return *this;
  }

  RecordSet& set_;
};

}  // namespace linkferry::contract
