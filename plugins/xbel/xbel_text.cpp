#include "xbel/xbel_text.hpp"

#include <tinyxml2.h>

#include <algorithm>

namespace linkferry::xbel {
namespace {

constexpr std::string_view blanks = " \t\r\n";
/// Levels of elements in foreign metadata: the reader's limit of 100 less the folders around it.
constexpr int max_metadata_depth = 20;

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return text.substr(0, 0);
  return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

bool is_control(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
}

/// U+FFFE or U+FFFF.
bool is_noncharacter(std::string_view text) {
  return text.starts_with("\xef\xbf\xbe") || text.starts_with("\xef\xbf\xbf");
}

bool is_xml_text(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), is_control)) return false;
  for (std::size_t at = text.find("\xef\xbf"); at != std::string_view::npos;
       at = text.find("\xef\xbf", at + 2)) {
    if (is_noncharacter(text.substr(at))) return false;
  }
  return true;
}

/// How many levels of elements there are, this one included; never recursive for longer than the
/// reader allows.
int depth_of(const tinyxml2::XMLElement& element) {
  int deepest = 0;
  for (const auto* child = element.FirstChildElement(); child != nullptr;
       child = child->NextSiblingElement()) {
    deepest = std::max(deepest, depth_of(*child));
  }
  return deepest + 1;
}

}  // namespace

Text as_title(Text title, Arena& arena) {
  if (is_absent(title)) return {};
  title = trim(title);
  if (title.find_first_of("\r\n") == std::string_view::npos) return title;
  std::string line;
  while (!title.empty()) {
    const std::size_t end = std::min(title.find_first_of("\r\n"), title.size());
    const std::string_view rest = title.substr(end);
    line.append(title.substr(0, title.find_last_not_of(blanks, end == 0 ? 0 : end - 1) + 1));
    title = rest.substr(std::min(rest.find_first_not_of(blanks), rest.size()));
    if (!title.empty()) line.push_back(' ');
  }
  return arena.copy(std::string_view(line));
}

Text as_description(Text description) {
  return is_absent(description) ? Text{} : trim(description);
}

Text as_xml_text(Text text, Arena& arena) {
  if (is_xml_text(text)) return text;
  std::string allowed;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_long = is_noncharacter(text.substr(at));
    if (is_long || is_control(text[at])) {
      allowed.append("\xef\xbf\xbd");
      at += is_long ? 2 : 0;
    } else {
      allowed.push_back(text[at]);
    }
  }
  return arena.copy(std::string_view(allowed));
}

void append_text(std::string& out, std::string_view text) {
  for (std::size_t at = text.find_first_of("&<>\r"); at != std::string_view::npos;
       at = text.find_first_of("&<>\r")) {
    out.append(text.substr(0, at));
    out.append(text[at] == '&'   ? "&amp;"
               : text[at] == '<' ? "&lt;"
               : text[at] == '>' ? "&gt;"
                                 : "&#13;");
    text.remove_prefix(at + 1);
  }
  out.append(text);
}

void append_value(std::string& out, std::string_view text) {
  constexpr std::string_view special = "&<>\"\t\n\r";
  constexpr std::string_view references[] = {"&amp;", "&lt;",  "&gt;", "&quot;",
                                             "&#9;",  "&#10;", "&#13;"};
  for (std::size_t at = text.find_first_of(special); at != std::string_view::npos;
       at = text.find_first_of(special)) {
    out.append(text.substr(0, at)).append(references[special.find(text[at])]);
    text.remove_prefix(at + 1);
  }
  out.append(text);
}

bool is_attribute_name(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto is_name_byte = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !name.empty() && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), is_name_byte);
}

std::optional<std::string> canonical_metadata(std::string_view xml) {
  if (!xml.starts_with("<metadata")) return {};
  tinyxml2::XMLDocument document;
  if (document.Parse(xml.data(), xml.size()) != tinyxml2::XML_SUCCESS) return {};
  const tinyxml2::XMLElement* const element = document.RootElement();
  if (element == nullptr || element != document.LastChild() ||
      element->Name() != std::string_view("metadata"))
    return {};
  const char* const owner = element->Attribute("owner");
  if ((owner != nullptr && owner == own_owner) || depth_of(*element) > max_metadata_depth)
    return {};
  tinyxml2::XMLPrinter printer(nullptr, true);
  element->Accept(&printer);
  return std::string(printer.CStr());
}

}  // namespace linkferry::xbel
