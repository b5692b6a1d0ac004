#include "netscape/netscape_format.hpp"

#include <algorithm>
#include <vector>

#include "common/netscape_attributes.hpp"
#include "common/netscape_records.hpp"
#include "common/netscape_tokenizer.hpp"

namespace linkferry::netscape {
namespace {

using common::TextBuffer;
using common::TextCursor;

/// Deeper levels are not indented further: a list a thousand folders deep is not to be mostly
/// blanks.
constexpr std::size_t deepest_indentation = 32;

template <class Out>
void indent(std::size_t depth, Out& out) {
  out.append_blanks(4 * std::min(depth + 1, deepest_indentation));
}

template <class Out>
void append_value(Text value, const Style& style, Out& out) {
  if (style.dialect->is_raw) {
    out.append(value);
  } else {
    out.append_escaped(value, true);
  }
}

template <class Out>
void append_text(Text text, const Style& style, Out& out) {
  if (style.dialect->is_raw) {
    out.append(text);
  } else {
    out.append_escaped(text, false);
  }
}

/// ` NAME="value"`; `opening` is ` NAME="`.
template <std::size_t size, class Out>
void append_attribute(const char (&opening)[size], Text value, const Style& style, Out& out) {
  out.append(opening);
  append_value(value, style, out);
  out.append('"');
}

template <std::size_t size, class Out>
void append_date(const char (&opening)[size], const Timestamp& time, Out& out) {
  if (time.is_known()) out.append_number(opening, time.seconds, "\"");
}

template <class Out>
void append_flag(std::string_view name, Flag flag, std::string_view yes, std::string_view no,
                 Out& out) {
  if (flag == Flag::unknown) return;
  out.append(name);
  out.append(flag == Flag::yes ? yes : no);
}

template <class Out>
void append_extra(std::span<const Attribute> extra, const Style& style, Out& out) {
  for (const auto& attribute : extra) {
    if (!attribute.name.starts_with(extra_prefix)) continue;
    out.append(' ');
    out.append(attribute.name.substr(extra_prefix.size()));
    append_attribute("=\"", attribute.value, style, out);
  }
}

/// Attributes of a folder in the order in which the reader gives them: a folder told of twice has
/// them in another.
std::vector<Attribute> sorted_as_read(std::span<const Attribute> extra) {
  std::vector<Attribute> sorted(extra.begin(), extra.end());
  const auto rank = [](const Attribute& a) {
    return common::find_netscape_attribute(
        a.name.substr(std::min(extra_prefix.size(), a.name.size())));
  };
  std::stable_sort(sorted.begin(), sorted.end(),
                   [rank](const Attribute& a, const Attribute& b) { return rank(a) < rank(b); });
  return sorted;
}

template <class Out>
void append_tags(const Bookmark& bookmark, const Style& style, Out& out) {
  const bool has_marks = style.dialect->has_linkding_marks;
  const bool is_archived = has_marks && bookmark.archived == Flag::yes;
  if (bookmark.tags.empty() && !has_marks) return;
  const char separator = style.has_blank_separated_tags ? ' ' : ',';
  out.append(" TAGS=\"");
  for (std::size_t i = 0; i < bookmark.tags.size(); ++i) {
    if (i != 0) out.append(separator);
    append_value(bookmark.tags[i], style, out);
  }
  if (is_archived) {
    if (!bookmark.tags.empty()) out.append(separator);
    out.append(common::linkding_archived_tag);
  }
  // Shaarli splits a list without a comma at its blanks.
  const bool is_lone = style.dialect->is_raw && bookmark.tags.size() == 1 && separator == ',';
  if (is_lone && bookmark.tags[0].find(' ') != Text::npos) out.append(',');
  out.append('"');
}

bool has_attribute(std::span<const Attribute> extra, std::string_view name) {
  return std::any_of(extra.begin(), extra.end(), [name](const Attribute& a) {
    return a.name.starts_with(extra_prefix) && a.name.substr(extra_prefix.size()) == name;
  });
}

template <class Out>
void append_icon(const Bookmark& bookmark, const Style& style, Out& out) {
  if (!style.dialect->has_icon || is_absent(bookmark.icon)) return;
  const bool is_data =
      bookmark.icon.starts_with("data:") || has_attribute(bookmark.extra, "ICON_URI");
  if (is_data) return append_attribute(" ICON=\"", bookmark.icon, style, out);
  append_attribute(" ICON_URI=\"", bookmark.icon, style, out);
}

template <class Out>
void append_other_fields(const Bookmark& bookmark, const Style& style, Out& out) {
  append_date(" LAST_VISIT=\"", bookmark.visited_at, out);
  if (is_present(bookmark.keyword))
    append_attribute(" SHORTCUTURL=\"", bookmark.keyword, style, out);
  if (is_present(bookmark.cover_url))
    append_attribute(" DATA-COVER=\"", bookmark.cover_url, style, out);
  append_flag(" DATA-IMPORTANT=\"", bookmark.favorite, "true\"", "false\"", out);
}

/// A text in which a mark of linkding's stands literally must not be taken for one: its bracket
/// becomes a reference.
template <class Out>
void append_unmarked(Text text, const Style& style, Out& out) {
  if (style.dialect->is_raw) return out.append(text);
  for (;;) {
    const auto at = text.find(common::linkding_notes_begin);
    append_text(text.substr(0, at), style, out);
    if (at == Text::npos) return;
    out.append("&#91;");
    text.remove_prefix(at + 1);
  }
}

template <class Out>
void append_description(const Bookmark& bookmark, std::size_t depth, const Style& style, Out& out) {
  const bool has_notes = style.dialect->has_linkding_marks && is_present(bookmark.notes);
  if (is_absent(bookmark.description) && !has_notes) return;
  indent(depth, out);
  out.append("<DD>");
  append_unmarked(bookmark.description, style, out);
  if (has_notes) {
    out.append(common::linkding_notes_begin);
    append_text(bookmark.notes, style, out);
    out.append(common::linkding_notes_end);
  }
  out.append('\n');
}

/// `Out`: a TextBuffer, or a TextCursor where there is room for `most_bytes_of` the record.
template <class Out>
void append_bookmark(const Bookmark& bookmark, std::size_t depth, const Style& style, Out& out) {
  const Dialect& dialect = *style.dialect;
  indent(depth, out);
  append_attribute("<DT><A HREF=\"", bookmark.url, style, out);
  append_date(" ADD_DATE=\"", bookmark.created_at, out);
  if (dialect.has_modified_at) append_date(" LAST_MODIFIED=\"", bookmark.modified_at, out);
  if (dialect.has_shared) append_flag(" PRIVATE=\"", bookmark.shared, "0\"", "1\"", out);
  if (dialect.has_unread) append_flag(" TOREAD=\"", bookmark.unread, "1\"", "0\"", out);
  if (dialect.has_tags) append_tags(bookmark, style, out);
  if (dialect.has_other_fields) append_other_fields(bookmark, style, out);
  append_icon(bookmark, style, out);
  if (dialect.has_other_fields && !bookmark.extra.empty()) append_extra(bookmark.extra, style, out);
  out.append('>');
  append_text(bookmark.title, style, out);
  out.append("</A>\n");
  if (dialect.has_description) append_description(bookmark, depth, style, out);
}

/// How much the record takes at most, with everything that stands around its texts.
std::size_t most_bytes_of(const Bookmark& bookmark) {
  constexpr std::size_t markup_bytes = 1024;
  constexpr std::size_t markup_bytes_of_item = 8;
  std::size_t bytes = bookmark.url.size() + bookmark.title.size() + bookmark.description.size() +
                      bookmark.notes.size() + bookmark.icon.size() + bookmark.cover_url.size() +
                      bookmark.keyword.size();
  for (const Text tag : bookmark.tags) bytes += tag.size() + markup_bytes_of_item;
  for (const auto& attribute : bookmark.extra)
    bytes += attribute.name.size() + attribute.value.size() + markup_bytes_of_item;
  return bytes * TextCursor::most_escaped + markup_bytes;
}

}  // namespace

void format_bookmark(const Bookmark& bookmark, std::size_t depth, const Style& style,
                     TextBuffer& out) {
  // Rationale: one look for room instead of some twenty; large texts are escaped in pieces.
  constexpr std::size_t usual_bytes = 32 * 1024;
  const std::size_t bytes = most_bytes_of(bookmark);
  if (bytes > usual_bytes) [[unlikely]]
    return append_bookmark(bookmark, depth, style, out);
  out.append_with(bytes, [&](TextCursor& room) { append_bookmark(bookmark, depth, style, room); });
}

void format_separator(const Folder& separator, std::size_t depth, const Style& style,
                      TextBuffer& out) {
  indent(depth, out);
  out.append("<HR");
  if (is_present(separator.title)) append_attribute(" NAME=\"", separator.title, style, out);
  append_extra(separator.extra, style, out);
  out.append(">\n");
}

void Markup::prologue(std::string& out) const {
  out += "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n";
  if (style_.dialect->is_raw) {
    out.append("<!-- ").append(common::netscape_raw_mark).append(" -->\n");
  } else {
    out +=
        "<!-- This is an automatically generated file.\n"
        "     It will be read and overwritten.\n"
        "     DO NOT EDIT! -->\n";
  }
  out +=
      "<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset=UTF-8\">\n"
      "<TITLE>Bookmarks</TITLE>\n"
      "<H1>Bookmarks</H1>\n"
      "<DL><p>\n";
}

void Markup::open_folder(const Folder& facts, std::size_t depth, std::string& out) const {
  const Dialect& dialect = *style_.dialect;
  buffer_.clear();
  indent(depth - 1, buffer_);
  buffer_.append("<DT><H3");
  append_date(" ADD_DATE=\"", facts.created_at, buffer_);
  append_date(" LAST_MODIFIED=\"", facts.modified_at, buffer_);
  if (facts.role == FolderRole::toolbar) buffer_.append(" PERSONAL_TOOLBAR_FOLDER=\"true\"");
  if (facts.role == FolderRole::unfiled) buffer_.append(" UNFILED_BOOKMARKS_FOLDER=\"true\"");
  if (facts.role == FolderRole::menu) buffer_.append(" BOOKMARKS_MENU=\"true\"");
  if (dialect.has_other_fields && !facts.extra.empty())
    append_extra(sorted_as_read(facts.extra), style_, buffer_);
  buffer_.append('>');
  append_text(facts.path.back(), style_, buffer_);
  buffer_.append("</H3>\n");
  if (dialect.has_folder_description && is_present(facts.description)) {
    indent(depth - 1, buffer_);
    buffer_.append("<DD>");
    append_text(facts.description, style_, buffer_);
    buffer_.append('\n');
  }
  indent(depth - 1, buffer_);
  buffer_.append("<DL><p>\n");
  out.append(buffer_.view());
}

void Markup::close_folder(std::size_t depth, std::string& out) const {
  out.append(4 * std::min(depth, deepest_indentation), ' ').append("</DL><p>\n");
}

void Markup::epilogue(std::string& out) const { out += "</DL><p>\n"; }

}  // namespace linkferry::netscape
