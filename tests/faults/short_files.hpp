#pragma once

#include <string>
#include <vector>

#include "short_bookmarks.hpp"

namespace linkferry::test {

/// Texts of files with short bookmarks (World): of jsonl, where members that a short bookmark does
/// not have stay as they are, and of the shelf (modules/shelf.cpp), where its id stays.
std::string line_of(const ShortBookmark& bookmark);
std::string lines_with(const std::string& lines, const ShortBookmark& bookmark);
/// It must be there.
std::string lines_without(const std::string& lines, const ShortBookmark& bookmark);
std::vector<std::string> listing_of_lines(const std::string& lines);

/// Without a line of its address the id follows from the name.
std::string shelf_with(const std::string& text, const ShortBookmark& bookmark);
std::string shelf_without(const std::string& text, const ShortBookmark& bookmark);
std::vector<std::string> listing_of_shelf(const std::string& text);

}  // namespace linkferry::test
