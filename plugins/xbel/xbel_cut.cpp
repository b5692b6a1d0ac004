#include <algorithm>
#include <optional>

#include "xbel/xbel_document.hpp"

namespace linkferry::xbel {
namespace {

/// An element that is open at some place of the text.
struct OpenElement {
  std::string_view name;
  std::size_t start;
};

/// Where a construct that begins at `<` ends; nothing when the text ends first.
std::optional<std::size_t> end_of(std::string_view text, std::size_t start) {
  const std::string_view rest = text.substr(start);
  const auto behind = [&](std::string_view closing) -> std::optional<std::size_t> {
    const std::size_t at = text.find(closing, start);
    if (at == std::string_view::npos) return {};
    return at + closing.size();
  };
  if (rest.starts_with("<!--")) return behind("-->");
  if (rest.starts_with("<![CDATA[")) return behind("]]>");
  if (rest.starts_with("<?")) return behind("?>");
  if (rest.starts_with("<!")) return behind(">");
  char quote = 0;
  for (std::size_t at = start; at < text.size(); ++at) {
    const char byte = text[at];
    if (quote != 0) {
      if (byte == quote) quote = 0;
    } else if (byte == '"' || byte == '\'') {
      quote = byte;
    } else if (byte == '>') {
      return at + 1;
    }
  }
  return {};
}

std::string_view name_at(std::string_view tag) {
  return tag.substr(0, tag.find_first_of(" \t\r\n/>"));
}

/// The elements that are open at the end of the text; nothing when it is not well nested.
std::optional<std::vector<OpenElement>> open_elements(std::string_view text, std::size_t& end) {
  std::vector<OpenElement> open;
  end = text.size();
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at)) {
    const auto behind = end_of(text, at);
    if (!behind) {
      end = at;
      break;
    }
    const std::string_view tag = text.substr(at, *behind - at);
    if (tag.starts_with("</")) {
      if (open.empty() || open.back().name != name_at(tag.substr(2))) return {};
      open.pop_back();
    } else if (!tag.starts_with("<!") && !tag.starts_with("<?") && !tag.ends_with("/>")) {
      open.push_back({name_at(tag.substr(1)), at});
    }
    at = *behind;
  }
  return open;
}

}  // namespace

bool close_cut_xml(std::string& text) {
  std::size_t end = 0;
  const auto open = open_elements(text, end);
  if (!open || open->empty() || open->front().name != "xbel") return false;
  const auto is_container = [](const OpenElement& element) {
    return element.name == "xbel" || element.name == "folder";
  };
  const auto unfinished = std::find_if_not(open->begin(), open->end(), is_container);
  if (unfinished != open->end()) end = unfinished->start;
  std::string closed = text.substr(0, end);
  for (auto element = std::make_reverse_iterator(unfinished); element != open->rend(); ++element) {
    closed.append("</").append(element->name).append(">");
  }
  text = std::move(closed);
  return true;
}

}  // namespace linkferry::xbel
