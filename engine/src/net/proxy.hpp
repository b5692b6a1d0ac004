#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "linkferry/secret.hpp"
#include "net/address.hpp"

namespace linkferry {

/// The value of an environment variable; nothing where it is not set.
using Environment = std::function<std::optional<std::string>(const std::string&)>;

/// That of the process.
std::optional<std::string> environment_of_process(const std::string& name);

/// A machine that passes requests on. It is spoken to in plain http; what is inside a tunnel stays
/// encrypted.
struct Proxy {
  std::string host;
  std::uint16_t port = 0;
  Secret authorization;  ///< of the field Proxy-Authorization
};

/// The proxy that the environment wants for an address: `https_proxy` or `http_proxy`, then the
/// same in capitals, unless `no_proxy` names the host (exactly, by a parent domain, by the network
/// of its IP address as in `10.0.0.0/8`, or by `*`).
/// Loopback is never reached through a proxy. Errors: Failure configuration for a proxy that is no
/// `http://[user:password@]host[:port]`.
std::optional<Proxy> find_proxy(const Address& address, const Environment& environment);

}  // namespace linkferry
