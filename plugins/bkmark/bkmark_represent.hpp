#pragma once

#include "bkmark/bkmark_library.hpp"
#include "linkferry/sink.hpp"

namespace linkferry::bkmark {

/// What becomes of a folder that is no group: groups cannot be made through the API.
enum class UnknownGroups : std::uint8_t {
  tag,   ///< a tag with the folder's path
  skip,  ///< lost
  fail,  ///< the bookmark is refused
};

struct RepresentRules {
  UnknownGroups unknown_groups = UnknownGroups::tag;
  bool keeps_notes = true;  ///< behind the description, under a marked line
  bool keeps_dates = false;
  const Groups* groups = nullptr;    ///< never null
  const Library* library = nullptr;  ///< may be null
};

/// What Bkmark holds of a bookmark, and what it loses. Pure but for what `library` and `groups`
/// learn. What it holds already keeps its type and its date of creation: neither can be changed.
Representation represent(const Bookmark& bookmark, const RepresentRules& rules, Arena& arena);

}  // namespace linkferry::bkmark
