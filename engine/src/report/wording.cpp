#include "report/wording.hpp"

#include <fmt/format.h>

#include "linkferry/timestamp_text.hpp"

namespace linkferry {
namespace {

constexpr std::size_t value_limit = 60;

/// U+0080 to U+009F, U+200E/F, U+202A to U+202E and U+2066 to U+2069, which would act on the
/// terminal.
bool is_unsafe(std::string_view rest) {
  const auto byte = [&](std::size_t i) {
    return i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0;
  };
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) <= 0x9F) return true;
  if (byte(0) != 0xE2) return false;
  if (byte(1) == 0x80)
    return byte(2) == 0x8E || byte(2) == 0x8F || (byte(2) >= 0xAA && byte(2) <= 0xAE);
  return byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9;
}

std::size_t length_of_code_point(std::string_view rest) {
  const auto lead = static_cast<unsigned char>(rest.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return std::min(length, rest.size());
}

std::string describe_text(Text text) {
  return is_absent(text) ? "(none)" : '"' + on_one_line(text, value_limit) + '"';
}

std::string describe_flag(Flag flag) {
  return flag == Flag::unknown ? "(unknown)" : flag == Flag::yes ? "yes" : "no";
}

std::string describe_time(const Timestamp& time) {
  return time.is_known() ? format_rfc3339(time) : "(unknown)";
}

std::string describe_path(FolderPath path) {
  std::string text;
  for (const Text name : path) text.append(text.empty() ? "" : "/").append(name);
  return text.empty() ? "(root)" : text;
}

template <class List, class Describe>
std::string describe_list(const List& list, Describe describe_item) {
  if (list.empty()) return "(none)";
  std::string text;
  for (const auto& item : list) text.append(text.empty() ? "" : ", ").append(describe_item(item));
  return on_one_line(text, value_limit);
}

std::string describe_count(std::size_t count, const char* what) {
  return count == 0 ? "(none)" : std::to_string(count) + " " + what;
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

std::string on_one_line(std::string_view text, std::size_t limit) {
  std::string line;
  for (std::size_t count = 0; !text.empty(); ++count) {
    if (count == limit) return line + "…";
    const auto byte = static_cast<unsigned char>(text.front());
    const std::size_t length = length_of_code_point(text);
    if (byte == '\n' || byte == '\t' || byte == '\r') {
      line += ' ';
    } else if (byte < 0x20 || byte == 0x7F || is_unsafe(text)) {
      line += "\uFFFD";
    } else {
      line += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return line;
}

std::string describe(const Place& place) {
  std::string text = on_one_line(place.endpoint, value_limit);
  if (place.line > 0) text += " line " + std::to_string(place.line);
  return text;
}

std::string describe(const Bookmark& b, Field field) {
  switch (field) {
    case Field::url:
      return describe_text(b.url);
    case Field::title:
      return describe_text(b.title);
    case Field::description:
      return describe_text(b.description);
    case Field::notes:
      return describe_text(b.notes);
    case Field::tags:
      return describe_list(b.tags, [](Text tag) { return std::string(tag); });
    case Field::folders:
      return describe_list(b.folders, describe_path);
    case Field::created_at:
      return describe_time(b.created_at);
    case Field::modified_at:
      return describe_time(b.modified_at);
    case Field::read_at:
      return describe_time(b.read_at);
    case Field::visited_at:
      return describe_time(b.visited_at);
    case Field::unread:
      return describe_flag(b.unread);
    case Field::favorite:
      return describe_flag(b.favorite);
    case Field::archived:
      return describe_flag(b.archived);
    case Field::shared:
      return describe_flag(b.shared);
    case Field::kind:
      return std::string(name_of(b.kind));
    case Field::language:
      return describe_text(b.language);
    case Field::icon:
      return describe_text(b.icon);
    case Field::cover_url:
      return describe_text(b.cover_url);
    case Field::keyword:
      return describe_text(b.keyword);
    case Field::highlights:
      return describe_count(b.highlights.size(), "highlights");
    case Field::media:
      return describe_count(b.media.size(), "media");
    case Field::post:
      return b.post == nullptr ? "(none)" : describe_text(b.post->author);
    case Field::extra:
      return describe_list(b.extra, [](const Attribute& a) {
        return std::string(a.name) + "=" + std::string(a.value);
      });
  }
  return {};
}

}  // namespace linkferry
