#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "cli/endpoints.hpp"

namespace linkferry {

namespace {

bool contains_word(std::string_view head, std::string_view lower) {
  const auto same = [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
  };
  return std::search(head.begin(), head.end(), lower.begin(), lower.end(), same) != head.end();
}

}  // namespace

std::string describe_content(std::string_view head) {
  using namespace std::string_view_literals;
  if (head.empty()) return "an empty file";
  constexpr std::pair<std::string_view, const char*> signatures[] = {
      {"\x89PNG"sv, "a PNG image"},
      {"\xff\xd8\xff"sv, "a JPEG image"},
      {"GIF8"sv, "a GIF image"},
      {"%PDF"sv, "a PDF document"},
      {"PK\x03\x04"sv, "a zip archive"},
      {"\x1f\x8b"sv, "gzip data"},
      {"SQLite format 3"sv, "an SQLite database"},
      {"mozLz40"sv, "a compressed Firefox backup (.jsonlz4)"},
      {"\x7f"
       "ELF"sv,
       "a program"},
  };
  for (const auto& [signature, words] : signatures) {
    if (head.starts_with(signature)) return words;
  }
  if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
  const std::size_t start = head.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return "an empty file";
  if (head.find('\0') != std::string_view::npos) return "binary data";
  const std::string_view text = head.substr(start);
  if (text.starts_with("<?xml"))
    return contains_word(text, "<opml") ? "an OPML document" : "an XML document";
  if (text.front() == '<')
    return contains_word(text, "<html") || contains_word(text, "<!doctype")
               ? "HTML without bookmarks"
               : "markup";
  if (text.front() == '{' || text.front() == '[') return "JSON of another kind";
  const std::string_view line = text.substr(0, std::min(text.find('\n'), text.size()));
  if (line.find(',') != std::string_view::npos || line.find('\t') != std::string_view::npos)
    return "a table of another kind";
  return "plain text";
}

}  // namespace linkferry
