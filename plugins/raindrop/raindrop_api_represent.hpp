#pragma once

#include "linkferry/sink.hpp"

namespace linkferry::raindrop {

/// Source of the limits: developer.raindrop.io, Raindrops (read 2026-11-22). They are taken for
/// UTF-16 units, which is how the service, a JavaScript program, counts.
inline constexpr std::size_t max_title_units = 1000;
inline constexpr std::size_t max_text_units = 10'000;
/// Each level may cost a request, so that folders nested deeper are kept at this level.
inline constexpr std::size_t max_collection_levels = 50;

/// What an account of Raindrop holds of a bookmark that is written through the API, and what it
/// loses. Pure.
Representation represent_for_api(const Bookmark& bookmark, Arena& arena);

/// The same for a folder, which becomes a collection.
FolderRepresentation represent_folder_for_api(const Folder& folder, Arena& arena);

/// As much of a text as has at most `limit` UTF-16 units.
Text first_units(Text text, std::size_t limit);

}  // namespace linkferry::raindrop
