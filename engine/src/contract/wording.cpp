#include "contract/wording.hpp"

#include <fmt/format.h>

#include "linkferry/timestamp_text.hpp"
#include "pipeline/compare.hpp"

namespace linkferry::contract {
namespace {

constexpr std::size_t shown_bytes = 60;
constexpr std::size_t shown_items = 6;

std::string date_text(const Timestamp& time) {
  return time.is_known() ? format_rfc3339(time) : "unknown";
}

std::string_view flag_text(Flag flag) {
  constexpr std::string_view names[] = {"unknown", "no", "yes"};
  return names[static_cast<std::size_t>(flag)];
}

std::string list_text(std::span<const Text> list, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < list.size() && i < shown_items; ++i) {
    if (i > 0) text += separator;
    text += in_quotes(list[i]);
  }
  if (list.size() > shown_items) text += fmt::format(" … ({} in all)", list.size());
  return list.empty() ? "none" : text;
}

std::string folders_text(std::span<const FolderPath> folders) {
  std::string text;
  for (const auto path : folders) text += (text.empty() ? "" : " and ") + list_text(path, "/");
  return folders.empty() ? "none" : text;
}

std::string extra_text(std::span<const Attribute> extra) {
  std::string text;
  for (const auto& attribute : extra.first(std::min(extra.size(), shown_items))) {
    text +=
        fmt::format("{}{}={}", text.empty() ? "" : " ", attribute.name, in_quotes(attribute.value));
  }
  return extra.empty() ? "none" : text;
}

std::string highlights_text(std::span<const Highlight> highlights) {
  std::string text = fmt::format("{} of them", highlights.size());
  for (const auto& one : highlights.first(std::min(highlights.size(), shown_items))) {
    text += fmt::format(", ({}, {}, {}, {})", in_quotes(one.text), in_quotes(one.note),
                        in_quotes(one.color), date_text(one.created_at));
  }
  return text;
}

std::string media_text(std::span<const Media> media) {
  std::string text = fmt::format("{} of them", media.size());
  for (const auto& one : media.first(std::min(media.size(), shown_items))) {
    text += fmt::format(", ({}, {}, {}, {})", in_quotes(one.url), in_quotes(one.kind),
                        in_quotes(one.description), in_quotes(one.name));
  }
  return text;
}

}  // namespace

std::string in_quotes(Text text) {
  if (is_absent(text)) return "absent";
  std::string shown = "\"";
  for (const char c : text.substr(0, shown_bytes)) {
    if (c == '\n') {
      shown += "\\n";
    } else if (c == '\t') {
      shown += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      shown += c;
    }
  }
  return shown + (text.size() > shown_bytes ? fmt::format("…\" ({} bytes)", text.size()) : "\"");
}

std::string value_of(const Bookmark& b, Field field) {
  switch (field) {
    case Field::url:
      return in_quotes(b.url);
    case Field::title:
      return in_quotes(b.title);
    case Field::description:
      return in_quotes(b.description);
    case Field::notes:
      return in_quotes(b.notes);
    case Field::tags:
      return list_text(b.tags, " ");
    case Field::folders:
      return folders_text(b.folders);
    case Field::created_at:
      return date_text(b.created_at);
    case Field::modified_at:
      return date_text(b.modified_at);
    case Field::read_at:
      return date_text(b.read_at);
    case Field::visited_at:
      return date_text(b.visited_at);
    case Field::unread:
      return std::string(flag_text(b.unread));
    case Field::favorite:
      return std::string(flag_text(b.favorite));
    case Field::archived:
      return std::string(flag_text(b.archived));
    case Field::shared:
      return std::string(flag_text(b.shared));
    case Field::kind:
      return std::string(name_of(b.kind));
    case Field::language:
      return in_quotes(b.language);
    case Field::icon:
      return in_quotes(b.icon);
    case Field::cover_url:
      return in_quotes(b.cover_url);
    case Field::keyword:
      return in_quotes(b.keyword);
    case Field::highlights:
      return highlights_text(b.highlights);
    case Field::media:
      return media_text(b.media);
    case Field::post:
      return b.post == nullptr
                 ? "none"
                 : fmt::format("by {}: {}", in_quotes(b.post->author), in_quotes(b.post->html));
    case Field::extra:
      return extra_text(b.extra);
  }
  return "";
}

std::string describe_difference(const Bookmark& expected, const Bookmark& found) {
  const auto fields = differing_fields(expected, found);
  if (fields.empty()) return "";
  const Field field = fields.front();
  return fmt::format("{}: found {}, expected {}", name_of(field), value_of(found, field),
                     value_of(expected, field));
}

std::string describe(const Folder& folder) {
  return fmt::format("{} {}", folder.type == Folder::Type::folder ? "folder" : "separator in",
                     list_text(folder.path, "/"));
}

std::string describe_difference(const Folder& expected, const Folder& found) {
  const auto differs = [&](std::string_view what, const std::string& wanted,
                           const std::string& is) {
    return wanted == is
               ? ""
               : fmt::format("{}, {}: found {}, expected {}", describe(expected), what, is, wanted);
  };
  for (const auto& difference :
       {differs("record", describe(expected), describe(found)),
        differs("title", in_quotes(expected.title), in_quotes(found.title)),
        differs("description", in_quotes(expected.description), in_quotes(found.description)),
        differs("created_at", date_text(expected.created_at), date_text(found.created_at)),
        differs("modified_at", date_text(expected.modified_at), date_text(found.modified_at)),
        differs("role", std::string(name_of(expected.role)), std::string(name_of(found.role))),
        differs("extra", extra_text(expected.extra), extra_text(found.extra))}) {
    if (!difference.empty()) return difference;
  }
  return "";
}

}  // namespace linkferry::contract
