#include "raindrop/raindrop_item.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "common/html_text.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry::raindrop {
namespace {

using common::JsonValue;

constexpr std::int64_t seconds_a_day = 86'400;
constexpr std::uint32_t millisecond = 1'000'000;

/// What says nothing that a person would miss: the service's own books.
constexpr std::array<std::string_view, 12> passed_over = {
    "domain", "user", "sort",        "order",        "duplicate", "creatorRef",
    "cache",  "__v",  "pleaseParse", "collectionId", "access",    "file"};

Text text_of(JsonValue value, Arena& arena) {
  const Text text = value.text(arena);
  return text.empty() ? Text() : text;
}

Timestamp date_of(JsonValue value) { return parse_rfc3339(value.string()); }

template <class T, class Read>
std::span<const T> list_of(JsonValue value, Arena& arena, Read read) {
  std::vector<T> all;
  value.for_each_item([&](JsonValue item) { read(item, all); });
  return arena.copy(std::span<const T>(all));
}

std::span<const Text> read_tags(JsonValue value, Arena& arena) {
  return list_of<Text>(value, arena, [&arena](JsonValue item, std::vector<Text>& all) {
    if (const Text tag = common::trimmed(item.text(arena)); !tag.empty()) all.push_back(tag);
  });
}

std::span<const HeldHighlight> read_highlights(JsonValue value, Arena& arena) {
  return list_of<HeldHighlight>(
      value, arena, [&arena](JsonValue item, std::vector<HeldHighlight>& all) {
        HeldHighlight held;
        held.highlight.color = highlight_colors[0];
        item.for_each_member([&](std::string_view name, JsonValue member) {
          if (name == "_id") held.id = member.text(arena);
          if (name == "text") held.highlight.text = common::trimmed(member.text(arena));
          if (name == "note") held.highlight.note = common::trimmed(member.text(arena));
          if (const Text color = name == "color" ? text_of(member, arena) : Text(); !color.empty())
            held.highlight.color = color;
          if (name == "created") held.highlight.created_at = date_of(member);
        });
        if (!held.highlight.text.empty()) all.push_back(held);
      });
}

std::span<const Media> read_media(JsonValue value, Arena& arena) {
  return list_of<Media>(value, arena, [&arena](JsonValue item, std::vector<Media>& all) {
    Media media;
    media.url = text_of(item.member("link"), arena);
    media.kind = text_of(item.member("type"), arena);
    if (!media.url.empty()) all.push_back(media);
  });
}

/// `reminder` is called `data` in the documentation and `date` by the service.
Text read_reminder(JsonValue value, Arena& arena) {
  const Text date = text_of(value.member("date"), arena);
  return date.empty() ? text_of(value.member("data"), arena) : date;
}

void add_unknown(std::string_view name, JsonValue value, std::vector<Attribute>& extra,
                 Arena& arena) {
  if (std::ranges::find(passed_over, name) != passed_over.end()) return;
  const std::string_view raw = value.raw();
  if (raw == "null" || raw == "[]" || raw == "{}" || raw == "false" || raw == "\"\"") return;
  const std::string full = std::string("raindrop.").append(name);
  extra.push_back(
      {arena.copy(std::string_view(full)), value.is_text() ? value.text(arena) : arena.copy(raw)});
}

/// Whether the member is a text that was taken.
bool take_text(std::string_view name, JsonValue value, Item& item, Arena& arena) {
  struct TextMember {
    std::string_view name;
    Text Item::*member;
  };
  static constexpr TextMember texts[] = {{"link", &Item::link},       {"title", &Item::title},
                                         {"excerpt", &Item::excerpt}, {"note", &Item::note},
                                         {"cover", &Item::cover},     {"type", &Item::type}};
  for (const auto& text : texts) {
    if (text.name != name) continue;
    item.*text.member = text_of(value, arena);
    return true;
  }
  return false;
}

bool take_other(std::string_view name, JsonValue value, Item& item, Arena& arena) {
  if (name == "_id") {
    item.id = value.number().value_or(0);
  } else if (name == "tags") {
    item.tags = read_tags(value, arena);
  } else if (name == "highlights") {
    item.highlights = read_highlights(value, arena);
  } else if (name == "media") {
    item.media = read_media(value, arena);
  } else if (name == "collection") {
    if (const auto id = value.member("$id").number()) item.collection = *id;
  } else if (name == "created") {
    item.created = date_of(value);
  } else if (name == "lastUpdate") {
    item.updated = date_of(value);
  } else if (name == "important") {
    item.is_important = value.flag() == Flag::yes;
  } else if (name == "broken") {
    item.is_broken = value.flag() == Flag::yes;
  } else if (name == "removed") {
    item.is_removed = value.flag() == Flag::yes;
  } else if (name == "reminder") {
    item.reminder = read_reminder(value, arena);
  } else {
    return false;
  }
  return true;
}

std::span<const Attribute> extra_of(const Item& item, Arena& arena) {
  std::vector<Attribute> all;
  if (!item.type.empty() && item.type != "link" && item.type != "image")
    all.push_back({"raindrop.type", item.type});
  if (!item.reminder.empty()) all.push_back({"raindrop.reminder", item.reminder});
  if (item.is_broken) all.push_back({"raindrop.broken", "true"});
  all.insert(all.end(), item.extra.begin(), item.extra.end());
  return arena.copy(std::span<const Attribute>(all));
}

std::span<const Highlight> highlights_of(const Item& item, View view, Arena& arena) {
  std::vector<Highlight> all;
  for (const HeldHighlight& held : item.highlights) {
    all.push_back(held.highlight);
    if (view == View::held) all.back().created_at = {};
  }
  return arena.copy(std::span<const Highlight>(all));
}

/// The image that is the cover is no other medium.
std::span<const Media> media_of(const Item& item, Arena& arena) {
  std::vector<Media> all;
  for (const Media& media : item.media) {
    if (media.url != item.cover) all.push_back(media);
  }
  return arena.copy(std::span<const Media>(all));
}

}  // namespace

