#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "linkferry/bookmark.hpp"
#include "pipeline/plan.hpp"

/// Pieces of text for people.
namespace linkferry {

/// `1,234,567`.
std::string grouped(std::uint64_t number);

/// `1 job`, `2 jobs`: the plural is the noun with an s.
std::string counted(std::uint64_t number, std::string_view noun);

/// `text` on one line that a terminal takes as text: line ends and tabs become blanks, control
/// characters and those that turn the writing direction become U+FFFD, and more than `limit` code
/// points are cut with `…`.
std::string on_one_line(std::string_view text, std::size_t limit);

/// `firefox line 12`, or `pocket` where there are no lines.
std::string describe(const Place& place);

/// The value of one field, short, on one line; "(none)" where there is none.
std::string describe(const Bookmark& bookmark, Field field);

}  // namespace linkferry
