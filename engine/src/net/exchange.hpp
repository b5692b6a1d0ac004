#pragma once

#include <string>

#include "linkferry/http.hpp"
#include "net/address.hpp"
#include "net/connection.hpp"
#include "net/http_message.hpp"
#include "net/patience.hpp"
#include "net/proxy.hpp"

namespace linkferry {

/// One request as it goes over the line.
struct OutgoingRequest {
  const HttpRequest* request = nullptr;
  std::string target;  ///< path and query on the service
};

/// What is known about an exchange that ended early.
struct ExchangeState {
  bool was_sent = false;    ///< part of the request may have reached the service
  bool has_answer = false;  ///< a whole head arrived
  bool is_spent = false;    ///< `read_body` or `on_body` was called: it cannot be done again
  bool can_reuse = false;   ///< afterwards: the connection may be used again
};

/// Throws Failure failed for a request that could not be sent as it is, which is a bug of a plugin:
/// a method, path or header with characters that would make another request of it, a header that is
/// the client's own.
void check_request(const HttpRequest& request);

/// The first lines of a request, with the empty line at their end. Wiped by whoever asks for it: it
/// holds the secret.
std::string format_request_head(const OutgoingRequest& outgoing, const Address& address,
                                const HttpSettings& settings, const Proxy* proxy);

/// Opens a way to the service through its proxy where there is one, and TLS on top.
/// `tls` may be null for plain http. Errors: TransportError.
std::unique_ptr<Connection> open_connection(const Address& address, const Proxy* proxy,
                                            const Poco::Net::Context::Ptr& tls,
                                            const Patience& patience);

/// Sends the request and reads the whole answer. `state` tells how far it came, also when it
/// throws. Errors: TransportError; what `on_body` and `read_body` throw.
HttpResponse exchange(Connection& connection, const OutgoingRequest& outgoing,
                      std::string_view head, const HttpSettings& settings, const Patience& patience,
                      ExchangeState& state);

}  // namespace linkferry
