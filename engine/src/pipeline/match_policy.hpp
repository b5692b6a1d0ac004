#pragma once

#include "config/job.hpp"
#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry {

/// What the sink should hold of a bookmark that it has already, and that the source has too.
///
/// `skip`: what it has. `fill`: that, with its empty fields filled in. `merge`: both merged, the
/// sink's first. `newer`: the source's where its modified_at (else its created_at) is later and
/// both are known, else what it has; where the origins of both have a date of change, by these.
/// `overwrite`: the source's; what the source does not know stays. The URL is never rewritten.
/// Lifetime: as `merge`.
Bookmark apply_policy(OnMatch policy, const Bookmark& present, const Bookmark& wanted,
                      Arena& arena);

/// When it was changed last; where that is not known, when it was created.
const Timestamp& changed_or_created_at(const Bookmark& bookmark);

}  // namespace linkferry
