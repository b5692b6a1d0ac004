#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "linkferry/failure.hpp"
#include "linkferry/secret.hpp"

namespace linkferry {

struct HttpHeader {
  std::string name;
  std::string value;
};

/// Header fields. Names are the same in any case; what a server sent in several lines is one value,
/// joined by ", ". Source: RFC 9110 sections 5.1 and 5.3 (read 2026-11-22).
struct HttpHeaders {
  std::vector<HttpHeader> all;

  /// Nothing where there is no such field. Lifetime: of this object.
  std::optional<std::string_view> find(std::string_view name) const {
    for (const auto& header : all) {
      if (is_same_name(header.name, name)) return header.value;
    }
    return {};
  }

  static bool is_same_name(std::string_view a, std::string_view b) {
    const auto lower = [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
  }
};

/// How fast a service may be asked: some requests at once, the others spread evenly over the
/// interval.
struct RequestRate {
  std::uint32_t requests = 0;  ///< in one interval; 0: as fast as the service answers
  std::chrono::milliseconds interval{0};
  std::uint32_t burst = 1;  ///< how many may go without a pause after a rest; part of `requests`
};

/// Where a service is and how to talk to it. What is not set has a value that suits most services.
struct HttpSettings {
  /// `https://links.example`, `http://[::1]:9090/linkding/`: scheme, host, port, and the path that
  /// all requests begin with.
  std::string base_url;
  /// The name of the option that holds the address, for messages.
  std::string url_option = "url";
  /// Sent as `Authorization: <scheme> <secret>`, to the scheme, host and port of `base_url` only.
  /// Empty: none is sent.
  Secret secret;
  std::string authorization_scheme = "Bearer";
  /// Plain http to another machine. Without it only loopback is reached without TLS.
  bool allow_http = false;
  /// Certificates (PEM) that are trusted besides those of the system; a file or, where it ends in
  /// `/`, a folder.
  std::string ca_file;
  std::string user_agent;  ///< empty: `linkferry/<version>`

