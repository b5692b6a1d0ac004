#include <algorithm>
#include <charconv>
#include <cstdint>

#include "xbel/xbel_document.hpp"

namespace linkferry::xbel {
namespace {

/// Whether `text`, which begins with `&`, begins with a reference to a character.
/// Source: XML 1.0, sections 4.1 and 4.6 (read 2026-11-22).
bool is_reference(std::string_view text) {
  constexpr std::size_t longest = 12;
  const std::size_t end = text.substr(0, longest).find(';');
  if (end == std::string_view::npos) return false;
  std::string_view name = text.substr(1, end - 1);
  if (!name.starts_with('#')) {
    return name == "amp" || name == "lt" || name == "gt" || name == "quot" || name == "apos";
  }
  name.remove_prefix(1);
  const bool is_hexadecimal = name.starts_with('x');
  if (is_hexadecimal) name.remove_prefix(1);
  std::uint32_t code = 0;
  const auto [rest, error] =
      std::from_chars(name.data(), name.data() + name.size(), code, is_hexadecimal ? 16 : 10);
  const bool is_number = error == std::errc{} && rest == name.data() + name.size();
  return is_number && code != 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

/// The end of a comment or CDATA section that begins here; the place itself when there is none.
std::size_t end_of_literal(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  const std::string_view closing = rest.starts_with("<!--")        ? "-->"
                                   : rest.starts_with("<![CDATA[") ? "]]>"
                                                                   : "";
  if (closing.empty()) return at;
  return std::min(text.find(closing, at), text.size());
}

}  // namespace

void escape_stray_ampersands(std::string& text) {
  const std::string_view from = text;
  std::string escaped;
  std::size_t copied = 0;
  for (std::size_t at = from.find_first_of("&<"); at < from.size();
       at = from.find_first_of("&<", at + 1)) {
    if (from[at] == '<') {
      at = end_of_literal(from, at);
    } else if (!is_reference(from.substr(at))) {
      escaped.append(from.substr(copied, at + 1 - copied)).append("amp;");
      copied = at + 1;
    }
  }
  if (copied == 0) return;
  escaped.append(from.substr(copied));
  text = std::move(escaped);
}

}  // namespace linkferry::xbel
