#include "raindrop/raindrop_fields.hpp"

#include "common/html_text.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry::raindrop {

void represent_text(Field field, Text& text, Losses& losses) {
  const Text kept = common::trimmed(text);
  if (kept.size() != text.size()) {
    losses.add(field, LossKind::transformed,
               "blanks and line breaks at the ends of a text are not kept");
  }
  text = kept;
}

void represent_title(Bookmark& bookmark, Arena& arena, Losses& losses) {
  const Text title = common::one_line(bookmark.title, arena);
  if (title != bookmark.title) {
    losses.add(Field::title, LossKind::transformed,
               "titles have no blanks at their ends and no line breaks");
  }
  bookmark.title = title;
}

void represent_tags(Bookmark& bookmark, Arena& arena, Losses& losses) {
  const auto tags = common::without_byte(bookmark.tags, ',', ' ', arena);
  if (tags.data() != bookmark.tags.data()) {
    losses.add(Field::tags, LossKind::transformed,
               "Raindrop separates tags by commas, so a comma in a tag becomes a blank");
  }
  bookmark.tags = tags;
}

void represent_date(Bookmark& bookmark, Losses& losses) {
  Timestamp& time = bookmark.created_at;
  if (!time.is_known()) return;
  const Timestamp cut = cut_to(time, Precision::millisecond);
  if (cut != time) {
    losses.add(Field::created_at, LossKind::truncated, "Raindrop holds dates in milliseconds");
  } else if (time.precision == Precision::day) {
    losses.add(Field::created_at, LossKind::transformed,
               "Raindrop holds dates in milliseconds: a day becomes its midnight in UTC");
  }
  time = cut;
  time.precision = Precision::millisecond;
}

}  // namespace linkferry::raindrop
