#include "net/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "linkferry/failure.hpp"
#include "net/redaction.hpp"

namespace linkferry {
namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool is_plain_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

/// What is wrong with an address, or nothing and the parts in `address`.
std::string_view parse_authority(std::string_view authority, Address& address) {
  if (authority.find('@') != std::string_view::npos) {
    return "holds a user or password, which never stand in an address";
  }
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return "has no ] after its IPv6 address";
    address.host = lower_case(authority.substr(1, end - 1));
    if (!is_ip_address(address.host)) return "has no IPv6 address between its brackets";
    port = authority.substr(end + 1);
    if (!port.empty() && port.front() != ':') return "has something between ] and its path";
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    address.host = lower_case(authority.substr(0, colon));
    port = authority.substr(colon);
  }
  if (address.host.empty()) return "names no host";
  constexpr std::string_view name_characters = "abcdefghijklmnopqrstuvwxyz0123456789.-_:";
  if (address.host.find_first_not_of(name_characters) != std::string::npos) {
    return "has a host with other characters than letters, digits, dots and -; write an "
           "international name in its xn-- form";
  }
  if (port.size() <= 1) return {};
  unsigned number = 0;
  const auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), number);
  if (error != std::errc{} || end != port.data() + port.size() || number == 0 || number > 65535) {
    return "has a port that is no number from 1 to 65535";
  }
  address.port = static_cast<std::uint16_t>(number);
  return {};
}

std::string_view parse_parts(std::string_view url, Address& address) {
  const std::size_t scheme_end = url.find("://");
  const std::string scheme = lower_case(url.substr(0, scheme_end));
  if (scheme_end == std::string_view::npos || (scheme != "http" && scheme != "https")) {
    return "does not begin with https:// (or http://)";
  }
  address.is_tls = scheme == "https";
  address.port = address.is_tls ? 443 : 80;
  const std::string_view rest = url.substr(scheme_end + 3);
  const std::size_t authority_end = std::min(rest.find_first_of("/?#"), rest.size());
  if (const auto problem = parse_authority(rest.substr(0, authority_end), address);
      !problem.empty())
    return problem;
  std::string_view path = rest.substr(authority_end);
  if (path.find_first_of("?#") != std::string_view::npos)
    return "has a query or fragment; give the address up to it";
  if (!is_plain_ascii(path))
    return "has a blank or a character beyond ASCII in its path; write it as %XX";
  while (path.ends_with('/')) path.remove_suffix(1);
  address.path = path;
  return {};
}

/// Source: RFC 3986 section 5.2.4.
std::string remove_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  path.remove_prefix(1);
  while (true) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, end);
    const bool is_last = end == path.size();
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (segment != ".") {
      kept.push_back(segment);
    }
    if (is_last) {
      if (segment == "." || segment == "..") kept.push_back("");
      break;
    }
    path.remove_prefix(end + 1);
  }
  std::string result;
  for (const auto segment : kept) result.append("/").append(segment);
  return result.empty() ? "/" : result;
}

std::string cleaned_target(std::string_view target) {
  const std::size_t query = std::min(target.find('?'), target.size());
  return remove_dot_segments(target.substr(0, query)) + std::string(target.substr(query));
}

}  // namespace

std::string Address::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (is_tls ? 443 : 80) ? name : fmt::format("{}:{}", name, port);
}

std::string Address::origin() const { return (is_tls ? "https://" : "http://") + authority(); }

Address parse_address(std::string_view url, std::string_view option) {
  Address address;
  if (const auto problem = parse_parts(url, address); !problem.empty()) {
    throw Failure(FailureKind::configuration,
                  fmt::format("{}: \"{}\" {}; expected for instance https://links.example or "
                              "https://links.example:8443/path",
                              option, redact_url(url), problem));
  }
  return address;
}

bool is_ip_address(std::string_view host) {
  const std::string text(host);
  unsigned char bytes[16];
  return ::inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

bool is_loopback(std::string_view host) {
  if (host == "localhost") return true;
  const std::string text(host);
  unsigned char bytes[16];
  if (::inet_pton(AF_INET, text.c_str(), bytes) == 1) return bytes[0] == 127;
  if (::inet_pton(AF_INET6, text.c_str(), bytes) != 1) return false;
  return std::all_of(bytes, bytes + 15, [](unsigned char byte) { return byte == 0; }) &&
         bytes[15] == 1;
}

std::optional<RedirectTarget> resolve_redirect(const Address& from, std::string_view target,
                                               std::string_view location) {
  location = location.substr(0, location.find('#'));
  if (location.empty() || !is_plain_ascii(location)) return {};
  if (location.starts_with("//")) {
    return resolve_redirect(from, target,
                            (from.is_tls ? "https:" : "http:") + std::string(location));
  }
  const std::size_t colon = location.find(':');
  if (colon != std::string_view::npos && location.find_first_of("/?") > colon) {
    const std::size_t start = location.find("://");
    if (start != colon) return {};
    const std::size_t end = std::min(location.find_first_of("/?", start + 3), location.size());
    Address to;
    if (!parse_parts(location.substr(0, end), to).empty()) return {};
    const std::string path = end < location.size() && location[end] == '/'
                                 ? std::string(location.substr(end))
                                 : "/" + std::string(location.substr(end));
    return RedirectTarget{to.origin() == from.origin() ? "" : to.origin(), cleaned_target(path)};
  }
  if (location.starts_with('/')) return RedirectTarget{"", cleaned_target(location)};
  const std::string_view path = target.substr(0, target.find('?'));
  if (location.starts_with('?'))
    return RedirectTarget{"", std::string(path) + std::string(location)};
  return RedirectTarget{
      "", cleaned_target(std::string(path.substr(0, path.rfind('/') + 1)) + std::string(location))};
}

}  // namespace linkferry
