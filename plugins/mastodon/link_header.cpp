#include "mastodon/link_header.hpp"

#include <algorithm>

#include "common/html_text.hpp"

namespace linkferry::mastodon {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = common::to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Empty where the address has no such parameter.
std::string parameter_of(std::string_view address, std::string_view name) {
  const std::size_t question = address.find('?');
  if (question == std::string_view::npos) return {};
  std::string_view query = address.substr(question + 1);
  query = query.substr(0, query.find('#'));
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, end);
    if (part.starts_with(name) && part.substr(name.size()).starts_with('='))
      return percent_decoded(part.substr(name.size() + 1));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return {};
}

/// The parameters behind an address, up to the comma that ends them; takes them off.
std::string_view take_parameters(std::string_view& rest) {
  bool is_quoted = false;
  std::size_t end = 0;
  for (; end < rest.size() && (is_quoted || rest[end] != ','); ++end) {
    if (rest[end] == '"') is_quoted = !is_quoted;
    if (is_quoted && rest[end] == '\\') ++end;
  }
  end = std::min(end, rest.size());
  const std::string_view parameters = rest.substr(0, end);
  rest.remove_prefix(end);
  return parameters;
}

/// One `; name=value`, without quotes; takes it off.
bool take_parameter(std::string_view& rest, std::string_view& name, std::string_view& value) {
  const std::size_t semicolon = rest.find(';');
  if (semicolon == std::string_view::npos) return false;
  rest.remove_prefix(semicolon + 1);
  const std::size_t name_end = std::min(rest.find_first_of("=;"), rest.size());
  name = common::trimmed(rest.substr(0, name_end));
  value = {};
  rest.remove_prefix(name_end);
  if (!rest.starts_with('=')) return true;
  rest.remove_prefix(1);
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  if (rest.starts_with('"')) {
    const std::size_t end = std::min(rest.find('"', 1), rest.size());
    value = rest.substr(1, end - 1);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  } else {
    value = common::trimmed(rest.substr(0, rest.find(';')));
  }
  return true;
}

bool has_relation(std::string_view parameters, std::string_view wanted) {
  std::string_view name;
  std::string_view value;
  while (take_parameter(parameters, name, value)) {
    if (!common::equals_lower(name, "rel")) continue;
    while (!value.empty()) {
      const std::size_t end = std::min(value.find(' '), value.size());
      if (common::equals_lower(value.substr(0, end), wanted)) return true;
      value.remove_prefix(std::min(end + 1, value.size()));
    }
    return false;
  }
  return false;
}

}  // namespace

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                           hex_value(text[i + 2]) >= 0;
    if (!is_escape) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
    i += 2;
  }
  return decoded;
}

PageLinks read_links(std::string_view header) {
  PageLinks links;
  while (true) {
    const std::size_t start = header.find('<');
    const std::size_t end = header.find('>', start);
    if (end == std::string_view::npos) return links;
    const std::string_view address = header.substr(start + 1, end - start - 1);
    header.remove_prefix(end + 1);
    const std::string_view parameters = take_parameters(header);
    if (has_relation(parameters, "next")) {
      links.has_next = true;
      links.oldest = parameter_of(address, "max_id");
      links.limit = parameter_of(address, "limit");
    } else if (has_relation(parameters, "prev")) {
      links.has_prev = true;
      links.newest = parameter_of(address, "min_id");
      if (links.newest.empty()) links.newest = parameter_of(address, "since_id");
    }
  }
}

}  // namespace linkferry::mastodon
