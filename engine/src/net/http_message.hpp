#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "linkferry/http.hpp"
#include "net/connection.hpp"
#include "net/patience.hpp"

namespace linkferry {

/// The first lines of an answer.
struct ResponseHead {
  int status = 0;
  int minor_version = 1;  ///< of HTTP/1.x
  HttpHeaders headers;

  /// Whether the connection may be used again, as far as the head says.
  bool keeps_alive() const;
};

/// Whether `text` may stand in a request: a name is a token, a value has no control characters, a
/// target no blanks. Source: RFC 9110 sections 5.1, 5.5 and 5.6.2.
bool is_header_name(std::string_view text);
bool is_header_value(std::string_view text);
bool is_request_target(std::string_view text);

/// Whether the comma separated field holds `wanted` (in small letters), in any case.
bool has_list_item(const HttpHeaders& headers, std::string_view name, std::string_view wanted);

/// Reads the head of the final answer; interim answers (1xx) are skipped. All heads together have
/// at most `max_bytes`. Errors: TransportError; not_http for what breaks the rules, with what was
/// found.
ResponseHead read_response_head(Connection& connection, std::size_t max_bytes,
                                const Patience& patience);

/// Parses a head without the empty line at its end. Errors: TransportError not_http.
ResponseHead parse_response_head(std::string_view text);

}  // namespace linkferry
