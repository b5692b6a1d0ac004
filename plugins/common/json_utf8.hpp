#pragma once

#include <cstddef>
#include <string_view>

#include "linkferry/arena.hpp"

namespace linkferry::common {

/// Whether all of `text` is UTF-8 as RFC 3629 has it: shortest forms only, no surrogates, up to
/// U+10FFFF.
bool is_valid_utf8(std::string_view text);

/// What stands at the front of a text: how many bytes, and whether they are a character; else they
/// are to become one U+FFFD. Source: The Unicode Standard 15.0, table 3-7 and "U+FFFD Substitution
/// of Maximal Subparts" (read 2026-11-22).
struct Utf8Sequence {
  std::size_t size = 0;
  bool is_valid = false;
};
/// `text` is not empty.
Utf8Sequence sequence_at(std::string_view text);

/// A copy in which each part that is no UTF-8 is one U+FFFD, with a line feed and 15 more readable
/// bytes behind it (what a JsonLine wants).
std::string_view repair_utf8(std::string_view text, Arena& arena);

}  // namespace linkferry::common
