#include "bkmark/bkmark_bodies.hpp"

#include "bkmark/bkmark_text.hpp"
#include "common/json_members.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry::bkmark {
namespace {

using common::JsonMembers;
using common::JsonWriter;

std::vector<Text> views_of(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

void add_date(JsonMembers& members, std::string_view name, Timestamp time) {
  if (time.is_known()) time.precision = Precision::millisecond;
  members.add(name, time);
}

void add_reading(JsonMembers& members, const Bookmark& b, std::int64_t now_seconds) {
  if (b.unread != Flag::no) {
    members.value_of("readAt").raw("null");
  } else {
    add_date(members, "readAt", b.read_at.is_known() ? b.read_at : unknown_read(now_seconds));
  }
}

void add_texts(JsonMembers& members, const Bookmark& b) {
  Arena arena;
  if (!b.url.empty()) members.add("url", b.url);
  members.add("title", b.title);
  members.add("description", combine_notes(b.description, b.notes, arena));
  members.add("type", type_of(b.kind));
}

void add_objects(JsonMembers& members, JsonWriter& out, std::string_view name,
                 std::string_view member, const std::vector<Text>& texts) {
  members.value_of(name).raw("[");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i != 0) out.raw(",");
    JsonMembers object(out);
    object.add(member, texts[i]);
    object.end();
  }
  out.raw("]");
}

}  // namespace

std::string create_body(const Bookmark& bookmark, const std::vector<std::string>& group_ids,
                        bool is_forced) {
  JsonWriter out;
  JsonMembers members(out);
  add_texts(members, bookmark);
  members.add("tagNames", bookmark.tags);
  members.add("groupIds", std::span<const Text>(views_of(group_ids)));
  members.add("source", "api");
  if (is_forced) members.value_of("force").raw("true");
  members.end();
  return std::string(out.bytes());
}

std::string patch_body(const Bookmark& wanted, const Differences& differences,
                       std::int64_t now_seconds) {
  Arena arena;
  JsonWriter out;
  JsonMembers members(out);
  if (differences.title) members.add("title", wanted.title);
  if (differences.description)
    members.add("description", combine_notes(wanted.description, wanted.notes, arena));
  if (differences.favorite) members.add("isFavorite", wanted.favorite);
  if (differences.archived) members.add("isArchived", wanted.archived);
  if (differences.read) add_reading(members, wanted, now_seconds);
  members.end();
  return std::string(out.bytes());
}

std::string names_body(std::string_view member, const std::vector<std::string>& names) {
  JsonWriter out;
  JsonMembers members(out);
  members.add(member, std::span<const Text>(views_of(names)));
  members.end();
  return std::string(out.bytes());
}

std::string bulk_body(std::span<const std::string> ids, std::string_view action,
                      const std::vector<std::string>& tags) {
  JsonWriter out;
  JsonMembers members(out);
  const std::vector<Text> views(ids.begin(), ids.end());
  members.add("bookmarkIds", std::span<const Text>(views));
  members.add("action", action);
  if (!tags.empty()) members.add("tagNames", std::span<const Text>(views_of(tags)));
  members.end();
  return std::string(out.bytes());
}

std::string import_item(const Bookmark& bookmark, const std::vector<std::string>& group_ids,
                        std::int64_t now_seconds) {
  JsonWriter out;
  JsonMembers members(out);
  add_texts(members, bookmark);
  members.add("source", "import");
  members.add("isFavorite", bookmark.favorite);
  members.add("isArchived", bookmark.archived);
  add_reading(members, bookmark, now_seconds);
  add_objects(members, out, "tags", "name", {bookmark.tags.begin(), bookmark.tags.end()});
  add_objects(members, out, "groups", "id", views_of(group_ids));
  add_date(members, "createdAt", bookmark.created_at);
  members.end();
  return std::string(out.bytes());
}

std::string import_body(std::span<const std::string> items) {
  std::string data = "[";
  for (const std::string& item : items) data.append(data.size() > 1 ? "," : "").append(item);
  data += "]";
  JsonWriter out;
  JsonMembers members(out);
  members.add("format", "json");
  members.add("data", data);
  members.value_of("skipDuplicates").raw("true");
  members.end();
  return std::string(out.bytes());
}

}  // namespace linkferry::bkmark
