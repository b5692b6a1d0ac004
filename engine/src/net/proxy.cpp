#include "net/proxy.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <vector>

#include "linkferry/failure.hpp"
#include "net/base64.hpp"
#include "net/redaction.hpp"

namespace linkferry {
namespace {

struct Setting {
  std::string name;
  std::string value;
};

/// The first of `name` in small letters and in capitals that says something.
std::optional<Setting> find_setting(std::string name, const Environment& environment) {
  if (auto value = environment(name); value && !value->empty())
    return Setting{name, std::move(*value)};
  for (char& c : name) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  if (auto value = environment(name); value && !value->empty())
    return Setting{name, std::move(*value)};
  return {};
}

/// The bytes of an IP address: 4 or 16; none where it is no address.
std::vector<unsigned char> ip_bytes(std::string_view text) {
  const std::string terminated(text);
  std::vector<unsigned char> bytes(16);
  if (::inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) return bytes;
  bytes.resize(4);
  if (::inet_pton(AF_INET, terminated.c_str(), bytes.data()) != 1) bytes.clear();
  return bytes;
}

/// Whether the host is an IP address in the network `10.0.0.0/8`, `fd00::/8`. Names are not looked
/// up. Source: RFC 4632 section 3.1 and RFC 4291 section 2.3 (read 2026-11-22).
bool is_in_network(std::string_view host, std::string_view network) {
  const std::size_t slash = network.find('/');
  const auto address = ip_bytes(host);
  const auto start = ip_bytes(network.substr(0, slash));
  const std::string_view length = network.substr(slash + 1);
  std::size_t bits = 0;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
  if (error != std::errc{} || end != length.data() + length.size() || address.empty() ||
      address.size() != start.size() || bits > address.size() * 8)
    return false;
  const std::size_t whole = bits / 8;
  if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole),
                  start.begin()))
    return false;
  const unsigned rest = static_cast<unsigned>(bits % 8);
  return rest == 0 || (address[whole] ^ start[whole]) >> (8 - rest) == 0;
}

/// Whether an entry of `no_proxy` means the host: `example.org` and `.example.org` mean it and all
/// below it, `10.0.0.0/8` the addresses of a network.
bool is_meant(std::string_view entry, const Address& address) {
  if (entry == "*") return true;
  if (entry.find('/') != std::string_view::npos) return is_in_network(address.host, entry);
  std::string_view host = entry;
  const std::size_t colon = entry.rfind(':');
  if (colon != std::string_view::npos && entry.find(':') == colon) {
    if (entry.substr(colon + 1) != std::to_string(address.port)) return false;
    host = entry.substr(0, colon);
  }
  if (host.starts_with("*.")) host.remove_prefix(1);
  if (host.starts_with('.')) host.remove_prefix(1);
  if (host.empty()) return false;
  const std::string_view name = address.host;
  return name == host || (name.size() > host.size() && name.ends_with(host) &&
                          name[name.size() - host.size() - 1] == '.');
}

bool is_excepted(const Address& address, const Environment& environment) {
  const auto setting = find_setting("no_proxy", environment);
  if (!setting) return false;
  std::string list = setting->value;
  for (char& c : list)
    c = c == ' ' ? ',' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  std::string_view rest = list;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    if (is_meant(rest.substr(0, end), address)) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

std::string percent_decoded(std::string_view text) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  const auto is_digit = [](char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
  };
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && is_digit(text[i + 1]) && is_digit(text[i + 2])) {
      decoded += static_cast<char>(value(text[i + 1]) * 16 + value(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

Proxy parse_proxy(const Setting& setting) {
  std::string_view text = setting.value;
  const std::size_t scheme = text.find("://");
  if (scheme != std::string_view::npos && text.substr(0, scheme) != "http") {
    throw Failure(
        FailureKind::configuration,
        fmt::format(
            "{}: \"{}\" is a kind of proxy that is not supported, expected http://host:port",
            setting.name, redact_url(text)));
  }
  if (scheme != std::string_view::npos) text.remove_prefix(scheme + 3);
  text = text.substr(0, text.find('/'));
  Proxy proxy;
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    std::string credentials = percent_decoded(text.substr(0, at));
    if (const std::size_t colon = credentials.find(':'); colon != std::string::npos) {
      redaction().add(std::string_view(credentials).substr(colon + 1));
    }
    redaction().add(credentials);
    proxy.authorization = Secret("Basic " + base64_encode(credentials));
    text.remove_prefix(at + 1);
  }
  const Address address = parse_address("http://" + std::string(text), setting.name);
  const bool has_port = text.rfind(':') != std::string_view::npos &&
                        text.rfind(':') + 1 < text.size() && !text.ends_with(']');
  proxy.host = address.host;
  // Source: curl's default for a proxy without a port (curl(1), option --proxy, read 2026-11-22).
  proxy.port = has_port ? address.port : 1080;
  return proxy;
}

}  // namespace

std::optional<std::string> environment_of_process(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::optional<Proxy> find_proxy(const Address& address, const Environment& environment) {
  if (is_loopback(address.host)) return {};
  const auto setting = find_setting(address.is_tls ? "https_proxy" : "http_proxy", environment);
  if (!setting || is_excepted(address, environment)) return {};
  return parse_proxy(*setting);
}

}  // namespace linkferry