std::optional<Item> read_item(JsonValue value, Arena& arena) {
  if (!value.is_object()) return {};
  Item item;
  std::vector<Attribute> extra;
  value.for_each_member([&](std::string_view name, JsonValue member) {
    if (!take_text(name, member, item, arena) && !take_other(name, member, item, arena))
      add_unknown(name, member, extra, arena);
  });
  if (item.id <= 0) return {};
  item.extra = arena.copy(std::span<const Attribute>(extra));
  return item;
}

std::int64_t id_of(Text text) {
  std::int64_t id = 0;
  std::from_chars(text.data(), text.data() + text.size(), id);
  return id;
}

Timestamp unknown_created(std::int64_t now_seconds) {
  return {now_seconds - now_seconds % seconds_a_day, millisecond, Precision::millisecond};
}

bool is_unknown_created(const Timestamp& time) {
  return time.is_known() && time.seconds % seconds_a_day == 0 && time.nanoseconds == millisecond;
}

Bookmark to_bookmark(const Item& item, View view, Arena& arena) {
  Bookmark b;
  b.url = item.link;
  b.title = common::one_line(item.title, arena);
  b.description = common::trimmed(item.excerpt);
  b.notes = common::trimmed(item.note);
  b.tags = item.tags;
  if (!is_unknown_created(item.created)) b.created_at = item.created;
  b.favorite = to_flag(item.is_important);
  b.kind = item.type == "image" ? Kind::image : Kind::link;
  b.cover_url = common::trimmed(item.cover);
  b.highlights = highlights_of(item, view, arena);
  if (view == View::everything) {
    b.modified_at = item.updated;
    b.media = media_of(item, arena);
    b.extra = extra_of(item, arena);
  }
  return b;
}

}  // namespace linkferry::raindrop
