#pragma once

#include <string>
#include <string_view>

#include "linkferry/sink.hpp"

/// Records in the words of a finding.
namespace linkferry::contract {

/// A text in quotes, cut to some 60 bytes, with control characters shown; "absent" for an absent
/// one.
std::string in_quotes(Text text);

/// What a bookmark has in one field.
std::string value_of(const Bookmark& bookmark, Field field);

/// "title: found "a", expected "b"" for the first field that differs; "" when none does.
std::string describe_difference(const Bookmark& expected, const Bookmark& found);

/// The same for what a folder record says.
std::string describe_difference(const Folder& expected, const Folder& found);

/// "folder A/B", "separator in A/B"
std::string describe(const Folder& folder);

}  // namespace linkferry::contract
