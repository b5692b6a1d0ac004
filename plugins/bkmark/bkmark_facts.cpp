#include "bkmark/bkmark_facts.hpp"

#include <algorithm>
#include <functional>
#include <mutex>

#include "bkmark/bkmark_text.hpp"

namespace linkferry::bkmark {
namespace {

std::uint64_t hash_of(Text text) { return std::hash<Text>()(trimmed(text)); }

void sort_once(std::vector<std::uint32_t>& numbers) {
  std::ranges::sort(numbers);
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

}  // namespace

std::uint32_t Names::number_of(Text name) {
  const std::string key(name);
  {
    const std::shared_lock lock(mutex_);
    if (const auto found = numbers_.find(key); found != numbers_.end()) return found->second;
  }
  const std::unique_lock lock(mutex_);
  const auto [place, is_new] = numbers_.try_emplace(key, static_cast<std::uint32_t>(names_.size()));
  if (is_new) names_.push_back(key);
  return place->second;
}

std::string Names::name_of(std::uint32_t number) const {
  const std::shared_lock lock(mutex_);
  return names_.at(number);
}

Facts facts_of(const Record& record, Names& names) {
  Facts facts;
  facts.title = hash_of(record.title);
  facts.description = hash_of(record.description);
  facts.is_favorite = record.is_favorite;
  facts.is_archived = record.is_archived;
  facts.is_read = record.is_read;
  if (!is_unknown_read(record.read_at)) facts.read_at = record.read_at;
  for (const Tag& tag : record.tags)
    if (const Text name = trimmed(tag.name); !name.empty())
      facts.tags.push_back(names.number_of(name));
  for (const Group& group : record.groups) facts.groups.push_back(names.number_of(group.id));
  sort_once(facts.tags);
  sort_once(facts.groups);
  return facts;
}

Facts facts_of(const Bookmark& wanted, const std::vector<std::uint32_t>& held_groups,
               const Groups& groups, Names& names, Arena& arena) {
  Facts facts;
  facts.title = hash_of(wanted.title);
  facts.description = hash_of(combine_notes(wanted.description, wanted.notes, arena));
  facts.is_favorite = wanted.favorite == Flag::yes;
  facts.is_archived = wanted.archived == Flag::yes;
  facts.is_read = wanted.unread == Flag::no;
  if (facts.is_read) facts.read_at = wanted.read_at;
  for (const Text tag : wanted.tags) facts.tags.push_back(names.number_of(tag));
  for (const FolderPath path : wanted.folders) {
    const std::string text = joined(path);
    const std::size_t before = facts.groups.size();
    for (const std::uint32_t held : held_groups)
      if (groups.text_of(names.name_of(held)) == text) facts.groups.push_back(held);
    if (facts.groups.size() > before) continue;
    if (const auto id = groups.id_of(path)) facts.groups.push_back(names.number_of(*id));
  }
  sort_once(facts.tags);
  sort_once(facts.groups);
  return facts;
}

std::string Differences::in_words() const {
  std::string words;
  const auto add = [&words](bool is_one, const char* word) {
    if (is_one) words.append(words.empty() ? "" : ", ").append(word);
  };
  add(title, "title");
  add(description, "description");
  add(favorite, "isFavorite");
  add(archived, "isArchived");
  add(read, "readAt");
  add(tags, "tags");
  add(groups, "groups");
  return words;
}

Differences compare(const Facts& held, const Facts& wanted) {
  Differences d;
  d.title = held.title != wanted.title;
  d.description = held.description != wanted.description;
  d.favorite = held.is_favorite != wanted.is_favorite;
  d.archived = held.is_archived != wanted.is_archived;
  // A date that nobody knows is no reason to touch one that is known.
  d.read = held.is_read != wanted.is_read ||
           (wanted.read_at.is_known() && !(held.read_at == wanted.read_at));
  d.tags = held.tags != wanted.tags;
  d.groups = held.groups != wanted.groups;
  return d;
}

std::optional<std::vector<std::uint32_t>> added_tags(const Facts& held, const Facts& wanted) {
  if (!std::ranges::includes(wanted.tags, held.tags)) return {};
  std::vector<std::uint32_t> added;
  std::ranges::set_difference(wanted.tags, held.tags, std::back_inserter(added));
  if (added.empty()) return {};
  return added;
}

}  // namespace linkferry::bkmark
