#include "xbel/xbel_writer.hpp"

#include "linkferry/timestamp_text.hpp"
#include "xbel/xbel_represent.hpp"
#include "xbel/xbel_text.hpp"

namespace linkferry::xbel {
namespace {

/// Begins a line of an element that stands `depth` folders deep, and `inside` elements more.
void begin_line(std::string& out, std::size_t depth, std::size_t inside = 0) {
  out.append((depth + 1 + inside) * 2, ' ');
}

void put_attribute(std::string& out, std::string_view name, Text value) {
  if (is_absent(value)) return;
  out.append(" ").append(name).append("=\"");
  append_value(out, value);
  out.append("\"");
}

void put_date(std::string& out, std::string_view name, const Timestamp& time) {
  if (time.is_known()) put_attribute(out, name, format_rfc3339(time));
}

void put_flag(std::string& out, std::string_view name, Flag flag) {
  if (flag != Flag::unknown) put_attribute(out, name, flag == Flag::yes ? "yes" : "no");
}

/// `<title>` or `<desc>`, nothing when absent.
void put_text_element(std::string& out, std::string_view name, Text text, std::size_t depth) {
  if (is_absent(text)) return;
  begin_line(out, depth, 1);
  out.append("<").append(name).append(">");
  append_text(out, text);
  out.append("</").append(name).append(">\n");
}

void put_extra_attributes(std::string& out, std::span<const Attribute> attributes) {
  for (const Attribute& attribute : attributes) {
    put_attribute(out, attribute.name.substr(std::string_view("xbel.").size()), attribute.value);
  }
}

/// Children of linkferry's metadata: `<tag name="…"/>`, `<extra name="…" value="…"/>`.
void put_own_children(std::string& out, std::span<const Text> tags,
                      std::span<const Attribute> extra, std::size_t depth) {
  for (const Text tag : tags) {
    begin_line(out, depth, 3);
    out.append("<tag");
    put_attribute(out, "name", tag);
    out.append("/>\n");
  }
  for (const Attribute& attribute : extra) {
    begin_line(out, depth, 3);
    out.append("<extra");
    put_attribute(out, "name", attribute.name);
    put_attribute(out, "value", attribute.value);
    out.append("/>\n");
  }
}

/// `<info>` with foreign metadata and linkferry's own, whose attributes are given as they are
/// written; nothing where there is nothing to say.
void put_info(std::string& out, const ExtraParts& extra, std::string_view own_attributes,
              std::span<const Text> tags, std::size_t depth) {
  const bool has_children = !tags.empty() || !extra.own.empty();
  const bool has_own = has_children || !own_attributes.empty();
  if (!has_own && extra.metadata.empty()) return;
  begin_line(out, depth, 1);
  out.append("<info>\n");
  for (const Attribute& attribute : extra.metadata) {
    begin_line(out, depth, 2);
    out.append(attribute.value).append("\n");
  }
  if (has_own) {
    begin_line(out, depth, 2);
    out.append("<metadata owner=\"").append(own_owner).append("\"").append(own_attributes);
    out.append(has_children ? ">\n" : "/>\n");
    put_own_children(out, tags, extra.own, depth);
    if (has_children) {
      begin_line(out, depth, 2);
      out.append("</metadata>\n");
    }
  }
  begin_line(out, depth, 1);
  out.append("</info>\n");
}

std::string own_attributes(const Bookmark& bookmark) {
  std::string out;
  put_attribute(out, "notes", bookmark.notes);
  put_date(out, "read_at", bookmark.read_at);
  put_flag(out, "unread", bookmark.unread);
  put_flag(out, "favorite", bookmark.favorite);
  put_flag(out, "archived", bookmark.archived);
  put_flag(out, "shared", bookmark.shared);
  if (bookmark.kind != Kind::link) put_attribute(out, "kind", name_of(bookmark.kind));
  put_attribute(out, "language", bookmark.language);
  put_attribute(out, "icon", bookmark.icon);
  put_attribute(out, "cover_url", bookmark.cover_url);
  put_attribute(out, "keyword", bookmark.keyword);
  return out;
}

}  // namespace

void format_bookmark(const Bookmark& bookmark, std::size_t depth, std::string& out) {
  const ExtraParts extra = split_extra(bookmark);
  begin_line(out, depth);
  out.append("<bookmark");
  put_attribute(out, "href", bookmark.url);
  put_date(out, "added", bookmark.created_at);
  put_date(out, "modified", bookmark.modified_at);
  put_date(out, "visited", bookmark.visited_at);
  put_extra_attributes(out, extra.attributes);
  const std::size_t start = out.size();
  out.append(">\n");
  const std::size_t inside = out.size();
  put_text_element(out, "title", bookmark.title, depth);
  put_info(out, extra, own_attributes(bookmark), bookmark.tags, depth);
  put_text_element(out, "desc", bookmark.description, depth);
  if (out.size() == inside) {
    out.resize(start);
    out.append("/>\n");
    return;
  }
  begin_line(out, depth);
  out.append("</bookmark>\n");
}

void format_separator(std::size_t depth, std::string& out) {
  begin_line(out, depth);
  out.append("<separator/>\n");
}

void XbelMarkup::prologue(std::string& out) const {
  out.append(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<!DOCTYPE xbel PUBLIC \"+//IDN python.org//DTD XML Bookmark Exchange Language "
      "1.0//EN//XML\" "
      "\"http://pyxml.sourceforge.net/topics/dtds/xbel.dtd\">\n"
      "<xbel version=\"1.0\">\n");
}

void XbelMarkup::open_folder(const Folder& facts, std::size_t depth, std::string& out) const {
  const ExtraParts extra = split_extra(facts);
  const std::size_t outside = depth - 1;
  begin_line(out, outside);
  out.append("<folder");
  put_date(out, "added", facts.created_at);
  if (facts.role == FolderRole::toolbar) put_attribute(out, "toolbar", "yes");
  put_extra_attributes(out, extra.attributes);
  out.append(">\n");
  put_text_element(out, "title", facts.path.back(), outside);
  std::string own;
  put_date(own, "modified_at", facts.modified_at);
  if (facts.role != FolderRole::none && facts.role != FolderRole::toolbar)
    put_attribute(own, "role", name_of(facts.role));
  put_info(out, extra, own, {}, outside);
  put_text_element(out, "desc", facts.description, outside);
}

void XbelMarkup::close_folder(std::size_t depth, std::string& out) const {
  begin_line(out, depth - 1);
  out.append("</folder>\n");
}

void XbelMarkup::epilogue(std::string& out) const { out.append("</xbel>\n"); }

}  // namespace linkferry::xbel
