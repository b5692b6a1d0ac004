#include "common/netscape_records.hpp"

#include <algorithm>
#include <cstring>

#include "common/netscape_dates.hpp"

namespace linkferry::common {
namespace {

using enum NetscapeAttribute;

constexpr std::string_view notice_date = "a date that is no date was left out";
constexpr std::string_view notice_flag = "a flag that is neither yes nor no was left out";
constexpr std::string_view notice_icon = "an icon address that Firefox made up was left out";
constexpr std::string_view notice_tags = "tags after the first 65,536 of an entry were left out";
constexpr std::string_view notice_name = "an attribute whose name is no name was left out";

/// Source: Firefox exports; the schemes stand for icons that have no address.
bool is_made_up_icon(Text uri) {
  return uri.starts_with("fake-favicon-uri:") || uri.starts_with("made-up-favicon:");
}

/// Description and notes of a DD in which linkding wrote both. `raw` is not decoded yet: a mark
/// that the text itself contains is written with a reference.
struct Described {
  Text before;
  Text notes;
  Text after;
};

Described split_notes(Text raw) {
  const std::size_t begin = raw.find(linkding_notes_begin);
  if (begin == Text::npos) return {raw, {}, {}};
  const Text rest = raw.substr(begin + linkding_notes_begin.size());
  const std::size_t end = rest.rfind(linkding_notes_end);
  if (end == Text::npos) return {raw.substr(0, begin), rest, {}};
  return {raw.substr(0, begin), rest.substr(0, end), rest.substr(end + linkding_notes_end.size())};
}

Text joined(Text first, Text second, Arena& arena) {
  if (first.empty()) return second;
  if (second.empty()) return first;
  const std::size_t size = first.size() + 1 + second.size();
  char* bytes = static_cast<char*>(arena.allocate(size, 1));
  std::memcpy(bytes, first.data(), first.size());
  bytes[first.size()] = '\n';
  std::memcpy(bytes + first.size() + 1, second.data(), second.size());
  return {bytes, size};
}

/// The usual spelling, by the order of NetscapeAttribute.
constexpr std::string_view usual_names[netscape_attribute_count] = {"HREF",
                                                                    "ADD_DATE",
                                                                    "LAST_MODIFIED",
                                                                    "LAST_VISIT",
                                                                    "PRIVATE",
                                                                    "TOREAD",
                                                                    "TAGS",
                                                                    "ICON",
                                                                    "ICON_URI",
                                                                    "SHORTCUTURL",
                                                                    "DATA-COVER",
                                                                    "DATA-IMPORTANT",
                                                                    "description",
                                                                    "time_added",
                                                                    "PERSONAL_TOOLBAR_FOLDER",
                                                                    "UNFILED_BOOKMARKS_FOLDER",
                                                                    "BOOKMARKS_MENU"};

template <class... Names>
constexpr std::uint32_t mask_of(Names... names) {
  return ((1U << static_cast<unsigned>(names)) | ...);
}

constexpr std::uint32_t folder_facts =
    mask_of(add_date, last_modified, toolbar_folder, unfiled_folder, menu_folder);

Text present(Text text) { return is_present(text) ? text : Text("", 0); }

}  // namespace

bool is_attribute_name(std::string_view name) {
  if (name.empty() || name.size() > 128) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (to_lower(c) >= 'a' && to_lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == ':';
  });
}

bool is_usual_spelling(std::string_view name) {
  return std::find(std::begin(usual_names), std::end(usual_names), name) != std::end(usual_names);
}

bool is_folder_fact(std::string_view name) {
  const NetscapeAttribute known = find_netscape_attribute(name);
  return known != other && (folder_facts >> static_cast<unsigned>(known) & 1) != 0;
}

inline void NetscapeRecords::fill_date(Timestamp& time, const NetscapeAttributes& attributes,
                                       NetscapeAttribute name, Arena& arena) {
  if (!attributes.has(name) || parse_usual_date(attributes[name], time)) return;
  time =
      parse_netscape_date(decoded(attributes[name], References::attribute, arena), has_bad_date_);
}

