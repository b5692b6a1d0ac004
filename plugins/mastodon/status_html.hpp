#pragma once

#include <span>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry::mastodon {

struct PlainContent {
  Text text;                    ///< absent where there is none
  std::span<const Text> links;  ///< addresses in the text, each once; no mentions, no hashtags
};

/// The content of a status without its markup: paragraphs stand apart by a blank line, items of
/// lists begin with `- `, and a link is written with its whole address, which servers cut into
/// pieces. Tolerant: what is no tag is text (GoToSocial sends bare `&` and `>`). `drops_quote`:
/// leaves out the paragraph `quote-inline`, which repeats a quoted post's address. Time and memory
/// are linear in `html`. Lifetime: of `arena`.
PlainContent read_content(Text html, bool drops_quote, Arena& arena);

}  // namespace linkferry::mastodon
