#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "linkferry/bookmark.hpp"

namespace linkferry::mastodon {

/// Reads `bookmarks.json` or `likes.json` of an account archive as its bytes come in:
///
///     {"@context":"https://www.w3.org/ns/activitystreams","id":"bookmarks.json",
///      "type":"OrderedCollection",
///      "orderedItems":["https://a.example/users/x/statuses/1","https://b.example/objects/…"]}
///
/// What stands in the member `orderedItems` (in all of them, where there are several) are the
/// items; an item may also be an object with an `id`. Everything else is passed over. Memory: one
/// item, at most `max_item_bytes`. Thread: one at a time. Source: app/services/backup_service.rb of
/// Mastodon 4.7, read 2026-11-22.
class JsonList {
 public:
  static constexpr std::size_t max_item_bytes = 64 * 1024;

  /// Gets each item, valid UTF-8; `problem` is present for one that is no address: `item` is what
  /// there is of it. Lifetime: of the call.
  using OnItem = std::function<void(Text item, Text problem)>;

  explicit JsonList(OnItem on_item) : on_item_(std::move(on_item)) {}

  void feed(std::string_view bytes);

  /// Whether the document has come to its end. False at the end of the bytes: it is cut off, or
  /// empty.
  bool is_complete() const { return has_begun_ && depth_ == 0; }
  /// False when the bytes are not those of a JSON object.
  bool is_json() const { return is_json_; }

 private:
  enum class Escape : std::uint8_t { none, begun, unicode };
  static constexpr std::size_t known_depth = 4;

  void take(char c);
  void take_in_string(char c);
  void take_escape(char c);
  void take_code_unit();
  void append_code(std::uint32_t code);
  void append(char c);
  void open(char bracket);
  void close();
  void end_string();
  void end_item(Text problem);
  bool is_in_list() const;
  bool is_item_object() const;

  OnItem on_item_;
  bool has_begun_ = false;
  bool is_json_ = true;
  std::uint64_t depth_ = 0;
  char containers_[known_depth + 1] = {};  ///< `{` or `[` by depth, as far as it matters
  bool is_list_ = false;                   ///< the value of the key `orderedItems` at depth 1
  bool is_id_ = false;                     ///< the value of the key `id` at depth 3
  bool has_id_ = false;                    ///< of the object that is an item
  bool expects_key_ = false;
  bool is_bare_ = false;  ///< inside a number or word that stands where an item is expected

  bool is_in_string_ = false;
  std::string string_;
  bool is_too_long_ = false;
  Escape escape_ = Escape::none;
  int digits_ = 0;
  std::uint32_t unit_ = 0;
  std::uint32_t high_surrogate_ = 0;
};

}  // namespace linkferry::mastodon
