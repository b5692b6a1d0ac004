#include "net/exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "net/body_reader.hpp"
#include "net/decompressor.hpp"
#include "net/retry.hpp"
#include "net/secret_text.hpp"
#include "net/transport_error.hpp"

namespace linkferry {
namespace {

using Kind = TransportError::Kind;

constexpr std::uint64_t error_body_bytes = 64 * 1024;
constexpr std::uint64_t streamed_body_bytes = 4ULL << 30U;

bool is_own_header(std::string_view name) {
  constexpr std::array<std::string_view, 10> own = {"Host",           "Authorization",
                                                    "User-Agent",     "Accept-Encoding",
                                                    "Content-Length", "Transfer-Encoding",
                                                    "Connection",     "Proxy-Authorization",
                                                    "Expect",         "TE"};
  return std::ranges::any_of(own,
                             [name](auto one) { return HttpHeaders::is_same_name(name, one); });
}

bool has_header(const HttpRequest& request, std::string_view name) {
  return std::ranges::any_of(request.headers, [name](const auto& header) {
    return HttpHeaders::is_same_name(header.name, name);
  });
}

void write_chunks(Connection& connection, const HttpRequest& request, const Patience& patience,
                  ExchangeState& state) {
  std::string piece(16 * 1024, '\0');
  while (true) {
    state.is_spent = true;
    const std::size_t count = request.read_body(piece);
    if (count == 0) break;
    connection.write(fmt::format("{:x}\r\n", count), patience);
    connection.write(std::string_view(piece).substr(0, count), patience);
    connection.write("\r\n", patience);
  }
  connection.write("0\r\n\r\n", patience);
}

void write_request(Connection& connection, const HttpRequest& request, std::string_view head,
                   const Patience& patience, ExchangeState& state) {
  state.was_sent = true;
  connection.write(head, patience);
  if (request.read_body) return write_chunks(connection, request, patience, state);
  connection.write(request.body, patience);
}

/// Where the body of an answer goes, and how much of it may.
class BodyTarget {
 public:
  BodyTarget(const HttpRequest& request, const HttpSettings& settings, HttpResponse& response,
             ExchangeState& state)
      : request_(request),
        response_(response),
        state_(state),
        is_streamed_(request.on_body && response.is_success()) {
    const std::uint64_t usual = is_streamed_ ? streamed_body_bytes : settings.max_body_bytes;
    limit_ = request.max_body_bytes != 0 ? request.max_body_bytes : usual;
  }

  /// False when no more is wanted. Errors: TransportError not_http beyond the limit.
  bool put(std::string_view piece) {
    if (response_.status >= 300) {
      const std::size_t room = error_body_bytes - response_.body.size();
      response_.body.append(piece.substr(0, room));
      return piece.size() <= room;
    }
    size_ += piece.size();
    if (size_ > limit_)
      throw TransportError(Kind::not_http, fmt::format("answers with more than {} bytes", limit_));
    if (!is_streamed_) {
      response_.body.append(piece);
    } else if (!piece.empty()) {
      state_.is_spent = true;
      request_.on_body(piece);
    }
    return true;
  }

