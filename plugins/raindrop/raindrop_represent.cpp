#include <algorithm>
#include <string>

#include "common/csv_fields.hpp"
#include "common/html_text.hpp"
#include "linkferry/timestamp_text.hpp"
#include "raindrop/raindrop_fields.hpp"
#include "raindrop/raindrop_format.hpp"

namespace linkferry::raindrop {
namespace {

constexpr Text export_header[] = {"id",   "title",   "note",  "excerpt",    "url",     "folder",
                                  "tags", "created", "cover", "highlights", "favorite"};
constexpr Text import_header[] = {"url", "folder", "title", "note", "tags", "created"};
constexpr std::string_view highlight_mark = "Highlight:";
constexpr Text highlights_rest_name = "raindrop.highlights";

constexpr Text cannot_say_no = "Raindrop's CSV cannot say no here";

void drop_unheld(Bookmark& b, Losses& losses) {
  using common::drop;
  drop(&Bookmark::modified_at, Field::modified_at,
       "Raindrop's CSV has no place for the date of change", b, losses);
  drop(&Bookmark::read_at, Field::read_at, "Raindrop's CSV has no place for the date of reading", b,
       losses);
  drop(&Bookmark::visited_at, Field::visited_at,
       "Raindrop's CSV has no place for the date of the last visit", b, losses);
  drop(&Bookmark::unread, Field::unread, "Raindrop does not know what is unread", cannot_say_no, b,
       losses);
  drop(&Bookmark::archived, Field::archived, "Raindrop has no archive", cannot_say_no, b, losses);
  drop(&Bookmark::shared, Field::shared, "Raindrop's CSV does not say what is shared",
       cannot_say_no, b, losses);
  common::drop_kind("Raindrop's CSV knows links only", b, losses);
  drop(&Bookmark::language, Field::language, "Raindrop has no place for the language", b, losses);
  drop(&Bookmark::icon, Field::icon, "Raindrop has no place for icons", b, losses);
  drop(&Bookmark::keyword, Field::keyword, "Raindrop has no place for keywords", b, losses);
  drop(&Bookmark::media, Field::media, "Raindrop's CSV has no place for media", b, losses);
  common::drop_post("Raindrop has no place for posts", b, losses);
}

void drop_not_imported(Bookmark& b, Losses& losses) {
  using common::drop;
  drop(&Bookmark::description, Field::description,
       "Raindrop's import has no column for descriptions; layout: export has", b, losses);
  drop(&Bookmark::favorite, Field::favorite,
       "Raindrop's import has no column for favourites; layout: export has", cannot_say_no, b,
       losses);
  drop(&Bookmark::cover_url, Field::cover_url,
       "Raindrop's import has no column for cover images; layout: export has", b, losses);
  drop(&Bookmark::highlights, Field::highlights,
       "Raindrop's import has no column for highlights; layout: export has", b, losses);
  drop(&Bookmark::extra, Field::extra, "Raindrop's import has no column for extra attributes", b,
       losses);
}

void represent_only_tag(Bookmark& bookmark, Losses& losses) {
  if (bookmark.tags.size() != 1 || bookmark.tags.front() != "no_tag") return;
  losses.add(Field::tags, LossKind::dropped, "the only tag no_tag means that there is none");
  bookmark.tags = {};
}

/// One folder; a slash in a name would nest.
void represent_folders(Bookmark& bookmark, Arena& arena, Losses& losses) {
  if (bookmark.folders.empty()) return;
  const auto first = std::find_if(bookmark.folders.begin(), bookmark.folders.end(),
                                  [](FolderPath folder) { return !folder.empty(); });
  const FolderPath given = first == bookmark.folders.end() ? FolderPath() : *first;
  FolderPath path = common::without_byte(given, '/', '-', arena);
  if (path.data() != given.data()) {
    losses.add(
        Field::folders, LossKind::transformed,
        "Raindrop's CSV separates folders by slashes, so a slash in a name becomes a hyphen");
  }
  if (path.size() > max_folder_depth) {
    losses.add(Field::folders, LossKind::truncated,
               "folders deeper than 1,000 levels are kept at that level");
    path = path.first(max_folder_depth);
  }
  if (path.size() == 1 && path.front() == "Unsorted") {
    losses.add(Field::folders, LossKind::dropped,
               "Raindrop calls the place of what is in no folder Unsorted");
    path = {};
  }
  if (bookmark.folders.size() > 1) {
    losses.add(Field::folders, LossKind::dropped,
               "Raindrop holds a bookmark in one folder: the first is kept");
  }
  const bool is_unchanged =
      bookmark.folders.size() == 1 && path.data() == given.data() && path.size() == given.size();
  if (is_unchanged && !path.empty()) return;
  bookmark.folders = path.empty() ? std::span<const FolderPath>()
                                  : arena.copy(std::span<const FolderPath>(&path, 1));
}

/// The text of a highlight so that it is read back as one.
Text highlight_text(Text text, Arena& arena) {
  text = common::trimmed(text);
  const std::string_view split = "\nHighlight:";
  if (text.find(split) == Text::npos) return text;
  char* const copy = static_cast<char*>(arena.allocate(text.size(), 1));
  std::copy(text.begin(), text.end(), copy);
  for (std::size_t at = text.find(split); at != Text::npos; at = text.find(split, at + 1))
    copy[at] = ' ';
  return {copy, text.size()};
}

void represent_highlights(Bookmark& bookmark, Arena& arena, Losses& losses) {
  if (bookmark.highlights.empty()) return;
  const auto kept = arena.make_array<Highlight>(bookmark.highlights.size());
  std::size_t count = 0;
  bool is_changed = false;
  bool is_cut = false;
  for (const Highlight& highlight : bookmark.highlights) {
    const Text text = highlight_text(highlight.text, arena);
    is_changed = is_changed || text != highlight.text || text.empty();
    is_cut = is_cut || !highlight.note.empty() || !highlight.color.empty() ||
             highlight.created_at.is_known();
    if (!text.empty()) kept[count++].text = text;
  }
  if (is_cut) {
    losses.add(
        Field::highlights, LossKind::truncated,
        "Raindrop's CSV holds the text of highlights, but not their notes, colours and dates");
  }
  if (is_changed) {
    losses.add(Field::highlights, LossKind::transformed,
               "highlights have no blanks at their ends and no line that begins with Highlight:");
  }
  bookmark.highlights = kept.first(count);
}

/// What Raindrop's own highlights cell held beside highlights goes back there; nothing else has a
/// column.
void represent_extra(Bookmark& bookmark, Arena& arena, Losses& losses) {
  if (bookmark.extra.empty()) return;
  const auto rest = std::find_if(
      bookmark.extra.begin(), bookmark.extra.end(),
      [](const Attribute& attribute) { return attribute.name == highlights_rest_name; });
  const Text text = rest == bookmark.extra.end() ? Text() : common::trimmed(rest->value);
  const bool is_held =
      !text.empty() && !text.starts_with(highlight_mark) && text.find("\nHighlight:") == Text::npos;
  if (bookmark.extra.size() > 1 || !is_held) {
    losses.add(Field::extra, LossKind::dropped, "Raindrop's CSV has no place for extra attributes");
  } else if (text.size() != rest->value.size()) {
    losses.add(Field::extra, LossKind::transformed,
               "blanks and line breaks at the ends of a text are not kept");
  }
  if (!is_held) {
    bookmark.extra = {};
    return;
  }
  const auto kept = arena.make_array<Attribute>(1);
  kept[0] = {highlights_rest_name, text};
  bookmark.extra = kept;
}

/// A cell of highlights is rare, so it may allocate.
std::string highlights_cell(const Bookmark& bookmark) {
  std::string cell;
  for (const Attribute& attribute : bookmark.extra) {
    if (attribute.name == highlights_rest_name) cell = attribute.value;
  }
  for (const Highlight& highlight : bookmark.highlights) {
    if (!cell.empty()) cell += '\n';
    cell.append(highlight_mark).append(highlight.text);
  }
  return cell;
}

std::string_view flag_cell(Flag flag) {
  return flag == Flag::yes ? "true" : flag == Flag::no ? "false" : "";
}

}  // namespace

Representation represent(const Bookmark& bookmark, Layout layout, Arena& arena) {
  Representation result{bookmark, {}, {}};
  Bookmark& held = result.bookmark;
  if (held.url.empty()) {
    result.refusal = "Raindrop's CSV holds bookmarks with an address only";
    return result;
  }
  Losses losses;
  if (layout == Layout::import_columns) drop_not_imported(held, losses);
  drop_unheld(held, losses);
  represent_title(held, arena, losses);
  represent_text(Field::description, held.description, losses);
  represent_text(Field::notes, held.notes, losses);
  represent_text(Field::cover_url, held.cover_url, losses);
  represent_tags(held, arena, losses);
  represent_only_tag(held, losses);
  represent_folders(held, arena, losses);
  represent_date(held, losses);
  represent_highlights(held, arena, losses);
  represent_extra(held, arena, losses);
  result.losses = losses.in(arena);
  return result;
}

void write_header(Layout layout, common::CsvWriter& writer) {
  const std::span<const Text> names = layout == Layout::import_columns
                                          ? std::span<const Text>(import_header)
                                          : std::span<const Text>(export_header);
  for (const Text name : names) writer.cell(name);
  writer.end_row();
}

void write_row(const Bookmark& bookmark, Text id, Layout layout, common::CsvWriter& writer) {
  const bool has_folder = !bookmark.folders.empty() && !bookmark.folders.front().empty();
  const FolderPath path = has_folder ? bookmark.folders.front() : FolderPath();
  const std::string created = format_rfc3339(bookmark.created_at);
  if (layout == Layout::import_columns) {
    writer.cell(bookmark.url);
    writer.joined_cell(path, "/");
    writer.cell(bookmark.title);
    writer.cell(bookmark.notes);
    writer.joined_cell(bookmark.tags, ", ");
    writer.cell(created);
    writer.end_row();
    return;
  }
  const bool is_ours = bookmark.origin != nullptr && bookmark.origin->plugin == "raindrop";
  writer.cell(id.empty() && is_ours ? bookmark.origin->id : id);
  writer.cell(bookmark.title);
  writer.cell(bookmark.notes);
  writer.cell(bookmark.description);
  writer.cell(bookmark.url);
  if (has_folder) {
    writer.joined_cell(path, " / ");
  } else {
    writer.cell("Unsorted");
  }
  writer.joined_cell(bookmark.tags, ", ");
  writer.cell(created);
  writer.cell(bookmark.cover_url);
  const bool has_highlights = !bookmark.highlights.empty() || !bookmark.extra.empty();
  writer.cell(has_highlights ? Text(highlights_cell(bookmark)) : Text());
  writer.cell(flag_cell(bookmark.favorite));
  writer.end_row();
}

}  // namespace linkferry::raindrop
