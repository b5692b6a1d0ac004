#pragma once

#include <string>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

/// Texts and dates as they are put into Bkmark's fields.
namespace linkferry::bkmark {

/// Without white space (Unicode's, and U+FEFF) at both ends; what is left empty is absent. Whether
/// Bkmark trims what it stores is not said, so that nothing is sent that it could trim.
Text trimmed(Text text);

/// Bkmark has no notes: they follow the description under this line.
inline constexpr Text notes_mark = "[linkferry-notes]";

/// A description and notes in one text; both trimmed. Lifetime: the arena, or that of a part.
Text combine_notes(Text description, Text notes, Arena& arena);

struct DescriptionAndNotes {
  Text description;  ///< absent where there is none
  Text notes;
};
/// The inverse. Without the mark all is description. Lifetime: of `combined`.
DescriptionAndNotes split_notes(Text combined);

/// What says "read, but nobody knows when": Bkmark's only flag for it is the date of reading. It is
/// the midnight of the day of storing, and one millisecond. A real date looks so once in 86
/// million.
Timestamp unknown_read(std::int64_t now_seconds);
bool is_unknown_read(const Timestamp& time);

/// What addresses have in common that some service may take for one: without scheme, `www.`,
/// fragment, marks of campaigns and slashes at the end, in lower case. Only used to find the
/// bookmark that Bkmark says is there already.
std::string loose_key(Text url);

}  // namespace linkferry::bkmark
