#include "net/connection.hpp"

#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "net/address.hpp"
#include "net/resolver.hpp"
#include "net/transport_error.hpp"

namespace linkferry {
namespace {

using Poco::Net::SecureStreamSocket;
using Poco::Net::SocketAddress;
using Kind = TransportError::Kind;

constexpr int read_bytes = 16 * 1024;

/// What Poco's TLS sockets return when they would block; plain ones return -1 for both.
bool wants_write(int result, bool is_tls, bool is_writing) {
  return is_tls ? result == SecureStreamSocket::ERR_SSL_WANT_WRITE : is_writing;
}

[[noreturn]] void throw_tls_failure(const std::string& detail) {
  if (const std::string problem = take_trust_problem(); !problem.empty()) {
    throw TransportError(Kind::not_trusted,
                         fmt::format("its certificate is not trusted: {}", problem));
  }
  if (detail.find("wrong version number") != std::string::npos) {
    throw TransportError(
        Kind::not_trusted,
        "it does not speak TLS at this port; is its address http:// or of another port?");
  }
  throw TransportError(Kind::not_trusted, fmt::format("TLS failed: {}", detail));
}

}  // namespace

Connection::Connection(const std::string& host, std::uint16_t port, const Patience& patience) {
  const auto addresses = resolve_host(host, port, patience);
  std::string problems;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    // A dead address must not use up the time of those behind it.
    const auto now = std::chrono::steady_clock::now();
    const auto share = (patience.end() - now) / static_cast<std::int64_t>(addresses.size() - i);
    try {
      connect(addresses[i], now + share, patience);
      touch();
      return;
    } catch (const TransportError& error) {
      if (error.kind() == Kind::stopped) throw;
      problems += fmt::format("{}{} {}", problems.empty() ? "" : ", ", addresses[i].toString(),
                              error.what());
    } catch (const Poco::Exception& error) {
      problems += fmt::format("{}{} {}", problems.empty() ? "" : ", ", addresses[i].toString(),
                              error.displayText());
    }
  }
  throw TransportError(Kind::unreachable, fmt::format("no connection: {}", problems));
}

void Connection::connect(const SocketAddress& address, Patience::Time until,
                         const Patience& patience) {
  socket_ = Poco::Net::StreamSocket();
  socket_.connectNB(address);
  if (!patience.wait_until(file(), POLLOUT, until))
    throw TransportError(Kind::timeout, "did not answer in time");
  if (const int error = socket_.impl()->socketError(); error != 0) {
    throw TransportError(Kind::unreachable, std::strerror(error));
  }
  socket_.setNoDelay(true);
}

void Connection::start_tls(const std::string& host, const Poco::Net::Context::Ptr& context,
                           const Patience& patience) {
  take_trust_problem();
  ERR_clear_error();
  try {
    // An IP address is no server name (RFC 6066 section 3).
    SecureStreamSocket secure =
        SecureStreamSocket::attach(socket_, is_ip_address(host) ? "" : host, context);
    socket_ = secure;
    is_tls_ = true;
    while (true) {
      const int result = secure.completeHandshake();
      if (result > 0) break;
      if (result == 0) throw TransportError(Kind::broken, "closed in the TLS handshake");
      const short event = wants_write(result, true, false) ? POLLOUT : POLLIN;
      patience.wait_for(file(), event, "in the TLS handshake");
    }
  } catch (const Poco::Net::SSLConnectionUnexpectedlyClosedException&) {
    throw TransportError(Kind::broken, "closed in the TLS handshake");
  } catch (const Poco::Net::SSLException& error) {
    throw_tls_failure(error.message());
  } catch (const Poco::Exception& error) {
    throw TransportError(Kind::broken,
                         fmt::format("in the TLS handshake: {}", error.displayText()));
  }
}

/// Not more than 0 where there is no room now. Rationale: Poco throws then, but not for TLS, and
/// not where it receives.
int Connection::send_some(const char* bytes, int size) {
  try {
    return socket_.sendBytes(bytes, size, MSG_NOSIGNAL);
  } catch (const Poco::IOException& error) {
    if (error.code() != EWOULDBLOCK) throw;
    return -1;
  }
}

void Connection::write(std::string_view bytes, const Patience& patience) {
  try {
    while (!bytes.empty()) {
      patience.throw_if_stopped();
      ERR_clear_error();
      const int size = static_cast<int>(std::min<std::size_t>(bytes.size(), 1U << 20U));
      const int sent = send_some(bytes.data(), size);
      if (sent > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
        continue;
      }
      patience.wait_for(file(), wants_write(sent, is_tls_, true) ? POLLOUT : POLLIN,
                        "sending the request");
    }
  } catch (const Poco::Exception& error) {
    throw TransportError(Kind::broken,
                         fmt::format("broken while sending: {}", error.displayText()));
  }
  touch();
}

int Connection::receive(char* bytes, int size) {
  ERR_clear_error();
  return socket_.receiveBytes(bytes, size);
}

bool Connection::fill(const Patience& patience, const char* doing) {
  buffer_.erase(0, start_);
  start_ = 0;
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + read_bytes);
  try {
    int count = receive(buffer_.data() + kept, read_bytes);
    while (count < 0) {
      patience.wait_for(file(), wants_write(count, is_tls_, false) ? POLLOUT : POLLIN, doing);
      count = receive(buffer_.data() + kept, read_bytes);
    }
    buffer_.resize(kept + static_cast<std::size_t>(count));
    received_ += static_cast<std::uint64_t>(count);
    touch();
    return count > 0;
  } catch (const Poco::Exception& error) {
    buffer_.resize(kept);
    throw TransportError(Kind::broken, fmt::format("broken, {}: {}", doing, error.displayText()));
  }
}

bool Connection::is_quiet() {
  if (!buffered().empty()) return false;
  char byte = 0;
  try {
    return receive(&byte, 1) < 0;
  } catch (const Poco::Exception&) {
    return false;
  }
}

}  // namespace linkferry
