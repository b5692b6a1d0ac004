#pragma once

#include "common/json_writer.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry::jsonl {

/// What is written beside the record itself.
struct LineOptions {
  bool with_origin = false;  ///< plugin, endpoint, id and list
  bool with_raw = false;     ///< also the record as its service sent it
};

/// Appends one line, the inverse of `LineParser`: keys in the order of the schema, nothing for what
/// is absent, unknown or
/// (`kind`) the default.
void format_bookmark(const Bookmark& bookmark, const LineOptions& options, common::JsonWriter& out);

/// The same for a folder or separator.
void format_folder(const Folder& folder, common::JsonWriter& out);

}  // namespace linkferry::jsonl
