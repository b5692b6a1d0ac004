#pragma once

#include <Poco/Net/StreamSocket.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/patience.hpp"
#include "net/tls.hpp"

namespace linkferry {

/// One connection, plain or TLS, with what was read ahead.
///
/// Rationale: the sockets are Poco's, the waiting and the HTTP framing are ours. Poco 1.11's client
/// session cannot be stopped without a data race, takes a cut-off chunked body for a whole one, and
/// sends a request again by itself. Thread: one at a time. Errors of all functions: TransportError.
class Connection {
 public:
  /// Tries the addresses of `host` in turn. `step` of the patience does not apply, its total does.
  Connection(const std::string& host, std::uint16_t port, const Patience& patience);

  /// From now on everything is encrypted. `host` is told to the server where it is a name.
  void start_tls(const std::string& host, const Poco::Net::Context::Ptr& context,
                 const Patience& patience);

  void write(std::string_view bytes, const Patience& patience);

  /// Read ahead and not consumed yet. Lifetime: until `fill`.
  std::string_view buffered() const { return std::string_view(buffer_).substr(start_); }
  void consume(std::size_t count) { start_ += count; }
  /// Reads more behind what is buffered; false at the end of the stream.
  bool fill(const Patience& patience, const char* doing);

  /// Whether the other side neither closed it nor sent anything, so that a request may be sent.
  bool is_quiet();

  std::uint64_t bytes_received() const { return received_; }
  std::chrono::steady_clock::time_point last_use() const { return last_use_; }
  /// When it should no longer be used, counted from the last use.
  std::chrono::milliseconds idle_limit{10'000};
  bool was_used = false;  ///< whether an answer came over it already

  void touch() { last_use_ = std::chrono::steady_clock::now(); }

 private:
  void connect(const Poco::Net::SocketAddress& address, Patience::Time until,
               const Patience& patience);
  int file() const { return socket_.impl()->sockfd(); }
  int send_some(const char* bytes, int size);
  int receive(char* bytes, int size);

  Poco::Net::StreamSocket socket_;
  bool is_tls_ = false;
  std::string buffer_;
  std::size_t start_ = 0;
  std::uint64_t received_ = 0;
  std::chrono::steady_clock::time_point last_use_;
};

}  // namespace linkferry
