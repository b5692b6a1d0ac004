#pragma once

#include <cstddef>
#include <string>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

/// Texts by their characters: what services trim, count and fold.
namespace linkferry::common {

/// Takes the first character (code point) off valid UTF-8 that is not empty.
char32_t take_character(Text& text);

/// Unicode's White_Space and U+001C to U+001F, which is what Python's `str.strip` takes off both
/// ends. Source: Python 3.13, `str.isspace`; observed on linkding 1.46.2 (read 2026-11-22).
bool is_white_space(char32_t character);

/// Without white space at both ends. Absent and empty become an empty text that is present.
Text trimmed_characters(Text text);

/// How many characters (code points) a text of valid UTF-8 has.
std::size_t count_characters(Text text);

/// The first `limit` characters.
Text first_characters(Text text, std::size_t limit);

/// In lower case as Python's `str.lower` has it. Source: The Unicode Standard 15.0, section 3.13
/// (read 2026-11-22).
std::string lower_case(Text text);

}  // namespace linkferry::common
