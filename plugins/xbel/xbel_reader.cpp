#include "xbel/xbel_reader.hpp"

#include <string>

#include "linkferry/timestamp_text.hpp"
#include "xbel/xbel_text.hpp"

namespace linkferry::xbel {
namespace {

using tinyxml2::XMLAttribute;
using tinyxml2::XMLElement;

/// All text below a node, markup left out. Recursion: at most the reader's 100 levels.
void append_text_below(const tinyxml2::XMLNode& node, std::string& text) {
  for (const auto* child = node.FirstChild(); child != nullptr; child = child->NextSibling()) {
    if (const auto* const piece = child->ToText()) {
      text.append(piece->Value());
    } else {
      append_text_below(*child, text);
    }
  }
}

bool is_tags(std::string_view name) { return name == "TAGS" || name == "tags"; }

std::uint64_t line_of(int line) { return static_cast<std::uint64_t>(line); }

}  // namespace

void ElementReader::add_bookmark(const XMLElement& element, FolderPath path) {
  add_record(element, path, element.GetLineNum());
}

void ElementReader::add_alias(const XMLElement& element, FolderPath path) {
  const char* const ref = element.Attribute("ref");
  const XMLElement* const target = ref == nullptr ? nullptr : document_.find(ref);
  if (target != nullptr && target->Name() == std::string_view("bookmark")) {
    add_record(*target, path, element.GetLineNum());
    return;
  }
  const std::string_view reason =
      target == nullptr ? "an alias refers to an id that no bookmark has"
                        : "an alias refers to a folder, which cannot stand in two places";
  batch_.rejections.push_back({reason,
                               copy(std::string_view(ref == nullptr ? "" : ref).substr(0, 160)),
                               line_of(element.GetLineNum()), batch_.bookmarks.size()});
}

void ElementReader::add_record(const XMLElement& element, FolderPath path, int line) {
  line_ = line;
  is_too_large_ = false;
  tags_.clear();
  extra_.clear();
  Bookmark bookmark;
  bookmark.line = line_of(line);
  for (const auto* attribute = element.FirstAttribute(); attribute != nullptr;
       attribute = attribute->Next()) {
    read_attribute(*attribute, bookmark);
  }
  bookmark.title = as_title(text_of(element.FirstChildElement("title")), batch_.arena);
  bookmark.description = as_description(text_of(element.FirstChildElement("desc")));
  if (bookmark.title.empty()) bookmark.title = {};
  if (bookmark.description.empty()) bookmark.description = {};
  read_metadata(element,
                [&](const XMLAttribute& attribute) { read_own_attribute(attribute, bookmark); });
  if (is_too_large_) {
    batch_.rejections.push_back({"a text of the bookmark is larger than 16 MiB",
                                 bookmark.url.substr(0, 160), line_of(line),
                                 batch_.bookmarks.size()});
    return;
  }
  if (!path.empty()) bookmark.folders = batch_.arena.copy(std::span<const FolderPath>(&path, 1));
  bookmark.tags = batch_.arena.copy(std::span<const Text>(tags_));
  bookmark.extra = batch_.arena.copy(std::span<const Attribute>(extra_));
  batch_.bookmarks.push_back(bookmark);
}

void ElementReader::read_attribute(const XMLAttribute& attribute, Bookmark& bookmark) {
  const std::string_view name = attribute.Name();
  if (name == "href") {
    bookmark.url = copy(attribute.Value());
  } else if (name == "added") {
    read_date(attribute, bookmark.created_at);
  } else if (name == "modified") {
    read_date(attribute, bookmark.modified_at);
  } else if (name == "visited") {
    read_date(attribute, bookmark.visited_at);
  } else if (is_tags(name)) {
    read_tags(attribute.Value());
  } else {
    keep(attribute);
  }
}

/// buku's way: separated by commas.
void ElementReader::read_tags(std::string_view value) {
  if (value == "no_tag") return;
  while (!value.empty()) {
    const std::size_t end = std::min(value.find(','), value.size());
    const Text tag = as_description(value.substr(0, end));
    if (!tag.empty()) tags_.push_back(copy(tag));
    value.remove_prefix(std::min(end + 1, value.size()));
  }
}

template <class ReadOwn>
void ElementReader::read_metadata(const XMLElement& element, ReadOwn read_own) {
  const XMLElement* const info = element.FirstChildElement("info");
  if (info == nullptr) return;
  const auto is_own = [](const XMLElement& metadata) {
    const char* const owner = metadata.Attribute("owner");
    return owner != nullptr && owner == own_owner;
  };
  for (const auto* item = info->FirstChildElement("metadata"); item != nullptr;
       item = item->NextSiblingElement("metadata")) {
    if (is_own(*item)) continue;
    const std::string xml = document_.xml_of(*item);
    extra_.push_back(
        {"xbel.metadata", copy(std::string_view(canonical_metadata(xml).value_or(xml)))});
  }
  for (const auto* item = info->FirstChildElement("metadata"); item != nullptr;
       item = item->NextSiblingElement("metadata")) {
    if (!is_own(*item)) continue;
    for (const auto* attribute = item->FirstAttribute(); attribute != nullptr;
         attribute = attribute->Next()) {
      read_own(*attribute);
    }
    read_own_children(*item);
  }
}

void ElementReader::read_own_attribute(const XMLAttribute& attribute, Bookmark& bookmark) {
  const std::string_view name = attribute.Name();
  const char* const value = attribute.Value();
  if (name == "notes") bookmark.notes = copy(value);
  if (name == "language") bookmark.language = copy(value);
  if (name == "icon") bookmark.icon = copy(value);
  if (name == "cover_url") bookmark.cover_url = copy(value);
  if (name == "keyword") bookmark.keyword = copy(value);
  if (name == "read_at") read_own_date(value, bookmark.read_at);
  if (name == "unread") read_flag(value, bookmark.unread);
  if (name == "favorite") read_flag(value, bookmark.favorite);
  if (name == "archived") read_flag(value, bookmark.archived);
  if (name == "shared") read_flag(value, bookmark.shared);
  if (name == "kind") {
    for (const Kind kind : {Kind::note, Kind::code, Kind::image, Kind::post}) {
      if (name_of(kind) == value) bookmark.kind = kind;
    }
  }
}

void ElementReader::read_own_children(const XMLElement& metadata) {
  for (const auto* item = metadata.FirstChildElement(); item != nullptr;
       item = item->NextSiblingElement()) {
    const char* const name = item->Attribute("name");
    if (name == nullptr) continue;
    if (item->Name() == std::string_view("tag")) tags_.push_back(copy(name));
    if (item->Name() == std::string_view("extra"))
      extra_.push_back({copy(name), copy(item->Attribute("value"))});
  }
}

void ElementReader::read_flag(std::string_view value, Flag& flag) {
  if (value == "yes" || value == "no") {
    flag = to_flag(value == "yes");
  } else {
    notice("a flag in linkferry's metadata that is neither yes nor no was dropped");
  }
}

void ElementReader::read_own_date(const char* value, Timestamp& time) {
  time = parse_rfc3339(value);
  if (!time.is_known()) notice("a date in linkferry's metadata that is none was dropped");
}

void ElementReader::read_date(const XMLAttribute& attribute, Timestamp& time) {
  time = parse_rfc3339(attribute.Value());
  if (time.is_known()) return;
  notice("a date that is none was kept in extra");
  keep(attribute);
}

void ElementReader::keep(const XMLAttribute& attribute) {
  extra_.push_back(
      {copy(std::string_view("xbel." + std::string(attribute.Name()))), copy(attribute.Value())});
}

void ElementReader::add_folder(const XMLElement& element, FolderPath path) {
  line_ = element.GetLineNum();
  is_too_large_ = false;
  extra_.clear();
  tags_.clear();
  Folder folder;
  folder.path = path;
  folder.line = line_of(line_);
  for (const auto* attribute = element.FirstAttribute(); attribute != nullptr;
       attribute = attribute->Next()) {
    if (attribute->Name() == std::string_view("added")) {
      read_date(*attribute, folder.created_at);
    } else if (attribute->Name() == std::string_view("toolbar") &&
               attribute->Value() == std::string_view("yes")) {
      folder.role = FolderRole::toolbar;
    } else {
      keep(*attribute);
    }
  }
  folder.description = as_description(text_of(element.FirstChildElement("desc")));
  if (folder.description.empty()) folder.description = {};
  read_metadata(element, [&](const XMLAttribute& attribute) {
    const std::string_view name = attribute.Name();
    if (name == "modified_at") read_own_date(attribute.Value(), folder.modified_at);
    for (const FolderRole role : {FolderRole::menu, FolderRole::unfiled, FolderRole::mobile}) {
      if (name == "role" && name_of(role) == attribute.Value()) folder.role = role;
    }
  });
  if (is_too_large_) {
    notice("facts of a folder that are larger than 16 MiB were left out");
    folder.description = {};
    extra_.clear();
  }
  folder.extra = batch_.arena.copy(std::span<const Attribute>(extra_));
  batch_.folders.push_back({folder, batch_.bookmarks.size()});
}

void ElementReader::add_separator(const XMLElement& element, FolderPath path) {
  Folder separator;
  separator.type = Folder::Type::separator;
  separator.path = path;
  separator.line = line_of(element.GetLineNum());
  batch_.folders.push_back({separator, batch_.bookmarks.size()});
}

Text ElementReader::folder_name(const XMLElement& element) {
  is_too_large_ = false;
  const Text name = as_title(text_of(element.FirstChildElement("title")), batch_.arena);
  return is_absent(name) || is_too_large_ ? "" : name;
}

Text ElementReader::copy(const char* text) {
  return text == nullptr ? Text{} : copy(std::string_view(text));
}

Text ElementReader::copy(std::string_view text) {
  if (text.size() > max_field_bytes) {
    is_too_large_ = true;
    return "";
  }
  return batch_.arena.copy(text);
}

Text ElementReader::text_of(const XMLElement* element) {
  if (element == nullptr) return {};
  std::string text;
  append_text_below(*element, text);
  return copy(std::string_view(text));
}

void ElementReader::notice(std::string_view text) {
  batch_.notices.push_back({text, line_of(line_)});
}

}  // namespace linkferry::xbel
