#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

/// linkding's JSON and bookmarks. Pure: no I/O.
///
///     {"count":2,"next":null,"previous":null,"results":[
///     {"id":7,"url":"https://a.example/","title":"A","description":"","notes":"",
///      "web_archive_snapshot_url":"https://web.archive.org/web/20210108000000/https://a.example/",
///      "is_archived":false,"unread":false,"shared":false,"tag_names":["a","b"],
///      "date_added":"2021-01-08T00:00:00Z","date_modified":"2021-01-08T00:00:00.123456Z", …
///
/// Source: answers of linkding 1.46.2 (read 2026-11-22).
namespace linkferry::linkding {

/// A bookmark as linkding sends it. Views are of an arena, or of the answer.
struct Record {
  std::int64_t id = 0;
  Text url;
  Text title;
  Text description;
  Text notes;
  Text icon;
  Text cover_url;
  Text archive_url;
  std::span<const Text> tags;
  Timestamp added;
  Timestamp modified;
  bool is_archived = false;
  bool is_unread = false;
  bool is_shared = false;
  std::span<const Attribute> extra;  ///< keys that are not known, with their values
};

/// The body of an answer, made ready to be taken apart; records that are read from it may point
/// into it, so it stays where it is.
class JsonBody {
 public:
  /// `body` is one valid JSON document (`HttpClient::expect_json`).
  explicit JsonBody(std::string_view body);
  JsonBody(const JsonBody&) = delete;
  JsonBody& operator=(const JsonBody&) = delete;

  /// Where the document begins, as `common::JsonLine` wants it.
  const char* begin() const { return text_.data() + start_; }

 private:
  std::string text_;
  std::size_t start_ = 0;
};

/// One page of a list.
class Page {
 public:
  /// Errors: none; `is_list` tells whether it is a page.
  explicit Page(std::string_view body);

  /// Whether it has a count and a list of results.
  bool is_list() const { return is_list_; }
  std::uint64_t count() const { return count_; }  ///< of the whole list
  std::size_t size() const { return size_; }      ///< results on this page

  /// Reads the next result; false behind the last one, and where it is no bookmark (`is_list` is
  /// false then). Lifetime of the record: the arena and this page.
  bool next(Record& record, Arena& arena);
  /// The same for a list of other things: `raw` is the JSON of one.
  bool next_raw(std::string_view& raw);

 private:
  JsonBody body_;
  bool is_list_ = false;
  std::uint64_t count_ = 0;
  std::size_t size_ = 0;
  const char* next_ = nullptr;
};

/// Reads a bookmark that stands alone in an answer. Nothing where it is none.
std::optional<Record> parse_record(const JsonBody& body, Arena& arena);

/// A member of an object: a text, or another value as it stands there; empty for `null` and where
/// there is none.
std::string member_of(std::string_view object, std::string_view name);

/// Each message of an error answer, `url: Enter a valid URL.; tag_names 5: …`; empty where it is no
/// JSON with messages.
std::string messages_of(std::string_view body);

/// Which of linkding's dates mean "not known" when linkferry has written them: linkding dates
/// every bookmark, so one that has no date gets the hour in which it was stored, and one
/// microsecond. A real date looks so once in 3.6 thousand million.
Timestamp unknown_added(std::int64_t now_seconds);
bool is_unknown_added(const Timestamp& time);
/// The same for the date of change: the second in which it was stored, and one microsecond (so that
/// who asks linkding for what changed lately sees it).
Timestamp unknown_modified(std::int64_t now_seconds);
bool is_unknown_modified(const Timestamp& time);

/// `origin->list` of what a sink holds, which tells it from what is to be written.
inline constexpr Text held_list = "held by linkding";

/// What a reader wants to have of a record.
enum class View : std::uint8_t {
  everything,    ///< for a backup
  held,          ///< what a sink compares: what can be written, no more
  held_undated,  ///< the same for a server that keeps no dates
};

/// A record as a bookmark. `origin` is not filled in but for the id and the list. Lifetime: of the
/// record's texts and the arena.
Bookmark to_bookmark(const Record& record, View view, Arena& arena);

/// What is written of a bookmark.
struct Dates {
  Timestamp added;     ///< unknown: not sent
  Timestamp modified;  ///< unknown: not sent
};

/// The body that creates a bookmark: all fields, since linkding empties those that are missing when
/// it has the address already.
std::string create_body(const Bookmark& bookmark, const Dates& dates);

/// The body that changes a bookmark: everything but the address.
std::string update_body(const Bookmark& bookmark, const Dates& dates);

/// The body that makes `held` what `wanted` is, with the fields in which they differ; empty when
/// they do not. Tags that linkding adds by its own rules are no difference, nor is their case.
/// `ignores_empty`: an empty title or description may have been filled in by the server.
struct Repair {
  std::string body;
  std::string fields;  ///< their names, for messages
};
Repair repair_of(const Record& held, const Bookmark& wanted, const Dates& dates,
                 bool ignores_empty);

}  // namespace linkferry::linkding
