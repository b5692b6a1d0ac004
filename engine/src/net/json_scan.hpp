#pragma once

#include <cstddef>
#include <string_view>

namespace linkferry {

/// What is wrong with `text` as one JSON document nested at most `max_depth` deep, as the end of a
/// sentence ("is cut off"); empty when nothing is. Values are checked for their form, not
/// converted. Needs no memory that grows with the text. Source: RFC 8259 (read 2026-11-22); a byte
/// order mark at the start is let through, as section 8.1 allows.
std::string_view find_json_problem(std::string_view text, std::size_t max_depth);

}  // namespace linkferry
