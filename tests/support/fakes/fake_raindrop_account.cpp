#include "support/fakes/fake_raindrop_account.hpp"

#include <algorithm>
#include <chrono>

namespace linkferry::test {

std::string raindrop_key(std::string_view url) {
  const std::size_t colon = url.find("://");
  std::string_view rest = colon == std::string_view::npos ? url : url.substr(colon + 3);
  rest = rest.substr(0, rest.find('#'));
  while (rest.ends_with('/')) rest.remove_suffix(1);
  std::string key(rest);
  const std::size_t host = std::min(key.find('/'), key.size());
  std::transform(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(host), key.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return key.starts_with("www.") ? key.substr(4) : key;
}

Milliseconds RaindropAccount::now() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  // No two changes at the same moment.
  last_now_ =
      std::max(last_now_ + 1,
               std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count() - age);
  return last_now_;
}

void RaindropAccount::set_highlights(RaindropRow& row,
                                     const std::vector<RaindropHighlight>& changes) {
  for (const RaindropHighlight& change : changes) {
    auto& all = row.highlights;
    const auto held = std::find_if(all.begin(), all.end(), [&](const RaindropHighlight& other) {
      return !change.id.empty() && other.id == change.id;
    });
    if (held != all.end() && change.text.empty()) {
      all.erase(held);
    } else if (held != all.end()) {
      held->text = change.text;
      held->note = change.note;
      held->color = change.color;
    } else if (!change.text.empty()) {
      all.push_back(change);
      all.back().id = "64f" + std::to_string(next_id_++);
      all.back().created = now();
    }
  }
}

void RaindropAccount::set(RaindropRow& row, const Fields& fields) {
  if (fields.link) {
    row.link = *fields.link;
    if (rewrites_links && row.link.starts_with("http://")) row.link.insert(4, 1, 's');
    by_key_.emplace(raindrop_key(row.link), row.id);
  }
  if (fields.title) row.title = *fields.title;
  if (fields.excerpt) row.excerpt = *fields.excerpt;
  if (fields.note) row.note = *fields.note;
  if (fields.cover) row.cover = *fields.cover;
  if (fields.type) row.type = *fields.type;
  if (fields.tags) row.tags = *fields.tags;
  if (fields.collection) row.collection = *fields.collection;
  if (fields.important) row.is_important = *fields.important;
  if (fields.created) row.created = *fields.created;
  if (fields.highlights) set_highlights(row, *fields.highlights);
  row.updated = now();
  touch();
}

RaindropRow& RaindropAccount::create(const Fields& fields) {
  RaindropRow& row = rows_[next_id_];
  row.id = next_id_++;
  row.created = now();
  set(row, fields);
  return row;
}

void RaindropAccount::update(RaindropRow& row, const Fields& fields) { set(row, fields); }

bool RaindropAccount::remove(std::int64_t id) {
  RaindropRow* const row = find(id);
  if (row == nullptr) return false;
  if (row->collection == -99) {
    rows_.erase(id);
  } else {
    row->collection = -99;
  }
  touch();
  return true;
}

RaindropRow* RaindropAccount::find(std::int64_t id) {
  const auto found = rows_.find(id);
  return found == rows_.end() ? nullptr : &found->second;
}

std::int64_t RaindropAccount::add_collection(std::string title, std::int64_t parent) {
  const std::int64_t id = next_id_++;
  collections_[id] = {id, parent, std::move(title), -id};
  touch();
  return id;
}

std::vector<const RaindropRow*> RaindropAccount::list(std::int64_t collection,
                                                      const std::string& sort) const {
  std::vector<const RaindropRow*> all;
  for (const auto& [id, row] : rows_) {
    if (collection == 0 ? row.collection != -99 : row.collection == collection) all.push_back(&row);
  }
  const bool is_descending = sort != "created";
  std::stable_sort(all.begin(), all.end(), [&](const RaindropRow* a, const RaindropRow* b) {
    return is_descending ? a->created > b->created : a->created < b->created;
  });
  return all;
}

std::vector<const RaindropRow*> RaindropAccount::same_as(const std::string& url) const {
  std::vector<const RaindropRow*> all;
  const std::string key = raindrop_key(url);
  const auto [begin, end] = by_key_.equal_range(key);
  for (auto entry = begin; entry != end; ++entry) {
    const auto row = rows_.find(entry->second);
    const bool is_held = row != rows_.end() && row->second.collection != -99;
    if (is_held && raindrop_key(row->second.link) == key) all.push_back(&row->second);
  }
  return all;
}

std::vector<const RaindropCollection*> RaindropAccount::children_of(std::int64_t parent) const {
  std::vector<const RaindropCollection*> all;
  for (const auto& [id, collection] : collections_) {
    if (collection.parent == parent) all.push_back(&collection);
  }
  return all;
}

}  // namespace linkferry::test
