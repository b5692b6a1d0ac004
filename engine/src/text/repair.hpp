#pragma once

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry {

/// Text as every sink may expect it: valid UTF-8, LF as the only line end, no control character but
/// tab and LF.
///
/// NUL and the other C0 controls go; CR LF and a lone CR become LF; each maximal part of an invalid
/// sequence becomes one U+FFFD (Source: Unicode 15 section 3.9, and the WHATWG encoding standard,
/// read 2026-11-22). DEL and the C1 controls are characters and stay. Absent stays absent, empty
/// stays empty. Returns `text` itself where there is nothing to do, which takes a few nanoseconds.
/// Sets `changed` to true where there was, and else leaves it alone. Repairing twice changes
/// nothing. Lifetime: of `text` or of `arena`.
Text repair_text(Text text, Arena& arena, bool& changed);

/// Whether `repair_text` would return `text` as it is.
bool is_clean_text(Text text);

}  // namespace linkferry
