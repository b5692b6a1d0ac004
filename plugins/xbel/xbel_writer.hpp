#pragma once

#include <string>

#include "common/folder_tree.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry::xbel {

/// How XBEL stands around the records. Source: XBEL 1.0 DTD, as in xbel_reader.hpp.
class XbelMarkup : public common::TreeMarkup {
 public:
  void prologue(std::string& out) const override;
  void open_folder(const Folder& facts, std::size_t depth, std::string& out) const override;
  void close_folder(std::size_t depth, std::string& out) const override;
  void epilogue(std::string& out) const override;
};

/// Appends a `<bookmark>` that stands `depth` folders deep, the inverse of ElementReader for what
/// `represent` returns.
void format_bookmark(const Bookmark& bookmark, std::size_t depth, std::string& out);

void format_separator(std::size_t depth, std::string& out);

}  // namespace linkferry::xbel
