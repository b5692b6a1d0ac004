#include "raindrop/raindrop_format.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "common/csv_fields.hpp"
#include "common/html_text.hpp"
#include "linkferry/failure.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry::raindrop {
namespace {

constexpr std::array<std::string_view, 12> known_columns = {
    "id",     "title", "note",    "excerpt", "description", "url",
    "folder", "tags",  "created", "cover",   "highlights",  "favorite"};
constexpr std::string_view blank_slash_blank = " / ";
constexpr std::string_view highlight_mark = "Highlight:";
constexpr Text highlights_rest_name = "raindrop.highlights";
constexpr Text unsorted = "Unsorted";

/// Adds one attribute behind those that are there.
void add_extra(Text name, Text value, Bookmark& bookmark, Arena& arena) {
  const auto extra = arena.make_array<Attribute>(bookmark.extra.size() + 1);
  std::copy(bookmark.extra.begin(), bookmark.extra.end(), extra.begin());
  extra.back() = {name, value};
  bookmark.extra = extra;
}

/// Where the next entry of a highlights cell begins: at `from` or behind a line feed.
std::size_t find_mark(Text cell, std::size_t from) {
  for (std::size_t at = cell.find(highlight_mark, from); at != Text::npos;
       at = cell.find(highlight_mark, at + 1)) {
    if (at == 0 || cell[at - 1] == '\n') return at;
  }
  return Text::npos;
}

std::size_t count_marks(Text cell) {
  std::size_t count = 0;
  for (std::size_t at = find_mark(cell, 0); at != Text::npos; at = find_mark(cell, at + 1)) ++count;
  return count;
}

FolderPath split_path(Text cell, std::string_view separator, Arena& arena) {
  std::size_t parts = 1;
  for (std::size_t at = cell.find(separator); at != Text::npos;
       at = cell.find(separator, at + separator.size()))
    ++parts;
  const auto names = arena.make_array<Text>(std::min(parts, max_folder_depth));
  std::size_t count = 0;
  while (count < names.size()) {
    const std::size_t end = cell.find(separator);
    const Text name = common::trimmed(cell.substr(0, end));
    if (!name.empty()) names[count++] = name;
    if (end == Text::npos) break;
    cell.remove_prefix(end + separator.size());
  }
  return names.first(count);
}

}  // namespace

int certainty_of(const common::CsvHeader& header) {
  // Pocket's, Instapaper's and Readwise Reader's exports have a column url too.
  constexpr std::string_view columns_of_others[] = {"time_added", "selection", "timestamp",
                                                    "document tags", "saved date"};
  const bool is_of_others =
      std::any_of(std::begin(columns_of_others), std::end(columns_of_others),
                  [&](std::string_view column) { return header.has(column); });
  if (!header.has("url") || is_of_others) return 0;
  const bool is_known =
      std::all_of(header.names().begin(), header.names().end(), [](const std::string& name) {
        return std::find(known_columns.begin(), known_columns.end(), name) != known_columns.end();
      });
  const bool is_export = header.has("excerpt") || header.has("cover") || header.has("highlights");
  if (header.has("folder") && is_export) return is_known ? 95 : 80;
  if (!is_known) return 10;
  return header.has("folder") ? 70 : 20;
}

void RaindropRows::take_header(const common::CsvHeader& header, const std::string& name) {
  if (certainty_of(header) == 0) {
    std::string message =
        name + ": this is no Raindrop CSV: its header is \"" + header.describe() +
        "\", expected at least \"url\" and, as a rule, "
        "\"id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\"";
    if (header.has("time_added")) message += "; it looks like Pocket's: use the plugin pocket";
    if (header.has("selection")) message += "; it looks like Instapaper's";
    if (header.has("document tags")) message += "; it looks like Readwise Reader's";
    throw Failure(FailureKind::configuration, message);
  }
  id_ = header.find("id");
  title_ = header.find("title");
  note_ = header.find("note");
  excerpt_ = header.has("excerpt") ? header.find("excerpt") : header.find("description");
  url_ = header.find("url");
  folder_ = header.find("folder");
  tags_ = header.find("tags");
  created_ = header.find("created");
  cover_ = header.find("cover");
  highlights_ = header.find("highlights");
  favorite_ = header.find("favorite");
  is_export_ = header.has("id") || header.has("excerpt") || header.has("cover");
  other_ = common::OtherColumns(header, known_columns, "raindrop");
}

void RaindropRows::begin_batch(Batch& batch, std::stop_token stop) {
  stop_ = std::move(stop);
  batch_endpoint_ = batch.arena.copy(endpoint_);
  last_folder_ = {};
}

