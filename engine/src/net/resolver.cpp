#include "net/resolver.hpp"

#include <fmt/format.h>
#include <netdb.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "net/address.hpp"
#include "net/transport_error.hpp"

namespace linkferry {
namespace {

using Poco::Net::SocketAddress;
using Addresses = std::vector<SocketAddress>;

struct Lookup {
  std::mutex mutex;
  std::condition_variable_any ended;
  bool is_done = false;
  int error = 0;
  Addresses addresses;
};

int look_up(const std::string& host, std::uint16_t port, Addresses& found) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  // Not AI_ADDRCONFIG: it hides the loopback addresses of a machine without a network.
  addrinfo* list = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (error != 0) return error;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, &::freeaddrinfo);
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    if (one->ai_family != AF_INET && one->ai_family != AF_INET6) continue;
    const SocketAddress address(one->ai_addr, static_cast<poco_socklen_t>(one->ai_addrlen));
    if (std::ranges::find(found, address) == found.end()) found.push_back(address);
  }
  return found.empty() ? EAI_NONAME : 0;
}

}  // namespace

Addresses resolve_host(const std::string& host, std::uint16_t port, const Patience& patience) {
  if (is_ip_address(host)) return {SocketAddress(host, port)};
  const auto lookup = std::make_shared<Lookup>();
  std::thread([lookup, host, port] {
    Addresses found;
    const int error = look_up(host, port, found);
    const std::lock_guard lock(lookup->mutex);
    lookup->error = error;
    lookup->addresses = std::move(found);
    lookup->is_done = true;
    lookup->ended.notify_all();
  }).detach();
  std::unique_lock lock(lookup->mutex);
  lookup->ended.wait_until(lock, patience.stop(), patience.end(), [&] { return lookup->is_done; });
  patience.throw_if_stopped();
  if (!lookup->is_done) {
    throw TransportError(TransportError::Kind::timeout,
                         fmt::format("the name {} was not found in time", host));
  }
  if (lookup->error != 0) {
    throw TransportError(
        TransportError::Kind::unreachable,
        fmt::format("the name {} was not found: {}", host, ::gai_strerror(lookup->error)));
  }
  return std::move(lookup->addresses);
}

}  // namespace linkferry
