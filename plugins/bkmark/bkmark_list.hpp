#pragma once

#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "bkmark/bkmark_api.hpp"
#include "bkmark/bkmark_record.hpp"

namespace linkferry::bkmark {

inline constexpr std::size_t largest_page = 100;
inline constexpr std::string_view trash_path = "/bookmarks/trash";
/// New bookmarks come last, so that what is added meanwhile moves nothing.
inline constexpr std::string_view oldest_first = "sortField=createdAt&sortDir=asc";

/// Walks a list by its cursors, item by item. Items may come twice where the list changes.
///
/// A cursor looks like the id of a bookmark, and that bookmark may be deleted before its page is
/// asked for: what happens then is not said. So an empty page and a refused cursor are no end: the
/// page before is asked for again, and after a refusal the list from its front. Thread: one at a
/// time.
class ListWalk {
 public:
  /// `query` without limit and cursor.
  ListWalk(Api& api, std::string_view path, std::string query, std::size_t page_size)
      : api_(api), path_(path), query_(std::move(query)), page_size_(page_size) {}

  /// The next item; missing at the end. Lifetime: until the next call. Errors: Failure as Api;
  /// failed, when it goes in circles.
  common::JsonValue next(std::stop_token stop);
  std::size_t pages() const { return pages_; }

 private:
  std::optional<Page> load(const std::string& cursor, std::stop_token stop);
  bool advance(std::stop_token stop);
  bool go_around_gap(const std::string& cursor, std::stop_token stop);
  void start_again();
  void take(Page page, const std::string& cursor);

  Api& api_;
  std::string path_;
  std::string query_;
  std::size_t page_size_;
  std::optional<Page> page_;
  std::size_t next_item_ = 0;
  std::string cursor_;           ///< of the page
  std::set<std::string> asked_;  ///< cursors, against circles
  std::size_t pages_ = 0;
  int starts_ = 1;
};

}  // namespace linkferry::bkmark
