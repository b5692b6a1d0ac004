#include "linkding/linkding_format.hpp"

#include <algorithm>
#include <charconv>

#include "common/json_line.hpp"
#include "common/json_members.hpp"
#include "linkding/linkding_text.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry::linkding {
namespace {

constexpr std::int64_t seconds_an_hour = 3600;
constexpr std::uint32_t microsecond = 1000;

Text none_if_empty(Text text) { return text.empty() ? Text{} : text; }

/// What linkding 1.38.1 and newer say where there is no snapshot: it can be made from the other
/// fields, so it is no news. Source: linkding 1.46.2 (observed, read 2026-11-22).
bool is_made_up(const Record& record) {
  constexpr std::string_view start = "https://web.archive.org/web/";
  constexpr std::size_t digits = 14;
  const Text url = record.archive_url;
  if (!url.starts_with(start) || url.size() < start.size() + digits + 1) return false;
  if (url.substr(start.size() + digits + 1) != record.url) return false;
  std::string moment = format_rfc3339(cut_to(record.added, Precision::second));
  std::erase_if(moment, [](char c) { return c < '0' || c > '9'; });
  return url.substr(start.size(), digits) == moment;
}

std::span<const Attribute> extra_of(const Record& record, Arena& arena) {
  if (record.archive_url.empty() || is_made_up(record)) return record.extra;
  const auto all = arena.make_array<Attribute>(record.extra.size() + 1);
  std::ranges::copy(record.extra, all.begin());
  all.back() = {"linkding.web_archive_snapshot_url", record.archive_url};
  return all;
}

void add_all(common::JsonMembers& members, const Bookmark& b) {
  members.add("title", b.title);
  members.add("description", b.description);
  members.add("notes", b.notes);
  members.add("is_archived", b.archived);
  members.add("unread", b.unread);
  members.add("shared", b.shared);
  members.add("tag_names", b.tags);
}

/// Whether every wanted tag is there, in any case.
bool has_tags(std::span<const Text> held, std::span<const Text> wanted) {
  if (std::ranges::equal(held, wanted)) return true;
  std::vector<std::string> present;
  for (const Text tag : held) present.push_back(lower_case(tag));
  std::ranges::sort(present);
  return std::ranges::all_of(
      wanted, [&](Text tag) { return std::ranges::binary_search(present, lower_case(tag)); });
}

}  // namespace

Timestamp unknown_added(std::int64_t now_seconds) {
  return {now_seconds - now_seconds % seconds_an_hour, microsecond, Precision::microsecond};
}

bool is_unknown_added(const Timestamp& time) {
  return time.is_known() && time.seconds % seconds_an_hour == 0 && time.nanoseconds == microsecond;
}

Timestamp unknown_modified(std::int64_t now_seconds) {
  return {now_seconds, microsecond, Precision::microsecond};
}

bool is_unknown_modified(const Timestamp& time) {
  return time.is_known() && time.nanoseconds == microsecond;
}

Bookmark to_bookmark(const Record& record, View view, Arena& arena) {
  Bookmark b;
  b.url = record.url;
  b.title = none_if_empty(record.title);
  b.description = none_if_empty(record.description);
  b.notes = none_if_empty(record.notes);
  b.tags = record.tags;
  if (view != View::held_undated) {
    if (!is_unknown_added(record.added)) b.created_at = record.added;
    if (!is_unknown_modified(record.modified)) b.modified_at = record.modified;
  }
  b.unread = to_flag(record.is_unread);
  b.archived = to_flag(record.is_archived);
  b.shared = to_flag(record.is_shared);
  if (view == View::everything) {
    b.icon = none_if_empty(record.icon);
    b.cover_url = none_if_empty(record.cover_url);
    b.extra = extra_of(record, arena);
  }
  Origin& origin = arena.make_array<Origin>(1)[0];
  origin.id = arena.copy(std::to_string(record.id));
  origin.list = view != View::everything ? held_list
                : record.is_archived     ? "archived"
                                         : "bookmarks";
  if (view != View::everything && !is_unknown_modified(record.modified))
    origin.changed_at = record.modified;
  b.origin = &origin;
  return b;
}

std::string create_body(const Bookmark& bookmark, const Dates& dates) {
  common::JsonWriter out;
  common::JsonMembers members(out);
  members.add("url", bookmark.url);
  add_all(members, bookmark);
  members.add("date_added", dates.added);
  members.add("date_modified", dates.modified);
  members.end();
  return std::string(out.bytes());
}

std::string update_body(const Bookmark& bookmark, const Dates& dates) {
  common::JsonWriter out;
  common::JsonMembers members(out);
  add_all(members, bookmark);
  members.add("date_added", dates.added);
  members.end();
  return std::string(out.bytes());
}

Repair repair_of(const Record& held, const Bookmark& wanted, const Dates& dates,
                 bool ignores_empty) {
  common::JsonWriter out;
  common::JsonMembers members(out);
  Repair repair;
  const auto note = [&repair](std::string_view field) {
    if (!repair.fields.empty()) repair.fields += ", ";
    repair.fields += field;
  };
  const auto compare = [&](std::string_view name, const auto& value, bool is_same) {
    if (is_same) return;
    members.add(name, value);
    note(name);
  };
  const auto is_same_text = [&](Text is, Text should_be) {
    return is == should_be || (should_be.empty() && ignores_empty);
  };
  const auto is_same_flag = [](bool is, Flag should_be) { return is == (should_be == Flag::yes); };
  compare("url", wanted.url, held.url == wanted.url);
  compare("title", wanted.title, is_same_text(held.title, wanted.title));
  compare("description", wanted.description, is_same_text(held.description, wanted.description));
  compare("notes", wanted.notes, held.notes == wanted.notes);
  compare("is_archived", wanted.archived, is_same_flag(held.is_archived, wanted.archived));
  compare("unread", wanted.unread, is_same_flag(held.is_unread, wanted.unread));
  compare("shared", wanted.shared, is_same_flag(held.is_shared, wanted.shared));
  compare("tag_names", wanted.tags, has_tags(held.tags, wanted.tags));
  const bool is_date_wanted = dates.added.is_known() && !is_unknown_added(dates.added);
  compare("date_added", dates.added, !is_date_wanted || held.added == dates.added);
  members.end();
  if (!repair.fields.empty()) repair.body = out.bytes();
  return repair;
}

}  // namespace linkferry::linkding
