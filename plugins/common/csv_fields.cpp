#include "common/csv_fields.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "common/html_text.hpp"

namespace linkferry::common {
namespace {

bool has_byte(Text text, char byte) {
  return !text.empty() && std::memchr(text.data(), byte, text.size()) != nullptr;
}

void drop_text(Field field, Text reason, Text& text, Losses& losses) {
  if (!text.empty()) losses.add(field, LossKind::dropped, reason);
  text = {};
}

void drop_flag(Field field, Text reason, Text reason_for_no, Flag& flag, Losses& losses) {
  if (flag == Flag::yes) losses.add(field, LossKind::dropped, reason);
  if (flag == Flag::no) losses.add(field, LossKind::dropped, reason_for_no);
  flag = Flag::unknown;
}

void drop_time(Field field, Text reason, Timestamp& time, Losses& losses) {
  if (time.is_known()) losses.add(field, LossKind::dropped, reason);
  time = {};
}

template <class T>
void drop_list(Field field, Text reason, std::span<const T>& list, Losses& losses) {
  if (!list.empty()) losses.add(field, LossKind::dropped, reason);
  list = {};
}

void drop_kind(Text reason, Kind& kind, Losses& losses) {
  if (kind != Kind::link) losses.add(Field::kind, LossKind::transformed, reason);
  kind = Kind::link;
}

}  // namespace

std::span<const Text> split_list(Text list, char separator, Arena& arena) {
  if (list.empty()) return {};
  const auto separators = std::count(list.begin(), list.end(), separator);
  const auto parts = arena.make_array<Text>(static_cast<std::size_t>(separators) + 1);
  std::size_t count = 0;
  while (true) {
    const std::size_t end = list.find(separator);
    const Text part = trimmed(list.substr(0, end));
    if (!part.empty()) parts[count++] = part;
    if (end == Text::npos) break;
    list.remove_prefix(end + 1);
  }
  return parts.first(count);
}

std::span<const Text> split_tags(Text list, char separator, Arena& arena) {
  const auto tags = split_list(list, separator, arena);
  return tags.size() == 1 && tags.front() == "no_tag" ? std::span<const Text>() : tags;
}

std::span<const Text> without_byte(std::span<const Text> names, char forbidden, char instead,
                                   Arena& arena) {
  const bool is_clean = std::none_of(names.begin(), names.end(), [forbidden](Text name) {
    return name.empty() || is_blank(name.front()) || is_blank(name.back()) || has_byte(name, forbidden);
  });
  if (is_clean) return names;
  const auto changed = arena.make_array<Text>(names.size());
  std::size_t count = 0;
  for (const Text name : names) {
    Text kept = trimmed(name);
    if (has_byte(kept, forbidden)) {
      char* const copy = static_cast<char*>(arena.allocate(kept.size(), 1));
      std::replace_copy(kept.begin(), kept.end(), copy, forbidden, instead);
      kept = trimmed({copy, kept.size()});
    }
    if (!kept.empty()) changed[count++] = kept;
  }
  return changed.first(count);
}

void drop(Field field, Text reason, Text reason_for_no, Bookmark& bookmark, Losses& losses) {
  switch (field) {
    case Field::description: return drop_text(field, reason, bookmark.description, losses);
    case Field::notes: return drop_text(field, reason, bookmark.notes, losses);
    case Field::language: return drop_text(field, reason, bookmark.language, losses);
    case Field::icon: return drop_text(field, reason, bookmark.icon, losses);
    case Field::cover_url: return drop_text(field, reason, bookmark.cover_url, losses);
    case Field::keyword: return drop_text(field, reason, bookmark.keyword, losses);
    case Field::modified_at: return drop_time(field, reason, bookmark.modified_at, losses);
    case Field::read_at: return drop_time(field, reason, bookmark.read_at, losses);
    case Field::visited_at: return drop_time(field, reason, bookmark.visited_at, losses);
    case Field::unread: return drop_flag(field, reason, reason_for_no, bookmark.unread, losses);
    case Field::favorite: return drop_flag(field, reason, reason_for_no, bookmark.favorite, losses);
    case Field::archived: return drop_flag(field, reason, reason_for_no, bookmark.archived, losses);
    case Field::shared: return drop_flag(field, reason, reason_for_no, bookmark.shared, losses);
    case Field::folders: return drop_list(field, reason, bookmark.folders, losses);
    case Field::highlights: return drop_list(field, reason, bookmark.highlights, losses);
    case Field::media: return drop_list(field, reason, bookmark.media, losses);
    case Field::extra: return drop_list(field, reason, bookmark.extra, losses);
    case Field::kind: return drop_kind(reason, bookmark.kind, losses);
    case Field::post:
      if (bookmark.post != nullptr) losses.add(field, LossKind::dropped, reason);
      bookmark.post = nullptr;
      return;
    case Field::url:
    case Field::title:
    case Field::tags:
    case Field::created_at: assert(false);
  }
}

}  // namespace linkferry::common
