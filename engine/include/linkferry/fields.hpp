#pragma once

#include <algorithm>
#include <initializer_list>
#include <span>
#include <utility>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"
#include "linkferry/sink.hpp"

namespace linkferry {

/// Makes one field of a bookmark say nothing. Returns whether it said something before.
inline bool clear_field(Bookmark& b, Field field) {
  const auto clear_text = [](Text& text) { return is_present(std::exchange(text, Text{})); };
  const auto clear_list = [](auto& list) { return !std::exchange(list, {}).empty(); };
  const auto clear_time = [](Timestamp& time) { return std::exchange(time, {}).is_known(); };
  const auto clear_flag = [](Flag& flag) {
    return std::exchange(flag, Flag::unknown) != Flag::unknown;
  };
  switch (field) {
    case Field::url:
      return clear_text(b.url);
    case Field::title:
      return clear_text(b.title);
    case Field::description:
      return clear_text(b.description);
    case Field::notes:
      return clear_text(b.notes);
    case Field::tags:
      return clear_list(b.tags);
    case Field::folders:
      return clear_list(b.folders);
    case Field::created_at:
      return clear_time(b.created_at);
    case Field::modified_at:
      return clear_time(b.modified_at);
    case Field::read_at:
      return clear_time(b.read_at);
    case Field::visited_at:
      return clear_time(b.visited_at);
    case Field::unread:
      return clear_flag(b.unread);
    case Field::favorite:
      return clear_flag(b.favorite);
    case Field::archived:
      return clear_flag(b.archived);
    case Field::shared:
      return clear_flag(b.shared);
    case Field::kind:
      return std::exchange(b.kind, Kind::link) != Kind::link;
    case Field::language:
      return clear_text(b.language);
    case Field::icon:
      return clear_text(b.icon);
    case Field::cover_url:
      return clear_text(b.cover_url);
    case Field::keyword:
      return clear_text(b.keyword);
    case Field::highlights:
      return clear_list(b.highlights);
    case Field::media:
      return clear_list(b.media);
    case Field::post:
      return std::exchange(b.post, nullptr) != nullptr;
    case Field::extra:
      return clear_list(b.extra);
  }
  return false;
}

/// Clears every field but those of `kept`, and returns a loss (dropped, for `reason`) for each that
/// said something. For sinks that hold a few fields only. Lifetime: of `arena`; `reason` must be a
/// fixed sentence.
inline std::span<const Loss> keep_only(Bookmark& bookmark, std::initializer_list<Field> kept,
                                       Text reason, Arena& arena) {
  const auto losses = arena.make_array<Loss>(field_count);
  std::size_t count = 0;
  for (std::size_t i = 0; i < field_count; ++i) {
    const auto field = static_cast<Field>(i);
    if (std::find(kept.begin(), kept.end(), field) != kept.end()) continue;
    if (clear_field(bookmark, field)) losses[count++] = {field, LossKind::dropped, reason};
  }
  return losses.first(count);
}

}  // namespace linkferry
