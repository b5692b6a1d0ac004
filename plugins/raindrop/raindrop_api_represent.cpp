#include "raindrop/raindrop_api_represent.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>

#include "common/html_text.hpp"
#include "linkferry/timestamp_text.hpp"
#include "raindrop/raindrop_fields.hpp"
#include "raindrop/raindrop_item.hpp"

namespace linkferry::raindrop {
namespace {

void cut_text(Field field, Text& text, std::size_t limit, Text reason, Losses& losses) {
  const Text cut = common::trimmed(first_units(text, limit));
  if (cut.size() != text.size()) losses.add(field, LossKind::truncated, reason);
  text = cut;
}

void represent_texts(Bookmark& b, Arena& arena, Losses& losses) {
  represent_title(b, arena, losses);
  cut_text(Field::title, b.title, max_title_units, "Raindrop's titles have up to 1,000 characters",
           losses);
  constexpr Text limit = "Raindrop's texts have up to 10,000 characters";
  represent_text(Field::description, b.description, losses);
  cut_text(Field::description, b.description, max_text_units, limit, losses);
  represent_text(Field::notes, b.notes, losses);
  cut_text(Field::notes, b.notes, max_text_units, limit, losses);
  represent_text(Field::cover_url, b.cover_url, losses);
}

/// Each tag once, without blanks around it.
void represent_tag_list(Bookmark& b, Arena& arena, Losses& losses) {
  represent_tags(b, arena, losses);
  std::unordered_set<Text> seen;
  std::vector<Text> kept;
  bool is_changed = false;
  for (const Text tag : b.tags) {
    const Text name = common::one_line(tag, arena);
    const bool is_new = !name.empty() && seen.insert(name).second;
    is_changed = is_changed || !is_new || name != tag;
    if (is_new) kept.push_back(name);
  }
  if (!is_changed) return;
  losses.add(Field::tags, LossKind::transformed,
             "Raindrop has each tag once, on one line and without blanks around it");
  b.tags = arena.copy(std::span<const Text>(kept));
}

struct KeptPath {
  FolderPath path;
  bool is_renamed = false;
  bool is_cut = false;
};

/// The names as collections can have them.
KeptPath keep_path(FolderPath given, Arena& arena) {
  std::vector<Text> names;
  KeptPath kept;
  for (const Text name : given) {
    const Text line = common::one_line(name, arena);
    kept.is_renamed = kept.is_renamed || line != name || line.empty();
    if (!line.empty()) names.push_back(line);
  }
  if (names.size() > max_collection_levels) {
    names.resize(max_collection_levels);
    kept.is_cut = true;
  }
  kept.path = !kept.is_renamed && !kept.is_cut ? given : arena.copy(std::span<const Text>(names));
  return kept;
}

constexpr Text too_deep = "folders nested deeper than 50 levels are kept at that level";
constexpr Text renamed =
    "names of collections are not empty, on one line and without blanks around them";

void represent_folders(Bookmark& b, Arena& arena, Losses& losses) {
  if (b.folders.empty()) return;
  const auto first = std::ranges::find_if(b.folders, [](FolderPath path) { return !path.empty(); });
  const KeptPath kept =
      first == b.folders.end() ? KeptPath{{}, true, false} : keep_path(*first, arena);
  if (kept.is_renamed) losses.add(Field::folders, LossKind::transformed, renamed);
  if (kept.is_cut) losses.add(Field::folders, LossKind::truncated, too_deep);
  if (b.folders.size() > 1) {
    losses.add(Field::folders, LossKind::dropped,
               "Raindrop holds a bookmark in one folder: the first is kept");
  }
  if (b.folders.size() == 1 && !kept.is_renamed && !kept.is_cut) return;
  b.folders = kept.path.empty() ? std::span<const FolderPath>()
                                : arena.copy(std::span<const FolderPath>(&kept.path, 1));
}

void represent_created(Bookmark& b, Losses& losses) {
  represent_date(b, losses);
  if (!is_unknown_created(b.created_at)) return;
  b.created_at.nanoseconds = 0;
  losses.add(Field::created_at, LossKind::truncated,
             "one millisecond after midnight means an unknown date here");
}

void represent_highlights(Bookmark& b, Arena& arena, Losses& losses) {
  if (b.highlights.empty()) return;
  std::vector<Highlight> kept;
  bool has_dates = false;
  bool is_changed = false;
  bool is_recolored = false;
  for (Highlight highlight : b.highlights) {
    const Highlight given = highlight;
    highlight.text = common::trimmed(given.text);
    highlight.note = common::trimmed(given.note);
    is_changed = is_changed || highlight.text.size() != given.text.size() ||
                 highlight.note.size() != given.note.size() || highlight.text.empty();
    has_dates = has_dates || given.created_at.is_known();
    highlight.created_at = {};
    const bool is_known =
        std::ranges::find(highlight_colors, given.color) != std::ranges::end(highlight_colors);
    is_recolored = is_recolored || !is_known;
    if (!is_known) highlight.color = highlight_colors[0];
    if (!highlight.text.empty()) kept.push_back(highlight);
  }
  if (has_dates)
    losses.add(Field::highlights, LossKind::truncated, "Raindrop dates highlights itself");
  if (is_recolored) {
    losses.add(Field::highlights, LossKind::transformed,
               "Raindrop has twelve colours for highlights; those without one are yellow");
  }
  if (is_changed) {
    losses.add(Field::highlights, LossKind::transformed,
               "highlights are not empty and have no blanks at their ends");
  }
  b.highlights = arena.copy(std::span<const Highlight>(kept));
}

void represent_favorite(Bookmark& b, Losses& losses) {
  if (b.favorite != Flag::unknown) return;
  b.favorite = Flag::no;
  losses.add(Field::favorite, LossKind::transformed,
             "Raindrop knows yes and no only: unknown becomes no");
}

void represent_kind(Bookmark& b, Losses& losses) {
  if (b.kind != Kind::image) common::drop_kind("Raindrop knows links and images only", b, losses);
}

void drop_unheld(Bookmark& b, Losses& losses) {
  using common::drop;
  drop(&Bookmark::modified_at, Field::modified_at, "Raindrop dates changes itself", b, losses);
  drop(&Bookmark::read_at, Field::read_at, "Raindrop has no place for the date of reading", b,
       losses);
  drop(&Bookmark::visited_at, Field::visited_at,
       "Raindrop has no place for the date of the last visit", b, losses);
  drop(&Bookmark::unread, Field::unread, "Raindrop does not know what is unread",
       "Raindrop does not know what is unread", b, losses);
  drop(&Bookmark::archived, Field::archived, "Raindrop has no archive", "Raindrop has no archive",
       b, losses);
  drop(&Bookmark::shared, Field::shared, "in Raindrop collections are shared, not bookmarks",
       "in Raindrop collections are shared, not bookmarks", b, losses);
  drop(&Bookmark::language, Field::language, "Raindrop has no place for the language", b, losses);
  drop(&Bookmark::icon, Field::icon, "Raindrop fetches icons itself", b, losses);
  drop(&Bookmark::keyword, Field::keyword, "Raindrop has no place for keywords", b, losses);
  drop(&Bookmark::media, Field::media, "media are not written to Raindrop, but the cover is", b,
       losses);
  common::drop_post("Raindrop has no place for posts", b, losses);
  drop(&Bookmark::extra, Field::extra, "extra attributes are not written to Raindrop", b, losses);
}

}  // namespace

Text first_units(Text text, std::size_t limit) {
  std::size_t units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    units += bytes == 4 ? 2 : 1;
    if (units > limit) return text.substr(0, at);
    at += bytes;
  }
  return text;
}

