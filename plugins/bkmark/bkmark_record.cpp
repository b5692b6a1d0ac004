#include "bkmark/bkmark_record.hpp"

#include <algorithm>

#include "bkmark/bkmark_text.hpp"
#include "common/json_members.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry::bkmark {
namespace {

using common::JsonValue;

constexpr Kind kinds[] = {Kind::link, Kind::note, Kind::code, Kind::image};

Text none_if_empty(Text text) { return text.empty() ? Text{} : text; }

std::span<const Tag> tags_of(JsonValue value, Arena& arena) {
  std::vector<Tag> tags;
  value.for_each_item([&](JsonValue item) {
    // A list of names is no stranger than one of objects.
    const Tag tag = item.is_text()
                        ? Tag{{}, item.text(arena), {}}
                        : Tag{item.member("id").text(arena), item.member("name").text(arena),
                              none_if_empty(item.member("color").text(arena))};
    if (!tag.name.empty()) tags.push_back(tag);
  });
  return arena.copy(std::span<const Tag>(tags));
}

std::span<const Group> groups_of(JsonValue value, Arena& arena) {
  std::vector<Group> groups;
  value.for_each_item([&](JsonValue item) {
    const Group group{item.member("id").text(arena), item.member("name").text(arena)};
    if (!group.id.empty()) groups.push_back(group);
  });
  return arena.copy(std::span<const Group>(groups));
}

/// A member that this version does not know: kept, unless it says nothing.
void keep_unknown(std::string_view name, JsonValue value, std::vector<Attribute>& extra,
                  Arena& arena) {
  const Text text = value.is_text() ? value.text(arena) : value.raw();
  if (text.empty() || text == "null") return;
  const std::string full = std::string("bkmark.").append(name);
  extra.push_back({arena.copy(std::string_view(full)), text});
}

void take_member(std::string_view name, JsonValue value, Record& r, std::vector<Attribute>& extra,
                 Arena& arena) {
  struct TextMember {
    std::string_view name;
    Text Record::*member;
  };
  static constexpr TextMember texts[] = {
      {"id", &Record::id},       {"url", &Record::url},
      {"title", &Record::title}, {"description", &Record::description},
      {"type", &Record::type},   {"source", &Record::source},
  };
  for (const auto& text : texts) {
    if (text.name == name) r.*text.member = value.text(arena);
    if (text.name == name) return;
  }
  const auto date = [&] { return parse_rfc3339(value.text(arena)); };
  if (name == "isFavorite") {
    r.is_favorite = value.flag() == Flag::yes;
  } else if (name == "isArchived") {
    r.is_archived = value.flag() == Flag::yes;
  } else if (name == "readAt") {
    r.is_read = value.is_text();
    r.read_at = date();
  } else if (name == "tags") {
    r.tags = tags_of(value, arena);
  } else if (name == "groups") {
    r.groups = groups_of(value, arena);
  } else if (name == "createdAt") {
    r.created = date();
  } else if (name == "updatedAt") {
    r.updated = date();
  } else {
    keep_unknown(name, value, extra, arena);
  }
}

Text colors_of(const Record& record, Arena& arena) {
  common::JsonWriter out;
  common::JsonMembers members(out);
  bool has_colors = false;
  for (const Tag& tag : record.tags) {
    if (tag.color.empty()) continue;
    members.add(tag.name, tag.color);
    has_colors = true;
  }
  members.end();
  return has_colors ? arena.copy(out.bytes()) : Text{};
}

Text group_ids_of(const Record& record, Arena& arena) {
  if (record.groups.empty()) return {};
  common::JsonWriter out;
  common::JsonMembers members(out);
  for (const Group& group : record.groups) members.add(group.name, group.id);
  members.end();
  return arena.copy(out.bytes());
}

std::span<const Attribute> extra_of(const Record& record, Arena& arena) {
  std::vector<Attribute> extra;
  const auto add = [&extra](Text name, Text value) {
    if (!value.empty()) extra.push_back({name, value});
  };
  add("bkmark.source", record.source);
  add("bkmark.tag_colors", colors_of(record, arena));
  add("bkmark.group_ids", group_ids_of(record, arena));
  if (kind_of(record.type) == Kind::link && record.type != "link") add("bkmark.type", record.type);
  extra.insert(extra.end(), record.extra.begin(), record.extra.end());
  return arena.copy(std::span<const Attribute>(extra));
}

std::span<const FolderPath> folders_of(const Record& record, const Groups& groups, Arena& arena) {
  std::vector<FolderPath> paths;
  for (const Group& group : record.groups) {
    const FolderPath path = groups.path_of(std::string(group.id), arena);
    const auto is_same = [&](FolderPath other) { return std::ranges::equal(path, other); };
    if (!path.empty() && std::ranges::none_of(paths, is_same)) paths.push_back(path);
  }
  return arena.copy(std::span<const FolderPath>(paths));
}

/// In the order of the alphabet: Bkmark promises none, and a reading that is repeated gives the
/// same.
std::span<const Text> tag_names(const Record& record, bool is_trimmed, Arena& arena) {
  std::vector<Text> names;
  for (const Tag& tag : record.tags) {
    const Text name = is_trimmed ? trimmed(tag.name) : tag.name;
    if (!name.empty()) names.push_back(name);
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return arena.copy(std::span<const Text>(names));
}

}  // namespace

std::optional<Record> parse_record(JsonValue value, Arena& arena) {
  if (!value.is_object()) return {};
  const JsonValue own = common::copy_of(value, arena);
  Record record;
  std::vector<Attribute> extra;
  own.for_each_member([&](std::string_view name, JsonValue member) {
    take_member(name, member, record, extra, arena);
  });
  if (record.id.empty()) return {};
  record.extra = arena.copy(std::span<const Attribute>(extra));
  record.raw = own.raw();
  return record;
}

std::optional<Page> parse_page(common::JsonDocument document) {
  Page page{std::move(document), {}, {}};
  const JsonValue root = page.document.root();
  const JsonValue data = root.member("data");
  if (!data.is_array()) return {};
  data.for_each_item([&page](JsonValue item) { page.items.push_back(item); });
  const JsonValue cursor = root.member("nextCursor");
  const std::string_view raw = cursor.raw();
  if (cursor.is_text()) {
    page.next_cursor = cursor.string();
  } else if (cursor.number()) {
    page.next_cursor = raw;
  } else if (!raw.empty() && raw != "null") {
    // To take it for the last page would hide what follows.
    return {};
  }
  return page;
}

Kind kind_of(Text type) {
  for (const Kind kind : kinds)
    if (name_of(kind) == type) return kind;
  return Kind::link;
}

Text type_of(Kind kind) { return kind == Kind::post ? name_of(Kind::link) : name_of(kind); }

Bookmark to_bookmark(const Record& record, const View& view, const Groups& groups, Arena& arena) {
  Bookmark b;
  b.url = none_if_empty(record.url);
  b.title = none_if_empty(record.title);
  b.description = none_if_empty(record.description);
  if (view.splits_notes && record.description.find(notes_mark) != Text::npos) {
    const auto parts = split_notes(record.description);
    b.description = parts.description;
    b.notes = parts.notes;
  }
  b.tags = tag_names(record, view.is_held, arena);
  b.folders = folders_of(record, groups, arena);
  // A sink keeps those of an import, which has nothing without an address.
  if (view.has_dates && !(view.is_held && b.url.empty())) b.created_at = record.created;
  if (record.is_read && !is_unknown_read(record.read_at)) b.read_at = record.read_at;
  b.unread = to_flag(!record.is_read);
  b.favorite = to_flag(record.is_favorite);
  b.archived = to_flag(record.is_archived);
  b.kind = kind_of(record.type);
  Origin& origin = arena.make_array<Origin>(1)[0];
  origin.id = record.id;
  origin.list = view.is_held ? held_list : record.is_archived ? Text("archived") : "bookmarks";
  if (view.is_held) {
    origin.changed_at = record.updated;
  } else {
    b.modified_at = record.updated;
    b.extra = extra_of(record, arena);
    origin.raw = record.raw;
  }
  b.origin = &origin;
  return b;
}

}  // namespace linkferry::bkmark
