#include "pipeline/merge.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "pipeline/compare.hpp"

namespace linkferry {
namespace {

using Parents = std::span<const Bookmark>;

Text first_known(Parents parents, Text Bookmark::*field) {
  for (const Bookmark& parent : parents) {
    if (!(parent.*field).empty()) return parent.*field;
  }
  return parents.front().*field;
}

Timestamp earliest(Parents parents, Timestamp Bookmark::*field) {
  Timestamp found;
  for (const Bookmark& parent : parents) {
    const Timestamp& time = parent.*field;
    if (time.is_known() && (!found.is_known() || is_before(time, found))) found = time;
  }
  return found;
}

/// `date`: a field, or what gives a date of a parent.
template <class Date>
Timestamp latest(Parents parents, Date date) {
  Timestamp found;
  for (const Bookmark& parent : parents) {
    const Timestamp time = std::invoke(date, parent);
    if (time.is_known() && (!found.is_known() || is_before(found, time))) found = time;
  }
  return found;
}

/// `decisive` if any parent says so, the opposite if any knows at all, else unknown.
Flag decide(Parents parents, Flag Bookmark::*field, Flag decisive) {
  Flag found = Flag::unknown;
  for (const Bookmark& parent : parents) {
    if (parent.*field == decisive) return decisive;
    if (parent.*field != Flag::unknown) found = parent.*field;
  }
  return found;
}

/// Values seen so far: a list while they are few, which they mostly are.
template <class T>
class Seen {
 public:
  bool is_new(const T& value) {
    if (few_.size() < most_few) {
      if (few_.empty()) few_.reserve(most_few);
      if (std::ranges::find(few_, value) != few_.end()) return false;
      few_.push_back(value);
      if (few_.size() == most_few) many_.insert(few_.begin(), few_.end());
      return true;
    }
    return many_.insert(value).second;
  }

