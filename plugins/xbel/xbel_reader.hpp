#pragma once

#include <tinyxml2.h>

#include <span>
#include <string_view>
#include <vector>

#include "linkferry/batch.hpp"
#include "xbel/xbel_document.hpp"

namespace linkferry::xbel {

/// A text that is longer is refused with its line.
inline constexpr std::size_t max_field_bytes = 16 * 1024 * 1024;

/// Makes records of elements like these (real lines, folded):
///
///     <folder id="f1" added="2019-05-01T10:11:12Z"
///     folded="no"><title>Work</title><desc>Paid</desc> <bookmark href="https://a.example/"
///     added="2019-05-01" visited="2020-01-01T00:00:00Z"><title>A</title></bookmark> <bookmark
///     href="https://b.example/" TAGS="x,y"><title>written by buku</title></bookmark> <separator/>
///     <alias ref="b1"/>
///
/// What linkferry writes beyond XBEL stands in `<info><metadata owner="linkferry" …>` (README).
/// Attributes without a field go to `extra` as `xbel.NAME`, metadata of other owners as
/// `xbel.metadata` with its XML. Source: XBEL 1.0 DTD (pyxml.sourceforge.net/topics/dtds/xbel.dtd,
/// read 2026-11-22); TAGS: buku, README of its export; toolbar: KDE's KBookmarkManager. Lifetime:
/// what it makes lives in the batch's arena. Thread: one at a time.
class ElementReader {
 public:
  ElementReader(const XbelDocument& document, Batch& batch) : document_(document), batch_(batch) {}

  /// Adds a `<bookmark>`, in that folder, or its rejection.
  void add_bookmark(const tinyxml2::XMLElement& element, FolderPath path);
  /// Adds what an `<alias>` refers to, in that folder, or its rejection.
  void add_alias(const tinyxml2::XMLElement& element, FolderPath path);
  /// Adds the record of a `<folder>`, whose own path this is.
  void add_folder(const tinyxml2::XMLElement& element, FolderPath path);
  void add_separator(const tinyxml2::XMLElement& element, FolderPath path);

  /// The name of a `<folder>`: its title, perhaps empty.
  Text folder_name(const tinyxml2::XMLElement& element);

 private:
  void add_record(const tinyxml2::XMLElement& element, FolderPath path, int line);
  void read_attribute(const tinyxml2::XMLAttribute& attribute, Bookmark& bookmark);
  void read_own_attribute(const tinyxml2::XMLAttribute& attribute, Bookmark& bookmark);
  void read_own_children(const tinyxml2::XMLElement& metadata);
  template <class ReadOwn>
  void read_metadata(const tinyxml2::XMLElement& element, ReadOwn read_own);
  void read_tags(std::string_view value);
  void read_flag(std::string_view value, Flag& flag);
  void read_own_date(const char* value, Timestamp& time);
  void read_date(const tinyxml2::XMLAttribute& attribute, Timestamp& time);
  void keep(const tinyxml2::XMLAttribute& attribute);
  Text copy(const char* text);
  Text copy(std::string_view text);
  Text text_of(const tinyxml2::XMLElement* element);
  void notice(std::string_view text);

  const XbelDocument& document_;
  Batch& batch_;
  int line_ = 0;
  bool is_too_large_ = false;
  std::vector<Text> tags_;
  std::vector<Attribute> extra_;
};

}  // namespace linkferry::xbel
