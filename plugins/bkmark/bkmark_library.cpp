#include "bkmark/bkmark_library.hpp"

#include <functional>
#include <mutex>

#include "bkmark/bkmark_text.hpp"

namespace linkferry::bkmark {
namespace {

std::uint64_t hash_of(Text text) { return std::hash<Text>()(text); }

}  // namespace

void UrlIndex::add(Text url, std::string id) {
  const Text address = trimmed(url);
  if (address.empty()) return;
  loose_.emplace(hash_of(loose_key(address)), id);
  exact_.emplace(hash_of(address), std::move(id));
}

void UrlIndex::erase(Ids& ids, std::uint64_t key, const std::string& id) {
  const auto [first, last] = ids.equal_range(key);
  for (auto entry = first; entry != last; ++entry) {
    if (entry->second != id) continue;
    ids.erase(entry);
    return;
  }
}

void UrlIndex::remove(Text url, const std::string& id) {
  const Text address = trimmed(url);
  if (address.empty()) return;
  erase(exact_, hash_of(address), id);
  erase(loose_, hash_of(loose_key(address)), id);
}

std::optional<std::string> UrlIndex::find_exact(Text url) const {
  const auto found = exact_.find(hash_of(trimmed(url)));
  if (found == exact_.end()) return {};
  return found->second;
}

std::optional<std::string> UrlIndex::find(Text url) const {
  if (auto exact = find_exact(url)) return exact;
  const auto [first, last] = loose_.equal_range(hash_of(loose_key(url)));
  if (first == last || std::next(first) != last) return {};
  return first->second;
}

void Library::learn(const Record& record) {
  for (const Group& group : record.groups) groups_.learn(group.id, group.name);
  Held held{facts_of(record, names_), kind_of(record.type), record.created};
  const std::unique_lock lock(mutex_);
  const auto [place, is_new] = held_.insert_or_assign(std::string(record.id), std::move(held));
  if (is_new) urls_.add(record.url, place->first);
}

void Library::change(const std::string& id, Facts facts) {
  const std::unique_lock lock(mutex_);
  if (const auto found = held_.find(id); found != held_.end())
    found->second.facts = std::move(facts);
}

void Library::forget(const std::string& id, Text url) {
  const std::unique_lock lock(mutex_);
  if (held_.erase(id) > 0) urls_.remove(url, id);
}

std::optional<Library::Held> Library::find(const std::string& id) const {
  const std::shared_lock lock(mutex_);
  const auto found = held_.find(id);
  if (found == held_.end()) return {};
  return found->second;
}

std::optional<std::string> Library::find_url(Text url) const {
  const std::shared_lock lock(mutex_);
  return urls_.find(url);
}

std::optional<std::string> Library::find_exact_url(Text url) const {
  const std::shared_lock lock(mutex_);
  return urls_.find_exact(url);
}

std::size_t Library::size() const {
  const std::shared_lock lock(mutex_);
  return held_.size();
}

}  // namespace linkferry::bkmark
