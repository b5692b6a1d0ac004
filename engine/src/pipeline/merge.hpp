#pragma once

#include <span>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry {

/// Notes that a merge would make longer than this stay as they are: it bounds what a file full of
/// one URL can cost.
inline constexpr std::size_t max_merged_notes_bytes = 1024 * 1024;

struct Merged {
  Bookmark bookmark;
  bool are_notes_cut = false;  ///< some text found no room in the notes
};

/// One bookmark from several that share a match key, field by field; `parents` in the order they
/// were read, at least one.
///
/// tags, folders, highlights, media, extra: unions in first-seen order (of an `extra` key the first
/// value wins, others are kept as `key#2` …). created_at: the earliest; the other dates: the
/// latest. title: the first that says more than the URL. description: the longest; the others that
/// it does not contain go to notes. notes: joined by a blank line. favorite, shared: true if any;
/// archived, unread: true if all that know. kind: the first that is not link. Everything else:
/// first known. Lifetime: new texts and lists are in `arena`, the others where the parents have
/// them.
Merged merge(std::span<const Bookmark> parents, Arena& arena);

}  // namespace linkferry
