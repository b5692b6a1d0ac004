#pragma once

#include <cstddef>
#include <string_view>

namespace linkferry {

/// The length in bytes of the well-formed UTF-8 sequence that `text` begins with; 0 where it begins
/// with none (empty, a stray continuation, an overlong form, a surrogate, beyond U+10FFFF, cut
/// off). Source: Unicode 15, table 3-7.
std::size_t sequence_length(std::string_view text);

/// How many bytes of `text`, which begins with no well-formed sequence, are to become one U+FFFD:
/// the longest part that a well-formed sequence could begin with, and at least 1. `text` must not
/// be empty.
std::size_t broken_length(std::string_view text);

/// Whether all of it is well-formed.
bool is_utf8(std::string_view text);

/// The number of code points of valid UTF-8.
std::size_t count_code_points(std::string_view text);

/// The first `count` code points of valid UTF-8, or all where there are fewer.
std::string_view cut_code_points(std::string_view text, std::size_t count);

/// The longest beginning of valid UTF-8 of at most `bytes` bytes that ends between code points.
std::string_view cut_bytes(std::string_view text, std::size_t bytes);

}  // namespace linkferry
