#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "linkding/linkding_text.hpp"
#include "linkding/linkding_url.hpp"

namespace linkferry::linkding {
namespace {

constexpr Text not_this_scheme = "linkding takes http, https and ftp addresses only";
constexpr Text not_this_host =
    "linkding takes no host like this (a single word, an underscore, a misplaced hyphen or dot)";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Letters, digits, hyphens, and everything from U+00A1 to U+FFFF.
bool is_host_character(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         (c >= 0xA1 && c <= 0xFFFF);
}

bool is_known_scheme(Text scheme) {
  const std::string lower = lower_case(scheme);
  return lower == "http" || lower == "https" || lower == "ftp" || lower == "ftps";
}

/// A number from 0 to 255 without leading zeros.
bool is_octet(Text text) {
  if (text.empty() || text.size() > 3 || !std::all_of(text.begin(), text.end(), is_digit))
    return false;
  if (text.size() > 1 && text.front() == '0') return false;
  int number = 0;
  for (const char c : text) number = number * 10 + (c - '0');
  return number <= 255;
}

bool is_ipv4(Text host) {
  for (int i = 0; i < 3; ++i) {
    const std::size_t dot = host.find('.');
    if (dot == Text::npos || !is_octet(host.substr(0, dot))) return false;
    host.remove_prefix(dot + 1);
  }
  return is_octet(host);
}

/// The groups of one side of `::`, or of the whole; nothing when one is no group. A dotted end
/// counts as two.
std::optional<int> count_groups(Text text) {
  int groups = 0;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const Text group = text.substr(0, colon);
    const bool is_last = colon == Text::npos;
    if (is_last && group.find('.') != Text::npos)
      return is_ipv4(group) ? std::optional(groups + 2) : std::nullopt;
    const auto is_hex = [](char c) {
      return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    if (group.empty() || group.size() > 4 || !std::all_of(group.begin(), group.end(), is_hex))
      return {};
    ++groups;
    if (is_last) return groups;
    text.remove_prefix(colon + 1);
    if (text.empty()) return {};
  }
  return groups;
}

bool is_ipv6(Text address) {
  const std::size_t gap = address.find("::");
  if (gap == Text::npos) return count_groups(address) == 8;
  const Text behind = address.substr(gap + 2);
  if (behind.starts_with(':')) return false;
  const auto before = count_groups(address.substr(0, gap));
  const auto after = count_groups(behind);
  return before && after && *before + *after < 8;
}

bool is_label(Text label) {
  return !label.empty() && !label.starts_with('-') && !label.ends_with('-') &&
         count_characters(label) <= 63;
}

/// The last label: no digits but in `xn--…`, two characters at least.
bool is_top_label(Text label) {
  if (!is_label(label)) return false;
  if (lower_case(label).starts_with("xn--")) return label.size() > 4;
  return std::none_of(label.begin(), label.end(), is_digit) && count_characters(label) >= 2;
}

bool is_domain(Text host) {
  if (lower_case(host) == "localhost") return true;
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::size_t last_dot = host.rfind('.');
  if (last_dot == Text::npos || !is_top_label(host.substr(last_dot + 1))) return false;
  host = host.substr(0, last_dot);
  while (true) {
    const std::size_t dot = host.find('.');
    if (!is_label(host.substr(0, dot))) return false;
    if (dot == Text::npos) return true;
    host.remove_prefix(dot + 1);
  }
}

/// The host at the front of `rest`, taken off it. Empty when there is none.
Text take_host(Text& rest) {
  const Text start = rest;
  if (rest.starts_with('[')) {
    const std::size_t end = rest.find(']');
    if (end == Text::npos) return {};
    rest.remove_prefix(end + 1);
  } else {
    for (Text next = rest; !next.empty(); rest = next) {
      const char32_t c = take_character(next);
      if (c != '.' && !is_host_character(c)) break;
    }
  }
  return start.substr(0, start.size() - rest.size());
}

/// Whether a host, a port and a path can be read from here to the end.
bool is_host_and_rest(Text rest) {
  const Text host = take_host(rest);
  constexpr std::size_t longest_host = 253;
  if (host.empty() || count_characters(host) > longest_host) return false;
  const bool is_host = host.starts_with('[') ? is_ipv6(host.substr(1, host.size() - 2))
                                             : is_ipv4(host) || is_domain(host);
  if (!is_host) return false;
  if (rest.starts_with(':')) {
    rest.remove_prefix(1);
    std::size_t digits = 0;
    while (digits < rest.size() && is_digit(rest[digits])) ++digits;
    if (digits < 1 || digits > 5) return false;
    rest.remove_prefix(digits);
  }
  return rest.empty() || rest.front() == '/' || rest.front() == '?' || rest.front() == '#';
}

/// What stands behind `user:password@`, where that is at the front.
std::optional<Text> behind_user(Text rest) {
  const std::size_t user = rest.find_first_of(":@/");
  if (user == Text::npos || user == 0) return {};
  if (rest[user] == '@') return rest.substr(user + 1);
  if (rest[user] == '/') return {};
  const std::size_t password = rest.find_first_of(":@/", user + 1);
  if (password == Text::npos || rest[password] != '@') return {};
  return rest.substr(password + 1);
}

}  // namespace

Text reason_to_refuse_url(Text url) {
  if (count_characters(url) > max_url_characters)
    return "linkding takes addresses of up to 2,048 characters";
  for (Text rest = url; !rest.empty();) {
    if (is_white_space(take_character(rest))) return "linkding takes no address with blanks in it";
  }
  const std::size_t mark = url.find("://");
  if (mark == Text::npos || !is_known_scheme(url.substr(0, mark))) return not_this_scheme;
  const Text rest = url.substr(mark + 3);
  if (is_host_and_rest(rest)) return {};
  const auto behind = behind_user(rest);
  return behind && is_host_and_rest(*behind) ? Text{} : not_this_host;
}

}  // namespace linkferry::linkding
