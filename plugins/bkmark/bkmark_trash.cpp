#include "bkmark/bkmark_trash.hpp"

#include "bkmark/bkmark_walk.hpp"

namespace linkferry::bkmark {

void Trash::load(std::stop_token stop) {
  if (is_loaded_) return;
  urls_.clear();
  ids_.clear();
  const auto take = [this](common::JsonValue item) {
    std::string id = item.member("id").string();
    if (!ids_.insert(id).second) return;
    urls_.add(item.member("url").string(), std::move(id));
  };
  for_each_in_trash(api_, largest_page, take, stop);
  is_loaded_ = true;
}

std::optional<std::string> Trash::find_exact(Text url, std::stop_token stop) {
  const std::lock_guard lock(mutex_);
  load(stop);
  return urls_.find_exact(url);
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

void Trash::add(Text url, const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (is_loaded_ && ids_.insert(id).second) urls_.add(url, id);
}

void Trash::forget(Text url, const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (ids_.erase(id) > 0) urls_.remove(url, id);
}

}  // namespace linkferry::bkmark
