#include "jsonl/jsonl_sink.hpp"

#include <algorithm>

#include "jsonl/jsonl_source.hpp"

namespace linkferry::jsonl {
namespace {

constexpr std::size_t flush_bytes = 256 * 1024;

/// The longest text of a record, and all of them together, in bytes.
struct TextSizes {
  std::size_t longest = 0;
  std::size_t sum = 0;

  void add(Text text) {
    if (text.size() > longest) longest = text.size();
    sum += text.size();
  }
};

void add_lists(const Bookmark& bookmark, TextSizes& sizes) {
  for (const Highlight& item : bookmark.highlights) {
    for (const Text text : {item.text, item.note, item.color}) sizes.add(text);
  }
  for (const Media& item : bookmark.media) {
    for (const Text text : {item.url, item.kind, item.description, item.name}) sizes.add(text);
  }
  for (const Attribute& attribute : bookmark.extra)
    sizes.add(attribute.name), sizes.add(attribute.value);
  if (const Post* const post = bookmark.post; post != nullptr) {
    for (const Text text : {post->uri, post->author, post->author_url, post->html,
                            post->content_warning, post->visibility}) {
      sizes.add(text);
    }
  }
}

TextSizes sizes_of(const Bookmark& bookmark) {
  TextSizes sizes;
  for (const Text text : {bookmark.url, bookmark.title, bookmark.description, bookmark.notes,
                          bookmark.language, bookmark.icon, bookmark.cover_url, bookmark.keyword}) {
    sizes.add(text);
  }
  for (const Text tag : bookmark.tags) sizes.add(tag);
  for (const FolderPath path : bookmark.folders) {
    for (const Text name : path) sizes.add(name);
  }
  add_lists(bookmark, sizes);
  return sizes;
}

/// The same paths, none deeper than readers keep them.
std::span<const FolderPath> cut_paths(std::span<const FolderPath> paths, Arena& arena) {
  const std::span<FolderPath> cut = arena.make_array<FolderPath>(paths.size());
  std::ranges::transform(paths, cut.begin(), [](FolderPath path) {
    return path.first(std::min(path.size(), max_folder_depth));
  });
  return cut;
}

}  // namespace

Representation JsonlSink::represent(const Bookmark& bookmark, Arena& arena) const {
  static constexpr Loss too_deep{Field::folders, LossKind::truncated,
                                 "folders deeper than 1,000 levels are kept at that level"};
  if (std::ranges::any_of(bookmark.folders,
                          [](FolderPath path) { return path.size() > max_folder_depth; })) {
    Bookmark cut = bookmark;
    cut.folders = cut_paths(bookmark.folders, arena);
    Representation held = represent(cut, arena);
    held.losses = arena.copy(std::span<const Loss>(&too_deep, 1));
    return held;
  }
  constexpr std::size_t surely_fits = max_line_bytes / 8;  // an escape makes six bytes of one
  const TextSizes sizes = sizes_of(bookmark);
  if (sizes.longest > max_field_bytes)
    return {bookmark, {}, "a text of the record is larger than 16 MiB"};
  if (sizes.sum > surely_fits) {
    common::JsonWriter line;
    format_bookmark(bookmark, {}, line);
    if (line.size() > max_line_bytes)
      return {bookmark, {}, "the record's line would be larger than 64 MiB"};
  }
  return {bookmark, {}, {}};
}

std::unique_ptr<Source> JsonlSink::existing() {
  if (!host_.file_exists(path_)) return nullptr;
  return std::make_unique<JsonlSource>(host_.open_file(path_));
}

void JsonlSink::write(std::span<const Change> changes, std::span<Outcome> outcomes,
                      std::stop_token) {
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Change& change = changes[i];
    outcomes[i].result = Result::done;
    if (change.action == Action::remove) continue;
    if (change.folder != nullptr) {
      format_folder(*change.folder, lines_);
    } else {
      format_bookmark(*change.bookmark, options_, lines_);
    }
    if (lines_.size() >= flush_bytes) flush();
  }
}

void JsonlSink::commit() {
  flush();
  file_->commit();
}

void JsonlSink::flush() {
  if (!file_) file_ = host_.stage_file(path_);
  file_->write(lines_.bytes());
  lines_.clear();
}

std::unique_ptr<Sink> make_sink(const Settings& settings, Host& host) {
  const LineOptions options{settings.flag("origin") || settings.flag("origin_raw"),
                            settings.flag("origin_raw")};
  return std::make_unique<JsonlSink>(*settings.text("path"), options, host);
}

}  // namespace linkferry::jsonl
