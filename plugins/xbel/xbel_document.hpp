#pragma once

#include <tinyxml2.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace linkferry::xbel {

/// Larger files are refused: the whole document is held in memory, at several times its size.
inline constexpr std::uint64_t max_file_bytes = 256 * 1024 * 1024;

/// An XBEL file in memory.
///
/// Entities of the file's own are not expanded (tinyxml2 knows the five of XML and numbers only)
/// and elements nest at most 100 deep, so neither time nor memory can be blown up by a small file.
/// Source: XBEL 1.0 (pyxml.sourceforge.net/topics/xbel, read 2026-11-22).
class XbelDocument {
 public:
  /// `text` is UTF-8. A text that ends inside an element is read as far as its last whole entry.
  /// Errors: Failure configuration with `name`, line and reason: not well-formed, nested too deep,
  /// no XBEL.
  XbelDocument(std::string text, const std::string& name);

  /// The first node of the root, whatever it is; null when it is empty.
  const tinyxml2::XMLElement* first() const { return root_->FirstChildElement(); }

  /// The bookmark or folder of this id; null when there is none. The first where several have it.
  const tinyxml2::XMLElement* find(std::string_view id) const;

  /// An element as XML that stands by itself: with the namespaces of the root that it uses.
  std::string xml_of(const tinyxml2::XMLElement& element) const;

  /// The line in which the text is cut off; 0 when it is whole.
  std::uint64_t cut_line() const { return cut_line_; }

 private:
  void collect_ids();

  tinyxml2::XMLDocument document_;
  const tinyxml2::XMLElement* root_ = nullptr;
  std::unordered_map<std::string_view, const tinyxml2::XMLElement*> ids_;
  std::uint64_t cut_line_ = 0;
};

/// Writes `&` as `&amp;` where it begins no reference that XML knows: in unescaped addresses,
/// before names of other entities, and before numbers that are no character. tinyxml2 would put
/// wrong bytes there.
void escape_stray_ampersands(std::string& text);

/// Cuts a text that ends inside an element behind the last entry that is whole, and closes what is
/// open there: a bookmark or text that is not complete is left out. False when the text is not
/// merely cut off; then it is unchanged.
bool close_cut_xml(std::string& text);

}  // namespace linkferry::xbel
