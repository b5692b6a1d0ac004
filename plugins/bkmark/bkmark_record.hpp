#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bkmark/bkmark_groups.hpp"
#include "common/json_value.hpp"
#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

/// Bkmark's JSON and bookmarks. Pure: no I/O.
///
///     {"data":[{"id":"3f7a…","url":"https://a.example/","title":"A","description":null,
///      "type":"link","source":"extension","isFavorite":true,"isArchived":false,"readAt":null,
///      "tags":[{"id":"a1b2…","name":"a","color":"blue"}],"groups":[{"id":"c3d4…","name":"G"}],
///      "createdAt":"2025-03-15T09:22:11.000Z","updatedAt":"2025-03-15T09:22:11.000Z"}],
///      "nextCursor":"d4e5…"}
///
/// Source: Bkmark's page on the Bookmarks API (read 2026-11-22).
namespace linkferry::bkmark {

struct Tag {
  Text id;
  Text name;
  Text color;  ///< absent where it has none
};

struct Group {
  Text id;
  Text name;
};

/// A bookmark as Bkmark sends it. Lifetime: the arena that it was parsed with.
struct Record {
  Text id;
  Text url;  ///< absent or empty: of a note or a piece of code
  Text title;
  Text description;
  Text type;
  Text source;
  bool is_favorite = false;
  bool is_archived = false;
  bool is_read = false;
  Timestamp read_at;  ///< unknown where it is no date
  std::span<const Tag> tags;
  std::span<const Group> groups;
  Timestamp created;
  Timestamp updated;
  std::span<const Attribute> extra;  ///< members that are not known, with their values
  Text raw;                          ///< as it was sent
};

/// Nothing for what is no bookmark: no object, without an id.
std::optional<Record> parse_record(common::JsonValue value, Arena& arena);

/// One page of a list.
struct Page {
  common::JsonDocument document;
  std::vector<common::JsonValue> items;  ///< of the document
  std::string next_cursor;               ///< empty on the last page
};
/// Nothing for what is no page.
std::optional<Page> parse_page(common::JsonDocument document);

/// What a reader wants to have of a record.
struct View {
  bool is_held = false;      ///< only what can be written, for a sink that compares
  bool has_dates = true;     ///< of creation
  bool splits_notes = true;  ///< off the description
};

/// `origin->list` of what a sink holds, which tells it from what is to be written.
inline constexpr Text held_list = "held by bkmark";

Kind kind_of(Text type);
/// `link`, `note`, `code` or `image`.
Text type_of(Kind kind);

/// A record as a bookmark. `origin` has the id, the list and, but for a sink, the record as it was
/// sent. The groups must have been learnt. Lifetime: of the record's texts and the arena.
Bookmark to_bookmark(const Record& record, const View& view, const Groups& groups, Arena& arena);

}  // namespace linkferry::bkmark