void RaindropRows::take_row(const common::CsvRow& row, Batch& batch) {
  using common::cell_at;
  Arena& arena = batch.arena;
  const std::uint64_t line = row.position.line;
  Bookmark& bookmark = batch.bookmarks.emplace_back();
  bookmark.line = line;
  bookmark.url = cell_at(row, url_);
  bookmark.title = common::one_line(cell_at(row, title_), arena);
  bookmark.description = common::trimmed(cell_at(row, excerpt_));
  bookmark.notes = common::trimmed(cell_at(row, note_));
  bookmark.tags = common::split_tags(cell_at(row, tags_), ',', arena);
  bookmark.folders = folders_of(cell_at(row, folder_), batch, line);
  const Text created = common::trimmed(cell_at(row, created_));
  bookmark.created_at = parse_created(created);
  if (!bookmark.created_at.is_known() && !created.empty() && created != "0") {
    batch.notices.push_back({"a date that cannot be read is left out", line});
  }
  bookmark.cover_url = common::trimmed(cell_at(row, cover_));
  bookmark.extra = other_.attributes(row, batch);
  take_highlights(cell_at(row, highlights_), bookmark, arena);
  const Text favorite = common::trimmed(cell_at(row, favorite_));
  if (common::equals_lower(favorite, "true") || favorite == "1") bookmark.favorite = Flag::yes;
  if (common::equals_lower(favorite, "false") || favorite == "0") bookmark.favorite = Flag::no;
  Origin& origin = arena.make_array<Origin>(1).front();
  origin.plugin = "raindrop";
  origin.endpoint = batch_endpoint_;
  origin.id = common::trimmed(cell_at(row, id_));
  bookmark.origin = &origin;
}

std::span<const FolderPath> RaindropRows::folders_of(Text cell, Batch& batch, std::uint64_t line) {
  if (cell.empty() || cell != last_folder_) {
    last_folders_ = split_folders(cell, batch, line);
    last_folder_ = cell;
  }
  return last_folders_;
}

std::span<const FolderPath> RaindropRows::split_folders(Text cell, Batch& batch,
                                                        std::uint64_t line) {
  cell = common::trimmed(cell);
  if (cell.empty() || cell == unsorted) return {};
  const FolderPath path = split_path(cell, separator_for(cell, batch, line), batch.arena);
  if (path.empty()) return {};
  if (path.size() == max_folder_depth) {
    batch.notices.push_back({"folders deeper than 1,000 levels are kept at that level", line});
  }
  const auto folders = batch.arena.make_array<FolderPath>(1);
  folders[0] = path;
  return folders;
}

/// Rationale: the rule is about the whole file, but only a path with a bare slash needs it, so that
/// most files are read once; what was decided earlier agrees with it.
std::string_view RaindropRows::separator_for(Text cell, Batch& batch, std::uint64_t line) {
  if (separator_ == FolderSeparator::automatic) {
    if (cell.find('/') == Text::npos) return blank_slash_blank;
    if (cell.find(blank_slash_blank) != Text::npos) {
      separator_ = FolderSeparator::blank_slash_blank;
    } else {
      const auto has_blank_slash = look_ahead_ ? look_ahead_(stop_) : std::nullopt;
      separator_ = has_blank_slash.value_or(is_export_) ? FolderSeparator::blank_slash_blank
                                                        : FolderSeparator::slash;
      if (!has_blank_slash) {
        batch.notices.push_back(
            {"whether / separates folders was decided by the columns alone, as the input cannot be "
             "read twice; option: folder_separator",
             line});
      }
    }
  }
  return separator_ == FolderSeparator::slash ? blank_slash_blank.substr(1, 1) : blank_slash_blank;
}

void RaindropRows::take_highlights(Text cell, Bookmark& bookmark, Arena& arena) const {
  if (cell.empty()) return;
  const HighlightCell parsed = parse_highlights(cell, arena);
  bookmark.highlights = parsed.highlights;
  if (is_present(parsed.rest)) add_extra(highlights_rest_name, parsed.rest, bookmark, arena);
}

HighlightCell parse_highlights(Text cell, Arena& arena) {
  HighlightCell result;
  std::size_t at = find_mark(cell, 0);
  result.rest = common::trimmed(cell.substr(0, at));
  if (at == Text::npos) return result;
  const auto highlights = arena.make_array<Highlight>(count_marks(cell));
  std::size_t count = 0;
  while (at != Text::npos) {
    const std::size_t begin = at + highlight_mark.size();
    at = find_mark(cell, begin);
    highlights[count].text =
        common::trimmed(cell.substr(begin, at == Text::npos ? at : at - begin));
    if (!highlights[count].text.empty()) ++count;
  }
  result.highlights = highlights.first(count);
  return result;
}

Timestamp parse_created(Text text) {
  const Timestamp date = parse_rfc3339(text);
  return date.is_known() ? date : parse_epoch(text);
}

}  // namespace linkferry::raindrop
