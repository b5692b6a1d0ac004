#pragma once

#include "linkferry/bookmark.hpp"

namespace linkferry::common {

/// A date as bookmark files have them: a count since 1970 in seconds, milliseconds, microseconds or nanoseconds (its size
/// tells), `10/Oct/2000:13:55:36 +0300`, or RFC 3339. Blanks around it are ignored.
/// Unknown for `0`, for nothing and for what is no date; `is_no_date` is set in the last case only.
/// Source: exports of browsers and services; Common Log Format of the Apache HTTP Server 2.4 documentation (read 2026-11-22).
Timestamp parse_netscape_date(Text text, bool& is_no_date);

}  // namespace linkferry::common
