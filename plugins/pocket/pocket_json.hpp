#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "linkferry/batch.hpp"

/// The JSON of Pocket: highlights and collections in the zip, and dumps of its old API.
namespace linkferry::pocket {

/// A text, number or flag as text in `arena`; absent for null, objects, arrays and the empty text.
Text text_of(simdjson::dom::element value, Arena& arena);

/// The member `name` of an object as `text_of`; absent where there is none.
Text text_at(simdjson::dom::element object, std::string_view name, Arena& arena);

/// Parses `json`; `name` is what to call it. Errors: Failure configuration when it is no JSON.
/// Lifetime: the element is valid until `parser` parses again or dies.
simdjson::dom::element parse_json(simdjson::dom::parser& parser, const std::string& json,
                                  const std::string& name);

/// The highlights of `annotations/*.json`, by address:
///
///     [{"url": "https://e.org/", "title": "A title", "highlights": [{"quote": "words",
///     "created_at": 1568944000}]}]
///
/// Memory: the texts, at most `max_highlights` of them. Thread: one at a time. Source: as
/// pocket_format.hpp.
class HighlightIndex {
 public:
  static constexpr std::size_t max_highlights = 1'000'000;

  /// Adds what one file holds. Errors: Failure configuration: not of this shape, or too many.
  void add(const std::string& json, const std::string& name);

  bool empty() const { return items_.empty(); }
  std::size_t size() const { return items_.size(); }

  /// Gives the bookmark its highlights, copied into `arena`, and remembers that they found their
  /// bookmark.
  void attach(Bookmark& bookmark, Arena& arena);

  /// The next item from `index` on whose bookmark was in no CSV, as a bookmark of its own; `index`
  /// is moved behind it. Nothing at the end.
  std::optional<Bookmark> next_unattached(std::size_t& index, Arena& arena) const;

  void forget_attached();

 private:
  struct Item {
    Text url;
    Text title;
    std::vector<Highlight> highlights;
    bool is_attached = false;
  };

  void add_item(simdjson::dom::element item);

  Arena texts_;
  std::vector<Item> items_;
  std::unordered_map<std::string_view, std::size_t> by_url_;
  std::size_t count_ = 0;
};

/// One file of `collections/*.json`: a folder of bookmarks with a description.
///
///     {"slug": "a", "title": "A", "description": "…", "createdAt": "2020-01-02T03:04:05Z",
///      "items": [{"url": "https://e.org/", "title": "T", "excerpt": "…", "note": "…"}]}
class Collection {
 public:
  /// Errors: Failure configuration when it is not of this shape.
  Collection(const std::string& json, const std::string& name);

  std::size_t size() const { return items_.size(); }
  Folder folder(Arena& arena) const;
  Bookmark bookmark(std::size_t index, Arena& arena) const;

 private:
  FolderPath path(Arena& arena) const;

  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
  std::vector<simdjson::dom::element> items_;
};

/// One item of a dump of the v3 API, the only Pocket file with favourites, excerpts and dates of
/// reading. What the record has no field for stays in `origin->raw`. A deleted item becomes a
/// rejection. Source: github.com/karlicoss/pockexport and its example, read 2026-11-22.
void take_api_item(std::string_view id, simdjson::dom::element item, Text endpoint, Batch& batch);

/// `2019-09-22T03:36:43.000Z` of an API annotation, which is US Central time whatever its Z says.
Timestamp parse_central_time(std::string_view text);

}  // namespace linkferry::pocket
