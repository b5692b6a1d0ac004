#include <algorithm>

#include "common/html_text.hpp"
#include "common/netscape_reader.hpp"

namespace linkferry::common {
namespace {

struct Beginning {
  std::string_view bytes;
  std::string_view what;
};

constexpr Beginning beginnings[] = {
    {"\x89PNG", "a PNG image"},
    {"\xFF\xD8\xFF", "a JPEG image"},
    {"GIF8", "a GIF image"},
    {"PK\x03\x04", "a zip archive"},
    {"PK\x05\x06", "an empty zip archive"},
    {"\x1F\x8B", "a gzip archive"},
    {"SQLite format 3", "an SQLite database"},
    {"mozLz40", "a Firefox bookmark backup (jsonlz4)"},
    {"bplist", "a binary property list"},
    {"%PDF", "a PDF document"},
    {"\x7F"
     "ELF",
     "a program"},
    {"{", "JSON"},
    {"[", "JSON"},
    {"<?xml", "XML"},
    {"<xbel", "XBEL"},
    {"<opml", "OPML"},
    {"<plist", "a property list"},
};

bool contains(std::string_view text, std::string_view lower) {
  return find_lower(text, lower) != std::string_view::npos;
}

/// ASCII of UTF-16 and UTF-32 texts: enough to recognise markup.
std::string without_zeros(std::string_view text) {
  std::string out(text);
  out.erase(std::remove(out.begin(), out.end(), '\0'), out.end());
  return out;
}

bool is_instapaper(std::string_view head) {
  for (std::size_t at = find_lower(head, "</h1>"); at != std::string_view::npos;
       at = find_lower(head, "</h1>", at + 5)) {
    std::size_t next = at + 5;
    while (next < head.size() && is_blank(head[next])) ++next;
    const auto rest = head.substr(next);
    if (starts_with_lower(rest, "<ol>") || starts_with_lower(rest, "<ul>"))
      return contains(rest, "<li>");
  }
  return false;
}

}  // namespace

int recognize_netscape(std::string_view head, bool is_whole) {
  std::string narrow;
  if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF") ||
      head.starts_with(std::string_view("\0\0\xFE\xFF", 4))) {
    narrow = without_zeros(head);
    head = narrow;
  }
  if (is_absent(trimmed(head)) || head == "\xEF\xBB\xBF") return is_whole ? 1 : 0;
  if (contains(head.substr(0, 4096), "<!doctype netscape-bookmark-file")) return 95;
  const auto first = head.substr(head.find_first_not_of(" \t\r\n"));
  if (first.starts_with('{') || first.starts_with('[') ||
      starts_with_lower(first, "<?xml version") || starts_with_lower(first, "<xbel")) {
    return 0;
  }
  if (contains(head, "dt><a ") || contains(head, "dt><h3")) return 80;
  if (contains(head, "<dl") && (contains(head, "<dt") || contains(head, "<a href"))) return 70;
  return is_instapaper(head) ? 60 : 0;
}

std::string_view describe_content(std::string_view head) {
  std::size_t begin = head.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  while (begin < head.size() && is_blank(head[begin])) ++begin;
  const auto text = head.substr(begin);
  for (const auto& known : beginnings) {
    if (text.starts_with(known.bytes)) return known.what;
  }
  const auto is_control = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && !is_blank(c);
  };
  if (std::any_of(text.begin(), text.end(), is_control)) return "binary data";
  if (contains(text, "<html") || contains(text, "<body") || contains(text, "<!doctype html"))
    return "an HTML page";
  const auto line = text.substr(0, text.find('\n'));
  if (std::count(line.begin(), line.end(), ',') >= 2 && line.find('<') == std::string_view::npos)
    return "a table (CSV)";
  return "plain text";
}

}  // namespace linkferry::common