 private:
  static constexpr std::size_t most_few = 32;
  std::vector<T> few_;
  std::unordered_set<T> many_;
};

/// The union of the parents' lists in first-seen order; `identity` of an item decides what is the
/// same.
template <class T, class Identity>
std::span<const T> unite(Parents parents, std::span<const T> Bookmark::*field, Arena& arena,
                         Identity identity) {
  const auto& first = parents.front().*field;
  const bool only_first = std::ranges::all_of(
      parents.subspan(1), [&](const Bookmark& p) { return (p.*field).empty(); });
  if (only_first) return first;
  std::size_t size = 0;
  for (const Bookmark& parent : parents) size += (parent.*field).size();
  const std::span<T> all = arena.make_array<T>(size);
  std::size_t count = 0;
  Seen<decltype(identity(std::declval<T>()))> seen;
  for (const Bookmark& parent : parents) {
    for (const T& item : parent.*field) {
      if (seen.is_new(identity(item))) all[count++] = item;
    }
  }
  arena.shrink_last(all.size_bytes(), count * sizeof(T));
  return all.first(count);
}

Text title_of(Parents parents) {
  for (const Bookmark& parent : parents) {
    if (!parent.title.empty() && parent.title != parent.url) return parent.title;
  }
  return first_known(parents, &Bookmark::title);
}

Kind kind_of(Parents parents) {
  for (const Bookmark& parent : parents) {
    if (parent.kind != Kind::link) return parent.kind;
  }
  return Kind::link;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

Text longest_description(Parents parents) {
  Text longest = first_known(parents, &Bookmark::description);
  for (const Bookmark& parent : parents) {
    if (parent.description.size() > longest.size()) longest = parent.description;
  }
  return longest;
}

/// The parents' notes and the descriptions that did not win, each once.
Text joined_notes(Parents parents, Text description, Arena& arena, bool& are_cut) {
  std::string joined(first_known(parents, &Bookmark::notes));
  const auto join = [&](Text text) {
    if (text.empty() || contains(joined, text)) return;
    if (contains(text, joined)) {
      joined = text;
    } else if (joined.size() + text.size() > max_merged_notes_bytes) {
      are_cut = true;
    } else {
      joined.append("\n\n").append(text);
    }
  };
  for (const Bookmark& parent : parents) join(parent.notes);
  for (const Bookmark& parent : parents) {
    if (!contains(description, parent.description)) join(parent.description);
  }
  if (joined.empty()) return first_known(parents, &Bookmark::notes);
  return arena.copy(joined);
}

std::span<const Attribute> merged_extra(Parents parents, Arena& arena) {
  const bool only_first =
      std::ranges::all_of(parents.subspan(1), [](const Bookmark& p) { return p.extra.empty(); });
  if (only_first) return parents.front().extra;
  std::vector<Attribute> all(parents.front().extra.begin(), parents.front().extra.end());
  const auto is_there = [&all](Text name, Text value) {
    return std::ranges::any_of(all, [&](const Attribute& a) {
      return a.value == value && (a.name == name || (a.name.starts_with(name) &&
                                                     a.name.substr(name.size()).starts_with('#')));
    });
  };
  const auto free_name = [&](Text name) -> Text {
    const auto is_taken = [&all](Text wanted) {
      return std::ranges::any_of(all, [&](const Attribute& a) { return a.name == wanted; });
    };
    if (!is_taken(name)) return name;
    std::string numbered;
    for (int number = 2; numbered.empty() || is_taken(numbered); ++number) {
      numbered = std::string(name) + "#" + std::to_string(number);
    }
    return arena.copy(numbered);
  };
  constexpr std::size_t most = 1000;
  for (const Bookmark& parent : parents.subspan(1)) {
    for (const Attribute& attribute : parent.extra) {
      if (all.size() < most && !is_there(attribute.name, attribute.value)) {
        all.push_back({free_name(attribute.name), attribute.value});
      }
    }
  }
  if (all.size() == parents.front().extra.size()) return parents.front().extra;
  return arena.copy(std::span<const Attribute>(all));
}

/// That of the first, with the date of the one that was changed last.
const Origin* origin_of(Parents parents, Arena& arena) {
  const Origin* const first = parents.front().origin;
  if (first == nullptr) return nullptr;
  Origin& origin = arena.make_array<Origin>(1)[0];
  origin = *first;
  origin.changed_at = latest(parents, [](const Bookmark& parent) {
    return parent.origin != nullptr ? parent.origin->changed_at : Timestamp{};
  });
  return &origin;
}

}  // namespace

Merged merge(Parents parents, Arena& arena) {
  Merged result{parents.front(), false};
  if (parents.size() == 1) return result;
  Bookmark& merged = result.bookmark;
  merged.title = title_of(parents);
  merged.description = longest_description(parents);
  merged.notes = joined_notes(parents, merged.description, arena, result.are_notes_cut);
  merged.tags = unite(parents, &Bookmark::tags, arena, [](Text tag) { return tag; });
  merged.folders =
      unite(parents, &Bookmark::folders, arena, [](FolderPath path) { return path_hash(path); });
  merged.highlights =
      unite(parents, &Bookmark::highlights, arena, [](const Highlight& h) { return h.text; });
  merged.media = unite(parents, &Bookmark::media, arena, [](const Media& m) { return m.url; });
  merged.extra = merged_extra(parents, arena);
  merged.created_at = earliest(parents, &Bookmark::created_at);
  merged.modified_at = latest(parents, &Bookmark::modified_at);
  merged.read_at = latest(parents, &Bookmark::read_at);
  merged.visited_at = latest(parents, &Bookmark::visited_at);
  merged.favorite = decide(parents, &Bookmark::favorite, Flag::yes);
  merged.shared = decide(parents, &Bookmark::shared, Flag::yes);
  merged.archived = decide(parents, &Bookmark::archived, Flag::no);
  merged.unread = decide(parents, &Bookmark::unread, Flag::no);
  merged.kind = kind_of(parents);
  merged.language = first_known(parents, &Bookmark::language);
  merged.icon = first_known(parents, &Bookmark::icon);
  merged.cover_url = first_known(parents, &Bookmark::cover_url);
  merged.keyword = first_known(parents, &Bookmark::keyword);
  for (const Bookmark& parent : parents) {
    if (merged.post == nullptr) merged.post = parent.post;
  }
  merged.origin = origin_of(parents, arena);
  return result;
}

}  // namespace linkferry
