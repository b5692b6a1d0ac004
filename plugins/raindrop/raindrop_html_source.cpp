#include "raindrop/raindrop_html_source.hpp"

#include <vector>

#include "common/html_text.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry::raindrop {
namespace {

constexpr std::string_view opening = "<blockquote ";
constexpr std::string_view closing = "</blockquote>";

/// The value of `name="…"` in the text of a tag; absent when it is not there.
Text attribute(Text tag, std::string_view name) {
  const std::size_t at = common::find_lower(tag, name);
  if (at == Text::npos) return {};
  const Text value = tag.substr(at + name.size());
  const std::size_t end = value.find('"');
  return end == Text::npos ? Text() : common::trimmed(value.substr(0, end));
}

bool is_unsorted(FolderPath path) { return path.size() == 1 && path[0] == "Unsorted"; }

Text joined(const std::vector<Text>& parts, Arena& arena) {
  std::size_t size = 0;
  for (const Text part : parts) size += part.size();
  if (parts.size() == 1 || size == 0) return parts.front();
  char* const copy = static_cast<char*>(arena.allocate(size, 1));
  std::size_t at = 0;
  for (const Text part : parts) at += part.copy(copy + at, part.size());
  return {copy, size};
}

}  // namespace

void take_blockquotes(Bookmark& bookmark, Arena& arena) {
  Text rest = bookmark.description;
  if (common::find_lower(rest, opening) == Text::npos) return;
  std::vector<Text> parts;
  std::vector<Highlight> highlights;
  std::size_t from = 0;
  for (;;) {
    const std::size_t begin = common::find_lower(rest, opening, from);
    const std::size_t tag_end = begin == Text::npos ? begin : rest.find('>', begin);
    const std::size_t end =
        tag_end == Text::npos ? tag_end : common::find_lower(rest, closing, tag_end);
    if (end == Text::npos) break;
    const Text tag = rest.substr(begin, tag_end - begin);
    const Text color = attribute(tag, "color=\"");
    const Text date = attribute(tag, "add_date=\"");
    const Text words = common::trimmed(rest.substr(tag_end + 1, end - tag_end - 1));
    if ((color.empty() && date.empty()) || words.empty()) {
      from = end;
      continue;
    }
    highlights.push_back({words, {}, color.empty() ? Text() : color, parse_epoch(date)});
    parts.push_back(rest.substr(0, begin));
    rest.remove_prefix(end + closing.size());
    from = 0;
  }
  if (highlights.empty()) return;
  parts.push_back(rest);
  bookmark.description = common::trimmed(joined(parts, arena));
  bookmark.highlights = arena.copy(std::span<const Highlight>(highlights));
}

ReadResult RaindropHtmlSource::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  const ReadResult result = reader_.read(batch, limit, stop);
  Origin& origin = batch.arena.make_array<Origin>(1).front();
  origin.plugin = "raindrop";
  origin.endpoint = batch.arena.copy(endpoint_);
  for (Bookmark& bookmark : batch.bookmarks) {
    bookmark.origin = &origin;
    take_blockquotes(bookmark, batch.arena);  // while it is skimmed, `complete` does so
    if (bookmark.folders.size() == 1 && is_unsorted(bookmark.folders[0])) bookmark.folders = {};
  }
  std::erase_if(batch.folders,
                [](const PlacedFolder& placed) { return is_unsorted(placed.folder.path); });
  return result;
}

void RaindropHtmlSource::complete(Bookmark& bookmark, Text rest, Arena& arena) const {
  if (is_absent(rest)) return;
  reader_.complete(bookmark, rest, arena);
  take_blockquotes(bookmark, arena);
}

}  // namespace linkferry::raindrop
