#include "bkmark/bkmark_trash.hpp"

#include "bkmark/bkmark_text.hpp"
#include "bkmark/bkmark_walk.hpp"

namespace linkferry::bkmark {
namespace {

/// By what a note is known again.
std::string note_key(Kind kind, Text title, Text whole_description) {
  std::string key(name_of(kind));
  key.append(1, '\0').append(trimmed(title)).append(1, '\0').append(trimmed(whole_description));
  return key;
}

std::string note_key(const Bookmark& b) {
  Arena arena;
  return note_key(b.kind, b.title, combine_notes(b.description, b.notes, arena));
}

}  // namespace

void Trash::load(std::stop_token stop) {
  if (is_loaded_) return;
  urls_.clear();
  ids_.clear();
  notes_.clear();
  const auto take = [this](common::JsonValue item) {
    std::string id = item.member("id").string();
    if (!ids_.insert(id).second) return;
    const std::string url = item.member("url").string();
    if (trimmed(url).empty()) {
      notes_[note_key(kind_of(item.member("type").string()), item.member("title").string(),
                      item.member("description").string())] = id;
    }
    urls_.add(url, std::move(id));
  };
  for_each_in_trash(api_, largest_page, take, stop);
  is_loaded_ = true;
}

std::optional<std::string> Trash::find_exact(const Bookmark& bookmark, std::stop_token stop) {
  const std::lock_guard lock(mutex_);
  load(stop);
  if (!bookmark.url.empty()) return urls_.find_exact(bookmark.url);
  const auto found = notes_.find(note_key(bookmark));
  if (found == notes_.end()) return {};
  return found->second;
}

std::optional<std::string> Trash::find(Text url, std::stop_token stop) {
  const std::lock_guard lock(mutex_);
  load(stop);
  return urls_.find(url);
}

bool Trash::contains(const std::string& id, std::stop_token stop) {
  const std::lock_guard lock(mutex_);
  load(stop);
  return ids_.contains(id);
}

void Trash::expire() {
  const std::lock_guard lock(mutex_);
  is_loaded_ = false;
}

void Trash::add(const Bookmark& bookmark, const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (!is_loaded_ || !ids_.insert(id).second) return;
  if (bookmark.url.empty()) notes_[note_key(bookmark)] = id;
  urls_.add(bookmark.url, id);
}

void Trash::forget(const Bookmark& bookmark, const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (ids_.erase(id) == 0) return;
  urls_.remove(bookmark.url, id);
  std::erase_if(notes_, [&id](const auto& note) { return note.second == id; });
}

}  // namespace linkferry::bkmark
