#pragma once

#include <cstddef>
#include <string>

#include "common/folder_tree.hpp"
#include "common/text_buffer.hpp"
#include "linkferry/bookmark.hpp"
#include "netscape/netscape_dialect.hpp"

/// Records as bytes of a Netscape file. Pure; the reverse is common/netscape_reader.hpp.
namespace linkferry::netscape {

/// How a file is written.
struct Style {
  const Dialect* dialect = &dialects[0];
  bool has_blank_separated_tags = false;
};

/// Appends one record, as `represent` returned it, with its indentation for `depth` and a line end:
///
///     <DT><A HREF="https://example.org/" ADD_DATE="1700000000" TAGS="a,b">Title</A>
///     <DD>Description
void format_bookmark(const Bookmark& bookmark, std::size_t depth, const Style& style,
                     common::TextBuffer& out);

/// Appends a separator, `<HR>`.
void format_separator(const Folder& separator, std::size_t depth, const Style& style,
                      common::TextBuffer& out);

/// What stands around the records.
class Markup : public common::TreeMarkup {
 public:
  explicit Markup(const Style& style) : style_(style) {}

  void prologue(std::string& out) const override;
  void open_folder(const Folder& facts, std::size_t depth, std::string& out) const override;
  void close_folder(std::size_t depth, std::string& out) const override;
  void epilogue(std::string& out) const override;

 private:
  Style style_;
  mutable common::TextBuffer buffer_;
};

}  // namespace linkferry::netscape
