#pragma once

#include <Poco/Net/SocketAddress.h>

#include <cstdint>
#include <string>
#include <vector>

#include "net/patience.hpp"

namespace linkferry {

/// The addresses of a host, IPv6 and IPv4, in the order of the system's preference (RFC 6724). At
/// least one. Errors: TransportError unreachable, timeout, stopped. Rationale: the system's look-up
/// cannot be interrupted, so it runs in a thread of its own that is left behind on a stop.
std::vector<Poco::Net::SocketAddress> resolve_host(const std::string& host, std::uint16_t port,
                                                   const Patience& patience);

}  // namespace linkferry
