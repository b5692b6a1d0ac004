#pragma once

#include <string>
#include <string_view>

namespace linkferry {

/// The value of a hexadecimal digit, -1 for anything else.
constexpr int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Whether RFC 3986 section 2.3 calls it unreserved: encoded or not, it means the same.
constexpr bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

/// Appends `text` with all `%XX` decoded; a `%` that begins none stays.
void percent_decode(std::string_view text, std::string& out);

/// Appends `text` with its percent-encoding in one form: unreserved characters decoded, other `%XX`
/// in capitals, blanks and bytes beyond ASCII encoded. A `%` that begins no `%XX` stays, and
/// nothing that stands behind it is decoded into one: normalising twice changes nothing.
void percent_normalise(std::string_view text, std::string& out);

}  // namespace linkferry
