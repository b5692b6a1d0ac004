#include "common/unicode_text.hpp"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace linkferry::common {
namespace {

bool is_first_byte(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

/// The last character of a text that is not empty, as a part of it.
Text last_character(Text text) {
  std::size_t start = text.size() - 1;
  while (start > 0 && !is_first_byte(text[start])) --start;
  return text.substr(start);
}

}  // namespace

char32_t take_character(Text& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0x80 ? 1U : lead < 0xE0 ? 2U : lead < 0xF0 ? 3U : 4U;
  char32_t code = size == 1 ? lead : lead & (0x7FU >> size);
  const std::size_t end = std::min(size, text.size());
  for (std::size_t i = 1; i < end; ++i)
    code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  text.remove_prefix(end);
  return code;
}

bool is_white_space(char32_t c) {
  if (c < 0x80) return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

Text trimmed_characters(Text text) {
  while (!text.empty()) {
    Text rest = text;
    if (!is_white_space(take_character(rest))) break;
    text = rest;
  }
  while (!text.empty()) {
    Text last = last_character(text);
    const std::size_t size = last.size();
    if (!is_white_space(take_character(last))) break;
    text.remove_suffix(size);
  }
  return text.empty() ? Text("") : text;
}

std::size_t count_characters(Text text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_first_byte));
}

Text first_characters(Text text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_first_byte(text[i]) && characters++ == limit) return text.substr(0, i);
  }
  return text;
}

std::string lower_case(Text text) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  std::string lower(text);
  if (std::all_of(text.begin(), text.end(), is_ascii)) {
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
  }
  lower.clear();
  icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())))
      .toLower(icu::Locale::getRoot())
      .toUTF8String(lower);
  return lower;
}

}  // namespace linkferry::common
