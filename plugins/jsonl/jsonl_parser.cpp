#include "jsonl/jsonl_parser.hpp"

#include <string>

namespace linkferry::jsonl {
namespace {

constexpr std::size_t excerpt_bytes = 160;
constexpr std::size_t origin_key = field_count;
constexpr std::size_t type_key = field_count + 1;
constexpr std::size_t unknown_key = field_count + 2;

std::size_t of(std::string_view name, std::string_view wanted, Field field) {
  return name == wanted ? static_cast<std::size_t>(field) : unknown_key;
}

std::size_t find_key_of_four(std::string_view name) {
  if (name == "tags") return static_cast<std::size_t>(Field::tags);
  if (name == "icon") return static_cast<std::size_t>(Field::icon);
  if (name == "kind") return static_cast<std::size_t>(Field::kind);
  if (name == "type") return type_key;
  return of(name, "post", Field::post);
}

/// A switch over lengths, so that each comparison has a fixed size: eight times as fast as a
/// search.
std::size_t find_key(std::string_view name) {
  const auto field = [](Field found) { return static_cast<std::size_t>(found); };
  switch (name.size()) {
    case 3:
      return of(name, "url", Field::url);
    case 4:
      return find_key_of_four(name);
    case 5:
      if (name == "title") return field(Field::title);
      if (name == "extra") return field(Field::extra);
      if (name == "notes") return field(Field::notes);
      return of(name, "media", Field::media);
    case 6:
      if (name == "unread") return field(Field::unread);
      if (name == "shared") return field(Field::shared);
      return name == "origin" ? origin_key : unknown_key;
    case 7:
      if (name == "folders") return field(Field::folders);
      if (name == "read_at") return field(Field::read_at);
      return of(name, "keyword", Field::keyword);
    case 8:
      if (name == "archived") return field(Field::archived);
      if (name == "favorite") return field(Field::favorite);
      return of(name, "language", Field::language);
    case 9:
      return of(name, "cover_url", Field::cover_url);
    case 10:
      if (name == "created_at") return field(Field::created_at);
      if (name == "visited_at") return field(Field::visited_at);
      return of(name, "highlights", Field::highlights);
    case 11:
      if (name == "modified_at") return field(Field::modified_at);
      return of(name, "description", Field::description);
    default:
      return unknown_key;
  }
}

}  // namespace

std::string_view excerpt_of(const char* line) {
  std::size_t size = 0;
  while (size < excerpt_bytes && line[size] != '\n') ++size;
  while (size > 0 && (static_cast<unsigned char>(line[size]) & 0xc0) == 0x80) --size;
  return {line, size};
}

LineStatus LineParser::parse(const char* line, std::uint64_t number, Batch& batch) {
  line_ = common::JsonLine(line);
  text_ = line;
  number_ = number;
  batch_ = &batch;
  is_folder_ = false;
  refusal_ = {};
  const std::size_t notices = batch.notices.size();
  if (line_.peek() != '{') {
    if (line_.is_at_end()) return LineStatus::cut;
    return reject(LineStatus::not_json, "the line is not a JSON object");
  }
  if (take_bookmark())
    return refusal_.empty() ? LineStatus::bookmark : reject(LineStatus::refused, refusal_);
  if (is_folder_) {
    batch.notices.resize(notices);
    line_ = common::JsonLine(line);
    refusal_ = {};
    if (take_folder())
      return refusal_.empty() ? LineStatus::folder : reject(LineStatus::refused, refusal_);
  }
  batch.notices.resize(notices);
  return fail();
}

bool LineParser::take_bookmark() {
  extra_.clear();
  Bookmark& bookmark = batch_->bookmarks.emplace_back();
  bookmark.line = number_;
  std::uint32_t seen = 0;
  const bool is_json = take_object([&](std::string_view name) {
    const std::size_t key = find_key(name);
    if (key == unknown_key) return take_unknown({}, name);
    const std::uint32_t bit = std::uint32_t{1} << key;
    if (key == type_key) return take_type();
    if ((seen & bit) != 0) {
      notice("a key stood twice in a line; the second is kept in extra");
      return take_unknown({}, name);
    }
    seen |= bit;
    return key == origin_key ? take_origin(bookmark.origin)
                             : take_field(static_cast<Field>(key), bookmark);
  });
  const bool is_well_formed = is_json && line_.is_at_end();
  if (is_well_formed && refusal_.empty()) {
    bookmark.extra = batch_->arena.copy(std::span<const Attribute>(extra_));
  } else {
    batch_->bookmarks.pop_back();
  }
  return is_well_formed;
}

bool LineParser::take_field(Field field, Bookmark& bookmark) {
  switch (field) {
    case Field::url:
      return take_text("url", bookmark.url);
    case Field::title:
      return take_text("title", bookmark.title);
    case Field::description:
      return take_text("description", bookmark.description);
    case Field::notes:
      return take_text("notes", bookmark.notes);
    case Field::tags:
      return take_texts("tags", bookmark.tags);
    case Field::folders:
      return take_folders(bookmark.folders);
    case Field::created_at:
      return take_date("created_at", bookmark.created_at);
    case Field::modified_at:
      return take_date("modified_at", bookmark.modified_at);
    case Field::read_at:
      return take_date("read_at", bookmark.read_at);
    case Field::visited_at:
      return take_date("visited_at", bookmark.visited_at);
    case Field::unread:
      return take_flag("unread", bookmark.unread);
    case Field::favorite:
      return take_flag("favorite", bookmark.favorite);
    case Field::archived:
      return take_flag("archived", bookmark.archived);
    case Field::shared:
      return take_flag("shared", bookmark.shared);
    case Field::kind:
      return take_kind(bookmark.kind);
    case Field::language:
      return take_text("language", bookmark.language);
    case Field::icon:
      return take_text("icon", bookmark.icon);
    case Field::cover_url:
      return take_text("cover_url", bookmark.cover_url);
    case Field::keyword:
      return take_text("keyword", bookmark.keyword);
    case Field::highlights:
      return take_highlights(bookmark.highlights);
    case Field::media:
      return take_media(bookmark.media);
    case Field::post:
      return take_post(bookmark.post);
    case Field::extra:
      return take_extra();
  }
  return false;
}

bool LineParser::take_type() {
  common::JsonText json;
  if (line_.peek() != '"') return take_unknown({}, "type");
  if (!line_.take_text(json)) return false;
  is_folder_ = json.raw == "folder" || json.raw == "separator";
  if (is_folder_) {
    folder_type_ = json.raw == "folder" ? Folder::Type::folder : Folder::Type::separator;
    return false;
  }
  Text value;
  if (!decode("type", json, value)) return false;
  keep({}, "type", value);
  return true;
}

bool LineParser::take_folder() {
  extra_.clear();
  PlacedFolder placed;
  placed.before = batch_->bookmarks.size();
  placed.folder.type = folder_type_;
  placed.folder.line = number_;
  const bool is_json =
      take_object([&](std::string_view name) { return take_folder_field(name, placed.folder); });
  if (!is_json || !line_.is_at_end()) return false;
  if (!refusal_.empty()) return true;
  placed.folder.extra = batch_->arena.copy(std::span<const Attribute>(extra_));
  batch_->folders.push_back(placed);
  return true;
}

bool LineParser::take_folder_field(std::string_view key, Folder& folder) {
  std::string_view ignored;
  if (key == "type") return line_.take_value(ignored);
  if (key == "path") return take_path(key, folder.path);
  if (key == "title") return take_text(key, folder.title);
  if (key == "description") return take_text(key, folder.description);
  if (key == "created_at") return take_date(key, folder.created_at);
  if (key == "modified_at") return take_date(key, folder.modified_at);
  if (key == "role") return take_role(folder.role);
  if (key == "extra") return take_extra();
  return take_unknown({}, key);
}

LineStatus LineParser::reject(LineStatus status, std::string_view reason) {
  batch_->rejections.push_back(
      {batch_->arena.copy(reason), excerpt_of(text_), number_, batch_->bookmarks.size()});
  return status;
}

LineStatus LineParser::fail() {
  if (line_.is_cut()) return LineStatus::cut;
  if (line_.is_too_deep())
    return reject(LineStatus::not_json, "values are nested deeper than 1000 levels");
  return reject(LineStatus::not_json,
                "the line is not JSON: it goes wrong at column " + std::to_string(line_.column()));
}

}  // namespace linkferry::jsonl