 private:
  const HttpRequest& request_;
  HttpResponse& response_;
  ExchangeState& state_;
  bool is_streamed_;
  std::uint64_t limit_ = 0;
  std::uint64_t size_ = 0;
};

bool is_compressed(const HttpHeaders& headers) {
  const auto coding = headers.find("Content-Encoding").value_or("");
  if (coding.empty() || HttpHeaders::is_same_name(coding, "identity")) return false;
  for (const std::string_view known : {"gzip", "x-gzip", "deflate"}) {
    if (HttpHeaders::is_same_name(coding, known)) return true;
  }
  throw TransportError(Kind::not_http, "answers with an unknown Content-Encoding");
}

void read_body(Connection& connection, const ResponseHead& head, bool is_head,
               const Patience& patience, BodyTarget& target, ExchangeState& state) {
  BodyReader reader(connection, head, is_head, patience);
  std::optional<Decompressor> decompressor;
  if (is_compressed(head.headers) && !is_head) decompressor.emplace();
  bool is_wanted = true;
  for (auto piece = reader.read(); !piece.empty() && is_wanted; piece = reader.read()) {
    if (decompressor) {
      decompressor->put(
          piece, [&](std::string_view bytes) { is_wanted = is_wanted && target.put(bytes); });
    } else {
      is_wanted = target.put(piece);
    }
  }
  if (!is_wanted) return;
  if (decompressor) decompressor->finish();
  state.can_reuse = reader.is_reusable() && head.keeps_alive() && connection.buffered().empty();
}

/// How long the service says that it keeps a connection, less a second for the way of the next
/// request.
std::chrono::milliseconds idle_limit_of(const HttpHeaders& headers) {
  constexpr std::chrono::seconds usual{10};
  const auto field = headers.find("Keep-Alive").value_or("");
  const std::size_t at = field.find("timeout=");
  if (at == std::string_view::npos) return usual;
  int seconds = 0;
  const char* digits = field.data() + at + std::string_view("timeout=").size();
  if (std::from_chars(digits, field.data() + field.size(), seconds).ec != std::errc{}) return usual;
  return std::chrono::seconds(std::clamp(seconds - 1, 0, 60));
}

void open_tunnel(Connection& connection, const Address& address, const Proxy& proxy,
                 const Patience& patience) {
  const std::string to = fmt::format(
      "{}:{}",
      address.host.find(':') == std::string::npos ? address.host : "[" + address.host + "]",
      address.port);
  std::string head = fmt::format("CONNECT {} HTTP/1.1\r\nHost: {}\r\n", to, to);
  if (!proxy.authorization.is_empty())
    head += fmt::format("Proxy-Authorization: {}\r\n", SecretText::of(proxy.authorization));
  connection.write(head + "\r\n", patience);
  const ResponseHead answer = read_response_head(connection, 64 * 1024, patience);
  if (answer.status >= 200 && answer.status < 300) return;
  const auto kind = answer.status == 407 ? Kind::not_trusted : Kind::unreachable;
  throw TransportError(kind, fmt::format("the proxy {}:{} refuses with status {}", proxy.host,
                                         proxy.port, answer.status));
}

}  // namespace

void check_request(const HttpRequest& request) {
  const auto refuse = [](std::string_view what) {
    throw Failure(FailureKind::failed,
                  fmt::format("this should not happen, please report it: a request with {}", what));
  };
  if (!is_header_name(request.method)) refuse("a broken method");
  if (!is_request_target(request.path))
    refuse(fmt::format("a path that is not encoded: {}", request.path));
  for (const auto& header : request.headers) {
    if (!is_header_name(header.name) || !is_header_value(header.value)) refuse("a broken header");
    if (is_own_header(header.name))
      refuse(fmt::format("the header {}, which is the client's own", header.name));
  }
  if (request.read_body && !request.body.empty()) refuse("two bodies");
}

std::string format_request_head(const OutgoingRequest& outgoing, const Address& address,
                                const HttpSettings& settings, const Proxy* proxy) {
  const HttpRequest& request = *outgoing.request;
  const bool is_via_proxy = proxy != nullptr && !address.is_tls;
  std::string head =
      fmt::format("{} {}{} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nAccept-Encoding: gzip\r\n",
                  request.method, is_via_proxy ? address.origin() : "", outgoing.target,
                  address.authority(), settings.user_agent);
  if (!has_header(request, "Accept")) head += "Accept: application/json\r\n";
  for (const auto& header : request.headers)
    head += fmt::format("{}: {}\r\n", header.name, header.value);
  if (request.read_body) {
    head += "Transfer-Encoding: chunked\r\n";
  } else if (!request.body.empty() || !is_read(request.method)) {
    head += fmt::format("Content-Length: {}\r\n", request.body.size());
  }
  if (is_via_proxy && !proxy->authorization.is_empty()) {
    head += fmt::format("Proxy-Authorization: {}\r\n", SecretText::of(proxy->authorization));
  }
  if (request.sends_secret && !settings.secret.is_empty()) {
    head += fmt::format("Authorization: {} {}\r\n", settings.authorization_scheme,
                        SecretText::of(settings.secret));
  }
  return head + "\r\n";
}

std::unique_ptr<Connection> open_connection(const Address& address, const Proxy* proxy,
                                            const Poco::Net::Context::Ptr& tls,
                                            const Patience& patience) {
  auto connection = proxy == nullptr
                        ? std::make_unique<Connection>(address.host, address.port, patience)
                        : std::make_unique<Connection>(proxy->host, proxy->port, patience);
  if (!address.is_tls) return connection;
  if (proxy != nullptr) open_tunnel(*connection, address, *proxy, patience);
  connection->start_tls(address.host, tls, patience);
  return connection;
}

HttpResponse exchange(Connection& connection, const OutgoingRequest& outgoing,
                      std::string_view head, const HttpSettings& settings, const Patience& patience,
                      ExchangeState& state) {
  const HttpRequest& request = *outgoing.request;
  std::optional<TransportError> sending_problem;
  try {
    write_request(connection, request, head, patience, state);
  } catch (const TransportError& error) {
    // A service may refuse a large body before it has read it: its answer says why, if it is there.
    if (error.kind() != Kind::broken) throw;
    sending_problem = error;
  }
  ResponseHead answer;
  try {
    answer = read_response_head(connection, settings.max_header_bytes, patience);
  } catch (const TransportError&) {
    if (sending_problem) throw TransportError(*sending_problem);
    throw;
  }
  state.has_answer = true;
  HttpResponse response;
  response.status = answer.status;
  response.headers = answer.headers;
  response.method = request.method;
  BodyTarget target(request, settings, response, state);
  read_body(connection, answer, request.method == "HEAD", patience, target, state);
  connection.idle_limit = idle_limit_of(answer.headers);
  if (sending_problem) state.can_reuse = false;
  return response;
}

}  // namespace linkferry
