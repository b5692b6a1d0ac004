#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

/// The rules for texts in XBEL that reading, writing and `represent` share. Each is idempotent.
namespace linkferry::xbel {

/// Without blanks at both ends; a line break inside, with the blanks around it, is one blank.
/// Lifetime: arena or text.
Text as_title(Text title, Arena& arena);

/// Without blank lines and blanks at both ends.
Text as_description(Text description);

/// With U+FFFD for what XML cannot hold: control characters other than tab, LF and CR, and U+FFFE
/// and U+FFFF. The same view when there is none. Source: XML 1.0, section 2.2 (read 2026-11-22).
Text as_xml_text(Text text, Arena& arena);

/// Appends text for use between tags.
void append_text(std::string& out, std::string_view text);
/// Appends text for use inside double quotes; tabs and line breaks become references, which readers
/// keep.
void append_value(std::string& out, std::string_view text);

/// Whether an attribute may have this name without a namespace. ASCII only, which XBEL's own names
/// are.
bool is_attribute_name(std::string_view name);

/// Foreign metadata as it is kept in `extra`: one `<metadata>` element of an owner other than
/// linkferry, in the spelling in which it is written. Nothing for anything else, which cannot be
/// written as XML.
std::optional<std::string> canonical_metadata(std::string_view xml);

/// The owner of linkferry's own `<metadata>`.
inline constexpr std::string_view own_owner = "linkferry";

}  // namespace linkferry::xbel
