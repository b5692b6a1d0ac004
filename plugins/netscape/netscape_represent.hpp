#pragma once

#include "linkferry/arena.hpp"
#include "linkferry/sink.hpp"
#include "netscape/netscape_format.hpp"

namespace linkferry::netscape {

/// What a file of this style holds of a bookmark: exactly what the reader finds in it afterwards.
/// Every field that comes out different is named in the losses. Refused is only an entry without an
/// address. Pure and stable.
Representation represent(const Bookmark& bookmark, const Style& style, Arena& arena);

/// The same for folders and separators.
FolderRepresentation represent_folder(const Folder& folder, const Style& style, Arena& arena);

}  // namespace linkferry::netscape
