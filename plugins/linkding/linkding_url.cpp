#include "linkding/linkding_url.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/json_utf8.hpp"
#include "linkding/linkding_text.hpp"
#include "linkferry/http.hpp"

namespace linkferry::linkding {
namespace {

/// The parts of an address; views of it.
struct Parts {
  Text scheme;
  Text authority;
  bool has_authority = false;
  Text path;
  Text parameters;
  Text query;
  Text fragment;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes what stands behind `mark` off the end of `text`.
Text take_behind(Text& text, char mark) {
  const std::size_t at = text.find(mark);
  if (at == Text::npos) return {};
  const Text behind = text.substr(at + 1);
  text = text.substr(0, at);
  return behind;
}

Parts split(Text url) {
  Parts parts;
  const std::size_t colon = url.find(':');
  if (colon != Text::npos && colon > 0 && is_letter(url.front())) {
    const Text scheme = url.substr(0, colon);
    if (std::all_of(scheme.begin(), scheme.end(), [](char c) {
          return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
        })) {
      parts.scheme = scheme;
      url.remove_prefix(colon + 1);
    }
  }
  if (url.starts_with("//")) {
    url.remove_prefix(2);
    parts.has_authority = true;
    parts.authority = url.substr(0, url.find_first_of("/?#"));
    url.remove_prefix(parts.authority.size());
  }
  parts.fragment = take_behind(url, '#');
  parts.query = take_behind(url, '?');
  const std::size_t slash = url.rfind('/');
  const std::size_t mark = url.find(';', slash == Text::npos ? 0 : slash);
  if (mark != Text::npos) {
    parts.parameters = url.substr(mark + 1);
    url = url.substr(0, mark);
  }
  parts.path = url;
  return parts;
}

/// The host in lower case, with user and port as they are. Nothing where it is no authority.
std::optional<std::string> normalize_authority(Text authority) {
  const std::size_t at = authority.rfind('@');
  const Text user = at == Text::npos ? Text{} : authority.substr(0, at + 1);
  Text host = authority.substr(user.size());
  const std::size_t bracket = host.rfind(']');
  if ((host.find('[') == Text::npos) != (bracket == Text::npos)) return {};
  const std::size_t colon = host.find(':', bracket == Text::npos ? 0 : bracket);
  Text port;
  if (colon != Text::npos) {
    port = host.substr(colon + 1);
    host = host.substr(0, colon);
  }
  std::string normal(user);
  normal += lower_case(host);
  if (port.empty()) return normal;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc{} || end != port.data() + port.size() || number > 65'535) return {};
  return normal.append(":").append(std::to_string(number));
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// One name or value of a query: `+` is a blank, `%XX` a byte, what is then no UTF-8 is U+FFFD.
std::string decode(Text text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                           hex_value(text[i + 2]) >= 0;
    if (is_escape) {
      bytes += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      bytes += text[i] == '+' ? ' ' : text[i];
    }
  }
  if (common::is_valid_utf8(bytes)) return bytes;
  Arena arena;
  return std::string(common::repair_utf8(bytes, arena));
}

std::string normalize_query(Text query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    Text pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    if (pair.empty()) continue;
    const Text value = take_behind(pair, '=');
    pairs.emplace_back(decode(pair), decode(value));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string normal;
  for (const auto& [name, value] : pairs) {
    normal += normal.empty() ? '?' : '&';
    normal.append(percent_encode(name)).append("=").append(percent_encode(value));
  }
  return normal;
}

}  // namespace

Text normalized_url(Text url, Arena& arena) {
  if (is_absent(url)) return {};
  const Text given = trimmed(url);
  const Parts parts = split(given);
  const auto authority = normalize_authority(parts.authority);
  if (!authority) return arena.copy(given);
  std::string normal;
  if (!parts.scheme.empty()) normal.append(lower_case(parts.scheme)).append(":");
  if (parts.has_authority) normal.append("//").append(*authority);
  Text path = parts.path;
  while (path.ends_with('/')) path.remove_suffix(1);
  normal += path;
  if (!parts.parameters.empty()) normal.append(";").append(parts.parameters);
  normal += normalize_query(parts.query);
  if (!parts.fragment.empty()) normal.append("#").append(parts.fragment);
  return arena.copy(std::string_view(normal));
}

}  // namespace linkferry::linkding
