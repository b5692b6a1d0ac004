#include "net/http_message.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "net/transport_error.hpp"

namespace linkferry {
namespace {

using Kind = TransportError::Kind;

/// The start of an answer as a message can show it.
std::string excerpt(std::string_view text) {
  std::string shown(text.substr(0, std::min(text.find_first_of("\r\n"), std::size_t{60})));
  std::ranges::replace_if(
      shown,
      [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7F;
      },
      '?');
  return shown;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// `HTTP/1.1 200 OK`; the reason may be missing.
void parse_status_line(std::string_view line, ResponseHead& head) {
  const bool is_status = line.size() >= 12 && line.starts_with("HTTP/1.") && is_digit(line[7]) &&
                         line[8] == ' ' && is_digit(line[9]) && is_digit(line[10]) &&
                         is_digit(line[11]) && (line.size() == 12 || line[12] == ' ');
  if (!is_status) {
    throw TransportError(
        Kind::not_http,
        fmt::format("answers with something else than HTTP/1: \"{}\"", excerpt(line)));
  }
  head.minor_version = line[7] - '0';
  head.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  if (head.status < 100)
    throw TransportError(Kind::not_http, fmt::format("answers with the status {}", head.status));
}

void add_field(HttpHeaders& headers, std::string_view name, std::string_view value) {
  for (auto& header : headers.all) {
    if (HttpHeaders::is_same_name(header.name, name) &&
        !HttpHeaders::is_same_name(name, "Set-Cookie")) {
      header.value.append(", ").append(value);
      return;
    }
  }
  headers.all.push_back({std::string(name), std::string(value)});
}

/// The end of the head in `text`, its empty line included; npos where it is not there yet.
std::size_t find_head_end(std::string_view text) {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    if (text.substr(at + 1).starts_with('\n')) return at + 2;
    if (text.substr(at + 1).starts_with("\r\n")) return at + 3;
  }
  return std::string_view::npos;
}

}  // namespace

bool is_header_name(std::string_view text) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           others.find(c) != std::string_view::npos;
  });
}

bool is_header_value(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) || c == '\t';
  });
}

bool is_request_target(std::string_view text) {
  return text.starts_with('/') &&
         std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
}

bool has_list_item(const HttpHeaders& headers, std::string_view name, std::string_view wanted) {
  auto rest = headers.find(name).value_or("");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    if (HttpHeaders::is_same_name(trimmed(rest.substr(0, end)), wanted)) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

bool ResponseHead::keeps_alive() const {
  if (has_list_item(headers, "Connection", "close")) return false;
  return minor_version >= 1 || has_list_item(headers, "Connection", "keep-alive");
}

ResponseHead parse_response_head(std::string_view text) {
  ResponseHead head;
  parse_status_line(take_line(text), head);
  constexpr std::size_t most_fields = 256;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    // A blank before the colon or at the start of a line could mean two things, and hide a length.
    if (colon == std::string_view::npos || !is_header_name(line.substr(0, colon))) {
      throw TransportError(Kind::not_http,
                           fmt::format("answers with a broken header line: \"{}\"", excerpt(line)));
    }
    if (head.headers.all.size() >= most_fields) {
      throw TransportError(Kind::not_http,
                           fmt::format("answers with more than {} header fields", most_fields));
    }
    add_field(head.headers, line.substr(0, colon), trimmed(line.substr(colon + 1)));
  }
  return head;
}

ResponseHead read_response_head(Connection& connection, std::size_t max_bytes,
                                const Patience& patience) {
  std::size_t used = 0;
  while (true) {
    std::size_t end = find_head_end(connection.buffered());
    while (end == std::string_view::npos) {
      const std::size_t had = connection.buffered().size();
      if (used + had > max_bytes) break;
      if (had >= 12) (void)parse_response_head(connection.buffered().substr(0, 12));
      if (!connection.fill(patience, "waiting for the answer")) {
        throw TransportError(Kind::broken, had == 0 && used == 0
                                               ? "closed without an answer"
                                               : "closed in the header of the answer");
      }
      end = find_head_end(connection.buffered());
    }
    if (end == std::string_view::npos || used + end > max_bytes) {
      throw TransportError(Kind::not_http,
                           fmt::format("answers with a header larger than {} bytes", max_bytes));
    }
    ResponseHead head = parse_response_head(connection.buffered().substr(0, end));
    connection.consume(end);
    used += end;
    if (head.status >= 200) return head;
    if (head.status == 101)
      throw TransportError(Kind::not_http, "switches to another protocol, which was not asked for");
  }
}

}  // namespace linkferry