void NetscapeRecords::fill(Bookmark& bookmark, const NetscapeTokenizer& token, Arena& arena,
                           std::vector<std::string_view>& notices) {
  const NetscapeAttributes& attributes = token.attributes();
  notices_ = &notices;
  fill_address(bookmark, token, arena);
  bookmark.title = trimmed(token.title());
  if (token.may_need_decoding())
    bookmark.title = one_line(decoded(bookmark.title, References::text, arena), arena);
  fill_dates(bookmark, attributes, arena);
  if (attributes.has(NetscapeAttribute::tags)) {
    bool is_archived = false;
    const Text raw = attributes[NetscapeAttribute::tags];
    Text value =
        attributes.notes().may_have_reference() ? decoded(raw, References::attribute, arena) : raw;
    if (value.data() != raw.data()) value = padded(value, arena);
    bookmark.tags = tags(value, arena, is_archived);
    if (is_archived) bookmark.archived = Flag::yes;
  }
  if (attributes.has_any_of(mask_of(is_private, to_read, important)))
    fill_flags(bookmark, attributes);
  if (attributes.has_any_of(mask_of(icon, icon_uri, cover, keyword)))
    fill_addresses(bookmark, attributes, arena);
  if (!token.descriptions().empty() || attributes.has(description))
    fill_texts(bookmark, token, arena);
  if (!attributes.others().empty()) add_others(attributes, arena);
  if (!extra_.empty()) bookmark.extra = take_extra(arena);
}

inline void NetscapeRecords::fill_dates(Bookmark& bookmark, const NetscapeAttributes& attributes,
                                        Arena& arena) {
  has_bad_date_ = false;
  const char* const created = attributes[add_date].data();
  const char* const modified = attributes[last_modified].data();
  if (attributes.has_usual_dates() && *created != '0' && *modified != '0') [[likely]] {
    read_usual_date(created, bookmark.created_at);
    read_usual_date(modified, bookmark.modified_at);
  } else {
    fill_date(bookmark.created_at, attributes, created != nullptr ? add_date : time_added, arena);
    fill_date(bookmark.modified_at, attributes, last_modified, arena);
  }
  fill_date(bookmark.visited_at, attributes, last_visit, arena);
  if (has_bad_date_) notify(notice_date);
}

Flag NetscapeRecords::flag(Text raw, std::string_view yes, std::string_view no) {
  if (raw == yes || equals_lower(raw, "true")) return Flag::yes;
  if (raw == no || equals_lower(raw, "false")) return Flag::no;
  if (!raw.empty()) notify(notice_flag);
  return Flag::unknown;
}

inline void NetscapeRecords::fill_flags(Bookmark& bookmark, const NetscapeAttributes& attributes) {
  if (attributes.has(is_private)) {
    const Flag hidden = flag(attributes[is_private], "1", "0");
    bookmark.shared = hidden == Flag::unknown ? hidden : to_flag(hidden == Flag::no);
  }
  if (attributes.has(to_read)) bookmark.unread = flag(attributes[to_read], "1", "0");
  if (attributes.has(important)) bookmark.favorite = flag(attributes[important], "1", "0");
}

void NetscapeRecords::fill_addresses(Bookmark& bookmark, const NetscapeAttributes& attributes,
                                     Arena& arena) {
  if (attributes.has(keyword)) {
    const Text word = decoded(attributes[keyword], References::attribute, arena);
    if (!word.empty()) bookmark.keyword = word;
  }
  if (attributes.has(cover)) {
    const Text address = decoded(attributes[cover], References::with_end, arena);
    if (!address.empty()) bookmark.cover_url = address;
  }
  Text data = attributes[icon];
  if (attributes.notes().may_have_reference()) data = decoded(data, References::attribute, arena);
  const Text uri = decoded(attributes[icon_uri], References::with_end, arena);
  if (!data.empty()) bookmark.icon = data;
  if (uri.empty()) return;
  if (is_made_up_icon(uri)) return notify(notice_icon);
  if (is_absent(bookmark.icon)) {
    bookmark.icon = uri;
  } else {
    add_extra("ICON_URI", uri);
  }
}

/// The texts of the DDs with one line end between them.
Text NetscapeRecords::joined_descriptions(const NetscapeTokenizer& token, Arena& arena) const {
  Text all;
  for (const Text part : token.descriptions()) all = joined(all, part, arena);
  return all;
}

inline void NetscapeRecords::fill_texts(Bookmark& bookmark, const NetscapeTokenizer& token,
                                        Arena& arena) {
  const NetscapeAttributes& attributes = token.attributes();
  if (!token.descriptions().empty()) {
    Described parts{joined_descriptions(token, arena), {}, {}};
    if (!is_raw_) parts = split_notes(parts.before);
    bookmark.description = trimmed(decoded(parts.before, References::text, arena));
    if (is_present(parts.notes)) {
      bookmark.notes = trimmed(decoded(parts.notes, References::text, arena));
      const Text after = trimmed(decoded(parts.after, References::text, arena));
      bookmark.description = joined(bookmark.description, after, arena);
    }
  }
  if (!attributes.has(description)) return;
  const Text attribute = trimmed(decoded(attributes[description], References::attribute, arena));
  if (is_absent(attribute)) return;
  if (is_absent(bookmark.description)) {
    bookmark.description = attribute;
  } else {
    add_extra("description", attribute);
  }
}

