#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/json_value.hpp"
#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

/// Raindrop's JSON and bookmarks. Pure: no I/O.
///
///     {"result":true,"count":2,"items":[
///     {"_id":815,"link":"https://wiki.qt.io/","title":"Qt Wiki","excerpt":"","note":"",
///      "type":"link","cover":"","tags":["gui"],"important":true,"collection":{"$id":7},
///      "created":"2024-09-03T20:06:53.347Z","lastUpdate":"2024-09-04T08:00:00.000Z",
///      "highlights":[{"_id":"64f1","text":"fast","note":"","color":"yellow","created":"2024-…"}]}]}
///
/// Source: developer.raindrop.io, Raindrops (read 2026-11-22).
namespace linkferry::raindrop {

/// The service's own collections. Source: developer.raindrop.io, Collections (read 2026-11-22).
inline constexpr std::int64_t all_id = 0;  ///< but what is in Trash
inline constexpr std::int64_t unsorted_id = -1;
inline constexpr std::int64_t trash_id = -99;

struct HeldHighlight {
  Text id;
  Highlight highlight;
};

/// A bookmark as the service sends it. Views are of an arena, or of the answer.
struct Item {
  std::int64_t id = 0;
  Text link;
  Text title;
  Text excerpt;
  Text note;
  Text cover;
  Text type;
  Text reminder;
  std::span<const Text> tags;
  std::span<const HeldHighlight> highlights;
  std::span<const Media> media;
  std::int64_t collection = unsorted_id;
  Timestamp created;
  Timestamp updated;
  bool is_important = false;
  bool is_broken = false;
  bool is_removed = false;
  std::span<const Attribute> extra;  ///< keys that are not known, with their values

  bool is_in_trash() const { return is_removed || collection == trash_id; }
};

/// Reads one bookmark. Nothing where it is none (it has no id). Lifetime: the arena and the
/// document.
std::optional<Item> read_item(common::JsonValue value, Arena& arena);

/// The id of an item as changes name it; 0 where it is none.
std::int64_t id_of(Text text);

/// Which creation date means "not known" when linkferry has written it, since Raindrop dates
/// everything: the day on which it was stored, and one millisecond. A real date looks so once in 86
/// million.
Timestamp unknown_created(std::int64_t now_seconds);
bool is_unknown_created(const Timestamp& time);

/// What a reader wants to have of a bookmark.
enum class View : std::uint8_t {
  everything,  ///< for a backup
  held,        ///< what a sink compares: what can be written, no more
};

/// An item as a bookmark, but for its folder and `origin`. Lifetime: of the item's texts and the
/// arena.
Bookmark to_bookmark(const Item& item, View view, Arena& arena);

/// The colours that highlights may have; the first is that of those that state none.
inline constexpr Text highlight_colors[] = {"yellow", "blue",   "brown", "cyan",   "gray", "green",
                                            "indigo", "orange", "pink",  "purple", "red",  "teal"};

/// What is written of a bookmark: the body of one creation.
std::string create_body(const Bookmark& bookmark, std::int64_t collection,
                        const Timestamp& created);

/// The body that changes a bookmark, but for its kind and highlights, which need to be compared
/// with what is there. Without a collection it stays where it is: one that is named takes it out of
/// Trash.
std::string update_body(const Bookmark& bookmark, std::optional<std::int64_t> collection);

/// The body that makes `held` what `wanted` is, with the fields in which they differ; empty when
/// they do not. Of highlights it adds those that are missing, changes notes and colours, and
/// removes what is too much, a second copy of one that was sent twice included.
struct Repair {
  std::string body;
  std::string fields;  ///< their names, for messages
};
Repair repair_of(const Item& held, const Bookmark& wanted, std::int64_t collection);

}  // namespace linkferry::raindrop
