#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/json_line.hpp"
#include "linkferry/batch.hpp"

namespace linkferry::jsonl {

/// A text (decoded) that is longer is refused with its line.
inline constexpr std::size_t max_field_bytes = 16 * 1024 * 1024;

enum class LineStatus {
  bookmark,  ///< it went to Batch::bookmarks
  folder,    ///< a folder or separator; it went to Batch::folders
  refused,   ///< a JSON object that cannot be a record; it went to Batch::rejections
  not_json,  ///< no JSON object; it went to Batch::rejections
  cut,       ///< it ends inside a value; nothing of it is in the batch
};

/// Makes records of lines like these:
///
///     {"url":"https://a.example/","title":"A","tags":["x"],"folders":[["Work","Tools"]],"created_at":"2024-09-03T20:06:53Z"}
///     {"url":"https://b.example/","unread":true,"extra":{"netscape.LAST_CHARSET":"UTF-8"}}
///     {"type":"folder","path":["Work"],"description":"Paid","role":"toolbar"}
///     {"type":"separator","path":["Work"]}
///     {"kind":"note","title":"No address","notes":"a text"}
///
/// Keys may come in any order. Null is absent. What no field takes goes to `extra` as `jsonl.KEY`,
/// texts as what they say and other values as their JSON text: keys that are not known (below
/// `highlights` also `jsonl.highlights.KEY`), the second of two equal keys, and dates, kinds and
/// roles that cannot be read. Source: schemas/bookmark.schema.json. Thread: one at a time.
class LineParser {
 public:
  /// Adds what the line says to `batch`, without copying texts that have no escapes.
  /// `line` is valid UTF-8, lives in the batch's arena and ends as a JsonLine does.
  LineStatus parse(const char* line, std::uint64_t number, Batch& batch);

  /// The first byte that `parse` did not take: the line feed, unless it failed.
  const char* position() const { return line_.position(); }

 private:
  /// Calls `on_key` with each key, to take its value.
  template <class OnKey>
  bool take_object(OnKey on_key) {
    common::JsonText json;
    if (!line_.take('{')) return false;
    if (line_.take('}')) return true;
    do {
      if (!line_.take_text(json) || !line_.take(':')) return false;
      Text key = json.raw;
      if (json.is_escaped && !decode("a key", json, key)) return false;
      if (!on_key(key)) return false;
    } while (line_.take(','));
    return line_.take('}');
  }

  /// Calls `on_item` to take each item.
  template <class OnItem>
  bool take_array(OnItem on_item) {
    if (!line_.take('[')) return false;
    if (line_.take(']')) return true;
    do {
      if (!on_item()) return false;
    } while (line_.take(','));
    return line_.take(']');
  }

  bool take_bookmark();
  bool take_field(Field field, Bookmark& bookmark);
  bool take_folder();
  bool take_folder_field(std::string_view key, Folder& folder);
  bool take_type();

  bool take_text(std::string_view key, Text& text);
  bool take_flag(std::string_view key, Flag& flag);
  bool take_date(std::string_view key, Timestamp& time);
  bool take_kind(Kind& kind);
  bool take_role(FolderRole& role);
  bool take_texts(std::string_view key, std::span<const Text>& texts);
  bool take_path(std::string_view key, FolderPath& path);
  bool take_folders(std::span<const FolderPath>& folders);
  bool take_highlights(std::span<const Highlight>& highlights);
  bool take_media(std::span<const Media>& media);
  bool take_post(const Post*& post);
  bool take_extra();
  bool take_origin(const Origin*& origin);
  bool take_unknown(std::string_view parent, std::string_view key);

  bool begins_with(char opening, std::string_view key, std::string_view expected,
                   bool& is_well_formed);
  bool take_list_text(std::string_view key, Text& text);
  /// What a text says; `key` is for the refusal of one that is too large.
  bool decode(std::string_view key, const common::JsonText& json, Text& text) {
    if (json.is_escaped || json.raw.size() > max_field_bytes)
      return decode_unusual(key, json, text);
    text = json.raw;
    return true;
  }
  bool decode_unusual(std::string_view key, const common::JsonText& json, Text& text);
  bool refuse_type(std::string_view key, std::string_view expected);
  void keep(std::string_view parent, std::string_view key, Text value);
  void notice(std::string_view text);
  LineStatus reject(LineStatus status, std::string_view reason);
  LineStatus fail();

  common::JsonLine line_{"\n"};
  const char* text_ = nullptr;
  std::uint64_t number_ = 0;
  Batch* batch_ = nullptr;
  Folder::Type folder_type_ = Folder::Type::folder;
  bool is_folder_ = false;
  Text refusal_;

  // Lists under construction; recycled from line to line.
  std::vector<Text> texts_;
  std::vector<FolderPath> paths_;
  std::vector<Highlight> highlights_;
  std::vector<Media> media_;
  std::vector<Attribute> extra_;
};

/// The first bytes of a line, enough to recognise it, cut between characters.
std::string_view excerpt_of(const char* line);

}  // namespace linkferry::jsonl