  std::chrono::milliseconds connect_timeout{10'000};  ///< name look-up, connection and TLS together
  std::chrono::milliseconds read_timeout{
      30'000};  ///< between two pieces of an answer, and until the first
  std::chrono::milliseconds total_timeout{
      300'000};  ///< of one attempt, from its start to the last byte

  std::size_t max_header_bytes = 64 * 1024;
  std::uint64_t max_body_bytes =
      64 * 1024 * 1024;  ///< after decompression; for answers that are kept in memory
  std::size_t max_json_depth = 128;

  RequestRate rate;
  std::size_t parallel = 1;  ///< connections, and requests at the same time; others wait
  unsigned retries = 6;      ///< how often a request may be repeated
  /// The longest wait that a service may ask for.
  std::chrono::milliseconds max_wait{15 * 60'000};
};

struct HttpRequest {
  std::string method = "GET";  ///< in capitals
  /// Below the path of `base_url`, with its leading `/` and its query, encoded (`with_query`):
  /// `/api/tags/?limit=100`.
  std::string path = "/";
  std::vector<HttpHeader>
      headers;  ///< besides Host, Authorization, User-Agent, Accept-Encoding, lengths
  std::string body;
  /// A body that is not in memory: called until it returns 0; sent in chunks. It can be read only
  /// once, so that the request is not repeated once it was begun.
  std::function<std::size_t(std::span<char>)> read_body;
  /// A write that does no harm when it arrives twice. GET, HEAD, OPTIONS, PUT and DELETE are
  /// repeatable unless `is_sent_once`.
  bool is_repeatable = false;
  /// Never sent again once a part of it went out, whatever its method is, but after a 429, which
  /// says that nothing was done. For a DELETE that does something else the second time. An answer
  /// that does not arrive is a LostReply then.
  bool is_sent_once = false;
  /// False: without the secret (a health check, the registration of an app).
  bool sends_secret = true;
  /// Gets the body of a 2xx answer piece by piece instead of `HttpResponse::body`. The request is
  /// not repeated once it was called. May throw: the request ends then.
  std::function<void(std::string_view)> on_body;
  /// The most that this answer may have, after decompression; 0: `HttpSettings::max_body_bytes`, or
  /// 4 GiB with `on_body`.
  std::uint64_t max_body_bytes = 0;
};

/// An answer of any status; that of a 429 or 503 only when repeating has not helped.
struct HttpResponse {
  int status = 0;
  HttpHeaders headers;
  std::string body;  ///< decompressed; of an error (status 400 or more) the first 64 KiB
  std::string method;
  std::string url;  ///< that answered, for messages: without secrets

  bool is_success() const { return status >= 200 && status < 300; }
};

/// The service may have carried out a write, but its answer did not arrive. The request was not
/// repeated: look up what the service holds first. Not caught, it ends the run as `temporary` (or
/// as `interrupted`, when the user stopped it).
class LostReply : public Failure {
 public:
  using Failure::Failure;
};

/// What went over the line so far.
struct HttpStatistics {
  std::uint64_t requests = 0;  ///< sent, repetitions and redirects included
  std::uint64_t retries = 0;
  std::uint64_t connections = 0;
  std::uint64_t bytes_received = 0;
  std::chrono::milliseconds waited{0};  ///< for rate limits and between repetitions
};

/// Talks to one service. Keeps connections, spreads requests, repeats what may be repeated, keeps
/// secrets.
///
/// Thread: any; `parallel` of the settings at the same time.
class HttpClient {
 public:
  virtual ~HttpClient() = default;

  /// Sends a request and returns its answer, whatever its status. Returns within 1 s of a stop
  /// request.
  ///
  /// Repeated, up to `retries` times with growing pauses: what could not be sent; a 429; and, where
  /// the request is repeatable, broken connections, timeouts and 408, 425, 500, 502, 503, 504.
  /// `Retry-After` and rate limit headers are honoured. Reads follow redirects to the same scheme,
  /// host and port. Errors: LostReply, see there; Failure temporary (the service cannot be reached,
  /// or wants a longer wait than `max_wait`), configuration (a redirect elsewhere or of a write, a
  /// certificate that is not trusted, a bad address), failed (what is no HTTP, or is larger than
  /// its limit), interrupted, limit_reached (the time of the run is over).
  virtual HttpResponse send(const HttpRequest& request, std::stop_token stop) = 0;

  /// The body of an answer that must be JSON. Not JSON are: an HTML page (a login page, an error
  /// page), another content type, an empty body, a document that is cut off, broken or nested
  /// deeper than `max_json_depth`. Errors: `failure_of`. Lifetime: of the answer.
  virtual std::string_view expect_json(const HttpResponse& response) const = 0;

  /// What to throw for an answer that does not help: names the method, the address, the status and
  /// the first line of the body. `problem` says what was expected, or is empty. Its kind follows
  /// the status: 401 and 403 authentication; 408, 429 and 5xx temporary; others failed.
  virtual Failure failure_of(const HttpResponse& response, std::string_view problem) const = 0;

  /// The scheme, host, port and path that all requests begin with, without a slash at the end.
  virtual const std::string& base_url() const = 0;

  virtual HttpStatistics statistics() const = 0;
};

/// `text` with everything but letters, digits and `-._~` as `%XX`.
inline std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    const auto byte = static_cast<unsigned char>(c);
    if (is_plain) {
      encoded += c;
    } else {
      encoded += {'%', digits[byte >> 4U], digits[byte & 0xFU]};
    }
  }
  return encoded;
}

/// `path` with parameters added to its query, encoded.
inline std::string with_query(
    std::string path,
    std::initializer_list<std::pair<std::string_view, std::string_view>> parameters) {
  char separator = path.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [name, value] : parameters) {
    path += separator + percent_encode(name) + '=' + percent_encode(value);
    separator = '&';
  }
  return path;
}

}  // namespace linkferry
