#pragma once

#include <cstdint>
#include <vector>

#include "host/sink_proxy.hpp"
#include "linkferry/arena.hpp"
#include "pipeline/duplicates.hpp"

namespace linkferry {

/// A bookmark of a place with its copies in other folders.
struct WholeBookmark {
  Bookmark bookmark;                  ///< in all of the folders
  std::vector<std::uint32_t> copies;  ///< the ordinals of the others
};

/// Copies that differ in the folder alone are one bookmark; anything else with the same key is a
/// record of its own, and stays as it is. `first`: the first of its key, as `sink` holds it; the
/// ordinals of one walk only go up. Lifetime: as `Sink::represent`.
WholeBookmark with_copies(const SinkView& sink, Duplicates& duplicates, std::uint32_t ordinal,
                          const Bookmark& first, Arena& arena);

}  // namespace linkferry
