#include "raindrop/raindrop_collections.hpp"

#include <algorithm>
#include <limits>

#include "common/html_text.hpp"
#include "common/json_members.hpp"
#include "linkferry/timestamp_text.hpp"
#include "raindrop/raindrop_item.hpp"

namespace linkferry::raindrop {
namespace {

constexpr int most_attempts = 6;
/// A tree that is deeper, or runs in circles, is no tree.
constexpr std::size_t deepest = 200;
constexpr std::size_t most_collections = 20'000;

std::string line_of(Text text) {
  Arena arena;
  return std::string(common::one_line(text, arena));
}

Collection read_collection(common::JsonValue value) {
  Collection read;
  read.id = value.member("_id").number().value_or(0);
  read.title = line_of(value.member("title").string());
  read.parent = value.member("parent").member("$id").number().value_or(0);
  read.sort = value.member("sort").number().value_or(0);
  read.access = static_cast<int>(value.member("access").member("level").number().value_or(4));
  read.is_public = value.member("public").flag() == Flag::yes;
  read.created = parse_rfc3339(value.member("created").string());
  read.updated = parse_rfc3339(value.member("lastUpdate").string());
  return read;
}

std::string key_of(FolderPath path) {
  std::string key;
  for (const Text name : path) key.append(name).append(1, '\0');
  return key;
}

std::string body_of(std::int64_t parent, Text title) {
  common::JsonWriter out;
  common::JsonMembers members(out);
  members.add("title", title);
  if (parent != 0) {
    common::JsonWriter& value = members.value_of("parent");
    value.raw("{\"$id\":");
    value.raw(std::to_string(parent));
    value.raw("}");
  }
  members.end();
  return std::string(out.bytes());
}

}  // namespace

void Collections::take(const Answer& answer) {
  answer.member("items").for_each_item([this](common::JsonValue value) {
    Collection read = read_collection(value);
    if (read.id > 0 && by_id_.size() < most_collections) by_id_[read.id] = std::move(read);
  });
}

void Collections::load(std::stop_token stop, std::vector<std::int64_t> roots_order) {
  const Answer roots = api_.read("/collections", stop);
  const Answer others = api_.read("/collections/childrens", stop);
  if (!roots.member("items").is_array() || !others.member("items").is_array())
    throw api_.failure_of(roots.response, "expected the collections of Raindrop");
  roots_order_ = std::move(roots_order);
  by_id_.clear();
  ensured_.clear();
  take(roots);
  take(others);
  arrange();
  is_loaded_ = true;
}

void Collections::arrange() {
  children_.clear();
  paths_.clear();
  for (const auto& [id, collection] : by_id_) {
    const bool has_parent = collection.parent != id && by_id_.contains(collection.parent);
    children_[has_parent ? collection.parent : 0].push_back(id);
  }
  std::unordered_map<std::int64_t, std::size_t> places;
  for (std::size_t i = 0; i < roots_order_.size(); ++i) places.emplace(roots_order_[i], i);
  const auto place_of = [&](std::int64_t id) {
    const auto found = places.find(id);
    return found == places.end() ? std::numeric_limits<std::size_t>::max() : found->second;
  };
  // Children stand in descending order of `sort`; roots in that of the user's groups.
  for (auto& [parent, ids] : children_) {
    std::ranges::sort(ids, [&](std::int64_t a, std::int64_t b) {
      if (place_of(a) != place_of(b)) return place_of(a) < place_of(b);
      const std::int64_t sort_a = by_id_.at(a).sort;
      const std::int64_t sort_b = by_id_.at(b).sort;
      return sort_a != sort_b ? sort_a > sort_b : a < b;
    });
  }
  for (const auto& [id, collection] : by_id_) make_path(id, 0);
}

const Collections::Path& Collections::make_path(std::int64_t id, std::size_t depth) {
  const auto [place, is_new] = paths_.try_emplace(id);
  if (!is_new) return place->second;
  const Collection& collection = by_id_.at(id);
  Path path;
  const bool has_parent = collection.parent != id && by_id_.contains(collection.parent);
  if (has_parent && depth < deepest) path = make_path(collection.parent, depth + 1);
  if (!collection.title.empty() && path.size() < deepest) path.emplace_back(collection.title);
  return paths_[id] = std::move(path);
}

FolderPath Collections::path_of(std::int64_t id) const {
  const auto found = paths_.find(id);
  return found == paths_.end() ? FolderPath() : FolderPath(found->second);
}

const Collection* Collections::find(std::int64_t id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

bool Collections::is_folder(std::int64_t id, FolderPath path, std::stop_token stop) {
  if (id <= 0) return path.empty();
  if (!is_loaded_) load(std::move(stop), {});
  return std::ranges::equal(path_of(id), path);
}

std::vector<const Collection*> Collections::in_order() const {
  std::vector<const Collection*> all;
  std::vector<std::int64_t> next;
  const auto push_children = [&](std::int64_t parent) {
    const auto found = children_.find(parent);
    if (found != children_.end())
      next.insert(next.end(), found->second.rbegin(), found->second.rend());
  };
  push_children(0);
  while (!next.empty() && all.size() < by_id_.size()) {
    const std::int64_t id = next.back();
    next.pop_back();
    all.push_back(&by_id_.at(id));
    push_children(id);
  }
  return all;
}

std::vector<std::int64_t> Collections::children_called(std::int64_t parent, Text title) const {
  std::vector<std::int64_t> ids;
  const auto found = children_.find(parent);
  if (found == children_.end()) return ids;
  for (const std::int64_t id : found->second) {
    const Collection& child = by_id_.at(id);
    if (child.title == title && child.is_writable()) ids.push_back(id);
  }
  return ids;
}

/// Of all ways down through siblings of the same title, the one that goes furthest.
void Collections::find_deepest(std::int64_t parent, FolderPath rest,
                               std::vector<std::int64_t>& best,
                               std::vector<std::int64_t>& way) const {
  if (way.size() > best.size()) best = way;
  if (rest.empty()) return;
  const std::size_t whole = way.size() + rest.size();
  for (const std::int64_t id : children_called(parent, rest.front())) {
    way.push_back(id);
    find_deepest(id, rest.subspan(1), best, way);
    way.pop_back();
    if (best.size() == whole) return;
  }
}

std::int64_t Collections::ensure(FolderPath path, std::stop_token stop) {
  if (path.empty()) return unsorted_id;
  if (!is_loaded_) load(stop, {});
  const std::string key = key_of(path);
  if (const auto found = ensured_.find(key); found != ensured_.end()) return found->second;
  std::vector<std::int64_t> best;
  std::vector<std::int64_t> way;
  find_deepest(0, path, best, way);
  std::int64_t id = best.empty() ? 0 : best.back();
  for (std::size_t level = best.size(); level < path.size(); ++level)
    id = create(id, path[level], stop);
  ensured_[key] = id;
  return id;
}

const Collection* Collections::find_new(std::int64_t parent, Text title,
                                        const std::vector<std::int64_t>& known) const {
  for (const std::int64_t id : children_called(parent, title)) {
    if (std::ranges::find(known, id) == known.end()) return find(id);
  }
  return nullptr;
}

/// Sends one creation. Nothing where it may have been carried out, or may work later.
std::optional<Collection> Collections::try_to_create(std::int64_t parent, Text title,
                                                     std::string& problem, std::stop_token stop) {
  std::optional<Answer> answer;
  try {
    answer = api_.ask("POST", "/collection", body_of(parent, title), false, stop);
  } catch (const LostReply& lost) {
    if (stop.stop_requested()) throw;
    problem = lost.what();
    return {};
  } catch (const Failure& failure) {
    // An answer that cannot be read says nothing about what was done.
    if (failure.kind() != FailureKind::failed) throw;
    problem = failure.what();
    return {};
  }
  const Failure failure = api_.failure_of(
      answer->response, "the collection " + std::string(title) + " could not be made");
  Collection made = read_collection(answer->member("item"));
  if (!answer->is_error() && made.id > 0) {
    made.parent = parent;
    made.title = title;
    return made;
  }
  // Where only this place is forbidden, what belongs there has failed and nothing else.
  if (answer->response.status == 403) throw Failure(FailureKind::failed, failure.what());
  if (answer->response.status < 500) throw failure;
  problem = failure.what();
  return {};
}

std::int64_t Collections::create(std::int64_t parent, Text title, std::stop_token stop) {
  const std::vector<std::int64_t> known = children_called(parent, title);
  std::string problem;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    if (auto made = try_to_create(parent, title, problem, stop)) {
      const std::int64_t id = made->id;
      if (by_id_.try_emplace(id, std::move(*made)).second) {
        children_[parent].push_back(id);
        make_path(id, 0);
      }
      return id;
    }
    load(stop, roots_order_);
    if (const Collection* made = find_new(parent, title, known)) return made->id;
  }
  throw Failure(FailureKind::temporary, problem);
}

}  // namespace linkferry::raindrop
