#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace linkferry {

/// Where a service is: scheme, host and port (which together are its origin), and the path that its
/// requests begin with.
struct Address {
  bool is_tls = true;
  std::string host;  ///< in lower case, an IPv6 address without its brackets
  std::uint16_t port = 443;
  std::string path;  ///< empty, or begins with `/` and does not end in it

  /// `https://links.example:9443`, without the port where it is that of the scheme.
  std::string origin() const;
  /// The value of the Host field: `links.example:9443`, `[::1]`.
  std::string authority() const;
};

/// Reads the address of a service. `option` is what messages call it.
/// Errors: Failure configuration, saying what is wrong: another scheme, a user or password, a
/// query, a host that is empty or no ASCII, a port that is none.
Address parse_address(std::string_view url, std::string_view option);

/// Whether `host` is this machine: `localhost`, 127.0.0.0/8, ::1.
bool is_loopback(std::string_view host);
bool is_ip_address(std::string_view host);

/// Where a redirect leads.
struct RedirectTarget {
  std::string origin;  ///< empty: that of the request
  std::string path;    ///< path and query on the same origin
};

/// `location` (of a Location field) as seen from `from` and the path and query `target` of the
/// request; no fragment. Nothing when it is empty or is no http address. Source: RFC 3986
/// section 5.2 and RFC 9110 section 10.2.2.
std::optional<RedirectTarget> resolve_redirect(const Address& from, std::string_view target,
                                               std::string_view location);

}  // namespace linkferry