Representation represent_for_api(const Bookmark& bookmark, Arena& arena) {
  Representation result{bookmark, {}, {}};
  Bookmark& b = result.bookmark;
  if (b.url.empty()) {
    result.refusal = "Raindrop holds bookmarks with an address only";
    return result;
  }
  Losses losses;
  represent_texts(b, arena, losses);
  represent_tag_list(b, arena, losses);
  represent_folders(b, arena, losses);
  represent_created(b, losses);
  represent_favorite(b, losses);
  represent_kind(b, losses);
  represent_highlights(b, arena, losses);
  drop_unheld(b, losses);
  result.losses = losses.in(arena);
  return result;
}

FolderRepresentation represent_folder_for_api(const Folder& folder, Arena& arena) {
  FolderRepresentation result{folder, false, {}};
  Folder& held = result.folder;
  const KeptPath kept = keep_path(folder.path, arena);
  if (folder.type != Folder::Type::folder || kept.path.empty()) return result;
  result.is_held = true;
  Losses losses;
  held.path = kept.path;
  if (kept.is_renamed) losses.add(Field::folders, LossKind::transformed, renamed);
  if (kept.is_cut) losses.add(Field::folders, LossKind::truncated, too_deep);
  if (!folder.description.empty()) {
    losses.add(Field::description, LossKind::dropped,
               "descriptions of folders are not written to Raindrop");
  }
  held.description = held.title = {};
  if (folder.created_at.is_known()) {
    losses.add(Field::created_at, LossKind::dropped, "Raindrop dates collections itself");
    held.created_at = {};
  }
  if (folder.modified_at.is_known()) {
    losses.add(Field::modified_at, LossKind::dropped, "Raindrop dates collections itself");
    held.modified_at = {};
  }
  if (folder.role != FolderRole::none) {
    losses.add(Field::folders, LossKind::transformed,
               "Raindrop has no toolbar and no menu: such a folder is one like others");
    held.role = FolderRole::none;
  }
  if (!folder.extra.empty()) {
    losses.add(Field::extra, LossKind::dropped, "extra attributes are not written to Raindrop");
    held.extra = {};
  }
  result.losses = losses.in(arena);
  return result;
}

}  // namespace linkferry::raindrop
