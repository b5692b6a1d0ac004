#include "pocket/pocket_json.hpp"

#include <chrono>

#include "common/html_text.hpp"
#include "linkferry/failure.hpp"
#include "linkferry/timestamp_text.hpp"
#include "pocket/pocket_format.hpp"

namespace linkferry::pocket {
namespace {

using simdjson::dom::element;

/// Seconds as a number or text, or an ISO date.
Timestamp time_at(element object, std::string_view name, Arena& arena) {
  const Text text = common::trimmed(text_at(object, name, arena));
  const Timestamp date = parse_rfc3339(text);
  return date.is_known() ? date : parse_epoch(text);
}

[[noreturn]] void fail_shape(const std::string& name, std::string_view expected) {
  throw Failure(FailureKind::configuration,
                name + ": this is not what Pocket writes there: expected " + std::string(expected));
}

std::span<const Text> tag_names(element item, Arena& arena) {
  simdjson::dom::object tags;
  if (item["tags"].get(tags) != simdjson::SUCCESS || tags.size() == 0) return {};
  const auto names = arena.make_array<Text>(tags.size());
  std::size_t count = 0;
  for (const auto& [key, value] : tags) {
    const Text name = common::trimmed(arena.copy(key));
    if (!name.empty()) names[count++] = name;
  }
  return names.first(count);
}

std::span<const Highlight> api_highlights(element item, Arena& arena) {
  simdjson::dom::array annotations;
  if (item["annotations"].get(annotations) != simdjson::SUCCESS || annotations.size() == 0)
    return {};
  const auto highlights = arena.make_array<Highlight>(annotations.size());
  std::size_t count = 0;
  for (const element annotation : annotations) {
    Highlight& highlight = highlights[count];
    highlight.text = text_at(annotation, "quote", arena);
    highlight.created_at = parse_central_time(text_at(annotation, "created_at", arena));
    if (is_present(highlight.text)) ++count;
  }
  return highlights.first(count);
}

/// `unread` 0, `archived` 1.
void set_api_status(Text status, Bookmark& bookmark) {
  if (status != "0" && status != "1") return;
  bookmark.archived = to_flag(status == "1");
  bookmark.unread = to_flag(status == "0");
}

}  // namespace

Text text_of(element value, Arena& arena) {
  if (std::string_view text; value.get(text) == simdjson::SUCCESS) {
    return text.empty() ? Text() : arena.copy(text);
  }
  if (value.is<std::int64_t>()) return arena.copy(std::to_string(std::int64_t(value)));
  if (value.is<double>()) return arena.copy(simdjson::minify(value));
  if (value.is<bool>()) return bool(value) ? "1" : "0";
  return {};
}

Text text_at(element object, std::string_view name, Arena& arena) {
  element value;
  return object[name].get(value) == simdjson::SUCCESS ? text_of(value, arena) : Text();
}

element parse_json(simdjson::dom::parser& parser, const std::string& json,
                   const std::string& name) {
  element root;
  if (const auto error = parser.parse(json).get(root)) {
    throw Failure(FailureKind::configuration,
                  name + ": this is no complete JSON (" + simdjson::error_message(error) + ")");
  }
  return root;
}

void HighlightIndex::add(const std::string& json, const std::string& name) {
  simdjson::dom::parser parser;
  simdjson::dom::array items;
  if (parse_json(parser, json, name).get(items) != simdjson::SUCCESS) {
    fail_shape(name, "a list of objects with url and highlights");
  }
  for (const element item : items) {
    add_item(item);
    if (count_ > max_highlights)
      throw Failure(FailureKind::configuration, name + ": more than 1,000,000 highlights: refused");
  }
}

void HighlightIndex::add_item(element item) {
  const Text url = text_at(item, "url", texts_);
  simdjson::dom::array highlights;
  if (is_absent(url) || item["highlights"].get(highlights) != simdjson::SUCCESS) return;
  const auto [found, is_new] = by_url_.try_emplace(url, items_.size());
  if (is_new) items_.push_back({url, text_at(item, "title", texts_), {}, false});
  for (const element highlight : highlights) {
    const Text quote = text_at(highlight, "quote", texts_);
    if (is_absent(quote)) continue;
    items_[found->second].highlights.push_back(
        {quote, {}, {}, time_at(highlight, "created_at", texts_)});
    ++count_;
  }
}

void HighlightIndex::attach(Bookmark& bookmark, Arena& arena) {
  const auto found = by_url_.find(bookmark.url);
  if (found == by_url_.end()) return;
  Item& item = items_[found->second];
  item.is_attached = true;
  const auto highlights = arena.make_array<Highlight>(item.highlights.size());
  for (std::size_t i = 0; i < highlights.size(); ++i) {
    highlights[i] = item.highlights[i];
    highlights[i].text = arena.copy(highlights[i].text);
  }
  bookmark.highlights = highlights;
}

std::optional<Bookmark> HighlightIndex::next_unattached(std::size_t& index, Arena& arena) const {
  while (index < items_.size() && items_[index].is_attached) ++index;
  if (index >= items_.size()) return {};
  const Item& item = items_[index++];
  Bookmark bookmark;
  bookmark.url = arena.copy(item.url);
  bookmark.title = title_of(arena.copy(item.title), bookmark.url, arena);
  const auto highlights = arena.copy(std::span<const Highlight>(item.highlights));
  const auto copies = arena.make_array<Highlight>(highlights.size());
  for (std::size_t i = 0; i < copies.size(); ++i) {
    copies[i] = highlights[i];
    copies[i].text = arena.copy(highlights[i].text);
  }
  bookmark.highlights = copies;
  return bookmark;
}

void HighlightIndex::forget_attached() {
  for (Item& item : items_) item.is_attached = false;
}

Collection::Collection(const std::string& json, const std::string& name)
    : root_(parse_json(parser_, json, name)) {
  simdjson::dom::array items;
  if (root_["items"].get(items) != simdjson::SUCCESS)
    fail_shape(name, "an object with title and items");
  for (const element item : items) items_.push_back(item);
}

FolderPath Collection::path(Arena& arena) const {
  Text title = common::one_line(text_at(root_, "title", arena), arena);
  if (title.empty()) title = common::one_line(text_at(root_, "slug", arena), arena);
  if (title.empty()) return {};
  const auto path = arena.make_array<Text>(1);
  path[0] = title;
  return path;
}

Folder Collection::folder(Arena& arena) const {
  Folder folder;
  folder.path = path(arena);
  folder.description = common::trimmed(text_at(root_, "description", arena));
  folder.created_at = time_at(root_, "createdAt", arena);
  return folder;
}

Bookmark Collection::bookmark(std::size_t index, Arena& arena) const {
  const element item = items_[index];
  Bookmark bookmark;
  bookmark.url = text_at(item, "url", arena);
  bookmark.title = title_of(text_at(item, "title", arena), bookmark.url, arena);
  bookmark.description = common::trimmed(text_at(item, "excerpt", arena));
  bookmark.notes = common::trimmed(text_at(item, "note", arena));
  if (const FolderPath folder = path(arena); !folder.empty()) {
    const auto folders = arena.make_array<FolderPath>(1);
    folders[0] = folder;
    bookmark.folders = folders;
  }
  return bookmark;
}

void take_api_item(std::string_view id, element item, Text endpoint, Batch& batch) {
  Arena& arena = batch.arena;
  const Text status = text_at(item, "status", arena);
  if (status == "2") {
    batch.rejections.push_back(
        {"the item was deleted in Pocket", arena.copy(id), 0, batch.bookmarks.size()});
    return;
  }
  Bookmark& bookmark = batch.bookmarks.emplace_back();
  bookmark.url = text_at(item, "given_url", arena);
  if (is_absent(bookmark.url)) bookmark.url = text_at(item, "resolved_url", arena);
  bookmark.title = title_of(text_at(item, "given_title", arena), bookmark.url, arena);
  if (is_absent(bookmark.title)) {
    bookmark.title = title_of(text_at(item, "resolved_title", arena), bookmark.url, arena);
  }
  bookmark.description = common::trimmed(text_at(item, "excerpt", arena));
  bookmark.tags = tag_names(item, arena);
  bookmark.created_at = time_at(item, "time_added", arena);
  bookmark.modified_at = time_at(item, "time_updated", arena);
  bookmark.read_at = time_at(item, "time_read", arena);
  const Text favorite = text_at(item, "favorite", arena);
  if (is_present(favorite)) bookmark.favorite = to_flag(favorite == "1");
  set_api_status(status, bookmark);
  bookmark.language = text_at(item, "lang", arena);
  bookmark.cover_url = text_at(item, "top_image_url", arena);
  bookmark.highlights = api_highlights(item, arena);
  Origin& origin = arena.make_array<Origin>(1).front();
  origin.plugin = "pocket";
  origin.endpoint = endpoint;
  origin.id = arena.copy(id);
  origin.raw = arena.copy(simdjson::minify(item));
  bookmark.origin = &origin;
}

/// Daylight saving time is from the second Sunday of March to the first Sunday of November, 2:00
/// (US law since 2007; Pocket's highlights began in 2019).
Timestamp parse_central_time(std::string_view text) {
  using namespace std::chrono;
  Timestamp time = parse_rfc3339(text);
  if (time.precision <= Precision::day) return time;
  const sys_seconds wall{seconds{time.seconds}};
  const year this_year = year_month_day{floor<days>(wall)}.year();
  const sys_seconds begin = sys_days{this_year / March / Sunday[2]} + hours{2};
  const sys_seconds end = sys_days{this_year / November / Sunday[1]} + hours{2};
  const bool is_daylight_saving = wall >= begin && wall < end;
  time.seconds += (is_daylight_saving ? 5 : 6) * 3600;
  return time;
}

}  // namespace linkferry::pocket