std::span<const Text> NetscapeRecords::tags(Text value, Arena& arena, bool& is_archived) {
  tags_.clear();
  const char* const end = value.data() + value.size();
  for (const char* from = value.data(); from < end;) {
    const char* to = options_.has_blank_separated_tags
                         ? find_any<',', ' ', '\t', '\n', '\r'>(from, end)
                         : find_any<','>(from, end);
    const Text tag = trimmed({from, static_cast<std::size_t>(to - from)});
    from = to + 1;
    if (is_absent(tag)) continue;
    if (!is_raw_ && tag == linkding_archived_tag) {
      is_archived = true;
    } else if (tags_.size() < max_netscape_tags) {
      tags_.push_back(tag);
    } else {
      notify(notice_tags);
      break;
    }
  }
  if (tags_.size() == 1 && tags_[0] == diigo_no_tag) return {};
  return arena.copy(std::span<const Text>(tags_));
}

/// Keeps an attribute under its own name, which is prefixed in `take_extra`.
void NetscapeRecords::add_extra(Text name, Text value) {
  const bool is_known = std::any_of(extra_.begin(), extra_.end(),
                                    [name](const Attribute& a) { return a.name == name; });
  if (!is_known) extra_.push_back({name, present(value)});
}

void NetscapeRecords::add_others(const NetscapeAttributes& attributes, Arena& arena) {
  for (const auto& other : attributes.others()) {
    if (is_attribute_name(other.name)) {
      add_extra(other.name, decoded(other.value, References::attribute, arena));
    } else {
      notify(notice_name);
    }
  }
}

/// Attributes that have a field elsewhere, but not here, are kept like those without one.
void NetscapeRecords::add_unused(const NetscapeAttributes& attributes, std::uint32_t used,
                                 Arena& arena) {
  for (std::size_t i = 0; i < netscape_attribute_count; ++i) {
    const auto known = static_cast<NetscapeAttribute>(i);
    if (!attributes.has(known) || (used >> i & 1) != 0) continue;
    const References rule =
        known == href || known == icon_uri ? References::with_end : References::attribute;
    add_extra(usual_names[i], decoded(attributes[known], rule, arena));
  }
}

std::span<const Attribute> NetscapeRecords::take_extra(Arena& arena) {
  for (auto& attribute : extra_) {
    const std::size_t size = options_.prefix.size() + 1 + attribute.name.size();
    char* bytes = static_cast<char*>(arena.allocate(size, 1));
    std::memcpy(bytes, options_.prefix.data(), options_.prefix.size());
    bytes[options_.prefix.size()] = '.';
    std::memcpy(bytes + options_.prefix.size() + 1, attribute.name.data(), attribute.name.size());
    attribute.name = {bytes, size};
  }
  const auto list = arena.copy(std::span<const Attribute>(extra_));
  extra_.clear();
  return list;
}

void NetscapeRecords::fill(Folder& folder, Text& name, const NetscapeTokenizer& token, Arena& arena,
                           std::vector<std::string_view>& notices) {
  const NetscapeAttributes& attributes = token.attributes();
  notices_ = &notices;
  is_raw_ = token.state().is_raw;
  has_bad_date_ = false;
  name = present(one_line(decoded(token.title(), References::text, arena), arena));
  folder.description = trimmed(decoded(joined_descriptions(token, arena), References::text, arena));
  fill_date(folder.created_at, attributes, add_date, arena);
  fill_date(folder.modified_at, attributes, last_modified, arena);
  if (has_bad_date_) notify(notice_date);
  if (attributes.has(toolbar_folder)) folder.role = FolderRole::toolbar;
  if (attributes.has(unfiled_folder)) folder.role = FolderRole::unfiled;
  if (attributes.has(menu_folder)) folder.role = FolderRole::menu;
  add_unused(attributes, folder_facts, arena);
  add_others(attributes, arena);
  folder.extra = take_extra(arena);
}

void NetscapeRecords::fill_separator(Folder& separator, const NetscapeTokenizer& token,
                                     Arena& arena) {
  std::vector<std::string_view> unused;
  notices_ = &unused;
  is_raw_ = token.state().is_raw;
  separator.type = Folder::Type::separator;
  add_unused(token.attributes(), 0, arena);
  for (const auto& other : token.attributes().others()) {
    if (equals_lower(other.name, "name")) {
      separator.title = one_line(decoded(other.value, References::attribute, arena), arena);
    } else if (is_attribute_name(other.name)) {
      add_extra(other.name, decoded(other.value, References::attribute, arena));
    }
  }
  separator.extra = take_extra(arena);
}

}  // namespace linkferry::common
