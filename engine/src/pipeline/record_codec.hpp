#pragma once

#include <string>
#include <string_view>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

/// Records as bytes, for what waits on disk during one run: the copy of a source that cannot be
/// read twice, the later parents of merged bookmarks, the plan. The journal keeps them longer.
namespace linkferry {

/// Goes up with every change of the form; a test holds it to that. The forms of older versions are
/// read on: 1 has no date of change in the origin.
inline constexpr int stored_record_version = 2;

/// Appends the bytes of a record.
void encode(const Bookmark& bookmark, std::string& out);
void encode(const Folder& folder, std::string& out);
void encode(Text text, std::string& out);
void encode(std::uint64_t number, std::string& out);

/// Takes one record off the front of `bytes`, which must come from `encode`.
/// Lifetime: texts point into `bytes`, lists into `lists`.
Bookmark decode_bookmark(std::string_view& bytes, Arena& lists);
Folder decode_folder(std::string_view& bytes, Arena& lists);
Text decode_text(std::string_view& bytes);
std::uint64_t decode_number(std::string_view& bytes);

/// The same record with all its texts and lists in `arena`.
Bookmark deep_copy(const Bookmark& bookmark, Arena& arena);
Folder deep_copy(const Folder& folder, Arena& arena);

}  // namespace linkferry
