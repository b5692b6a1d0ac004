#pragma once

#include "linkferry/sink.hpp"

namespace linkferry::xbel {

/// Deeper folders are written at this level: XML readers stop at 100 levels of elements, and what
/// stands in a folder needs some.
inline constexpr std::size_t max_folders = 64;

/// How `extra` is written, in this order: attributes of the element itself, foreign metadata as it
/// is, and the rest in linkferry's own metadata.
struct ExtraParts {
  std::span<const Attribute> attributes;
  std::span<const Attribute> metadata;
  std::span<const Attribute> own;
};

/// The parts of the `extra` of a record that `represent` returned.
ExtraParts split_extra(const Bookmark& bookmark);
ExtraParts split_extra(const Folder& folder);

/// What an XBEL file holds of it (README). Pure and idempotent.
Representation represent(const Bookmark& bookmark, Arena& arena);
FolderRepresentation represent(const Folder& folder, Arena& arena);

}  // namespace linkferry::xbel
