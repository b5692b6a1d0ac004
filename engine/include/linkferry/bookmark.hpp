#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string_view>

/// The normalized record, as `schemas/bookmark.schema.json` describes it.
///
/// In memory a bookmark is a view: its texts and lists point into the arena of the batch that
/// carries it and are valid until that batch is cleared. Copying a bookmark copies the view.
namespace linkferry {

/// UTF-8 text that may be absent, which is not the same as empty: absent is `data() == nullptr`.
using Text = std::string_view;

constexpr bool is_present(Text text) { return text.data() != nullptr; }
constexpr bool is_absent(Text text) { return text.data() == nullptr; }

/// How exact a point in time is known; a sink writes no more digits than this.
enum class Precision : std::uint8_t { unknown, day, second, millisecond, microsecond, nanosecond };

/// A point in time in UTC, or unknown. Never 1970 and never now in place of unknown.
struct Timestamp {
  std::int64_t seconds = 0;  ///< since 1970-01-01T00:00:00Z, negative before it; years 0001 to 9999
  std::uint32_t nanoseconds = 0;  ///< 0 to 999,999,999, zero beyond the precision
  Precision precision = Precision::unknown;

  constexpr bool is_known() const { return precision != Precision::unknown; }
  friend constexpr bool operator==(const Timestamp& a, const Timestamp& b) {
    if (!a.is_known() || !b.is_known()) return a.is_known() == b.is_known();
    return a.seconds == b.seconds && a.nanoseconds == b.nanoseconds;
  }
};

/// Whether `a` is earlier than `b`; both must be known.
constexpr bool is_before(const Timestamp& a, const Timestamp& b) {
  return a.seconds != b.seconds ? a.seconds < b.seconds : a.nanoseconds < b.nanoseconds;
}

/// A yes or no that the source may not know.
enum class Flag : std::uint8_t { unknown, no, yes };

constexpr Flag to_flag(bool value) { return value ? Flag::yes : Flag::no; }

enum class Kind : std::uint8_t { link, note, code, image, post };

/// The names of the folders from the root down; empty means the root itself.
using FolderPath = std::span<const Text>;

/// Deeper folders are kept at this level, and the reader says so.
inline constexpr std::size_t max_folder_depth = 1000;

struct Highlight {
  Text text;
  Text note;
  Text color;
  Timestamp created_at;
};

struct Media {
  Text url;
  Text kind;  ///< image, video, audio, file, …
  Text description;
  Text name;
};

/// A status of the fediverse behind a bookmark of kind `post`.
struct Post {
  Text uri;
  Text author;
  Text author_url;
  Text html;
  Text content_warning;
  Text visibility;
  Timestamp edited_at;
};

/// Where a record came from. Not compared, and not part of what the record says.
struct Origin {
  Text plugin;
  Text endpoint;
  Text id;    ///< the service's own id
  Text list;  ///< bookmarks, favourites, archived, …
  Text raw;   ///< the record as the service sent it
  /// When the service says that the record was changed last. Of what a sink holds, since one that
  /// dates changes itself leaves `modified_at` out.
  Timestamp changed_at{};
};

/// One attribute that the record has no field for, kept so that it can be written back.
/// Names are `plugin.name`, for instance `netscape.LAST_CHARSET`.
struct Attribute {
  Text name;
  Text value;
};

struct Bookmark {
  Text url;  ///< exactly as given, never rewritten
  Text title;
  Text description;
  Text notes;
  std::span<const Text> tags;           ///< in order, case kept, none empty
  std::span<const FolderPath> folders;  ///< several are possible; none means unfiled or at the root
  Timestamp created_at;
  Timestamp modified_at;
  Timestamp read_at;
  Timestamp visited_at;
  Flag unread = Flag::unknown;
  Flag favorite = Flag::unknown;
  Flag archived = Flag::unknown;
  Flag shared = Flag::unknown;
  Kind kind = Kind::link;
  Text language;
  Text icon;  ///< a `data:` URI or an address
  Text cover_url;
  Text keyword;
  std::span<const Highlight> highlights;
  std::span<const Media> media;
  const Post* post = nullptr;
  std::span<const Attribute> extra;

  const Origin* origin = nullptr;  ///< not compared
  std::uint64_t line =
      0;  ///< of the file it was read from, counted from 1; 0 where there is none. Not compared
};

enum class FolderRole : std::uint8_t { none, toolbar, menu, unfiled, mobile };

/// What travels beside the bookmarks: facts about a folder, or a separator inside one.
struct Folder {
  enum class Type : std::uint8_t { folder, separator };

  Type type = Type::folder;
  FolderPath path;  ///< of the folder itself; for a separator, of the folder it stands in
  Text title;       ///< of a separator that has one
  Text description;
  Timestamp created_at;
  Timestamp modified_at;
  FolderRole role = FolderRole::none;
  std::span<const Attribute> extra;
  std::uint64_t line = 0;  ///< not compared
};

/// The fields of a bookmark, in the order of the schema; used to name differences and losses.
enum class Field : std::uint8_t {
  url,
  title,
  description,
  notes,
  tags,
  folders,
  created_at,
  modified_at,
  read_at,
  visited_at,
  unread,
  favorite,
  archived,
  shared,
  kind,
  language,
  icon,
  cover_url,
  keyword,
  highlights,
  media,
  post,
  extra,
};

inline constexpr std::size_t field_count = static_cast<std::size_t>(Field::extra) + 1;

/// The name of a field as the schema spells it.
constexpr std::string_view name_of(Field field) {
  constexpr std::string_view names[field_count] = {
      "url",        "title",       "description", "notes",      "tags",   "folders",
      "created_at", "modified_at", "read_at",     "visited_at", "unread", "favorite",
      "archived",   "shared",      "kind",        "language",   "icon",   "cover_url",
      "keyword",    "highlights",  "media",       "post",       "extra"};
  return names[static_cast<std::size_t>(field)];
}

constexpr std::string_view name_of(Kind kind) {
  constexpr std::string_view names[] = {"link", "note", "code", "image", "post"};
  return names[static_cast<std::size_t>(kind)];
}

constexpr std::string_view name_of(FolderRole role) {
  constexpr std::string_view names[] = {"", "toolbar", "menu", "unfiled", "mobile"};
  return names[static_cast<std::size_t>(role)];
}

}  // namespace linkferry
