#pragma once

#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "mastodon/server.hpp"
#include "mastodon/status_bookmarks.hpp"

namespace linkferry::mastodon {

enum class Order { newest_first, oldest_first };

/// A place in a list: the paging id of a row. Paging ids are ids of the marks, not of the statuses;
/// they grow with time, whatever they look like, and stand in the `Link` header only. Beside it the
/// ids of the statuses at and below that row, for servers whose paging ids cannot be ordered.
struct Mark {
  std::string id;  ///< empty: none
  std::vector<std::string> statuses;

  bool operator==(const Mark&) const = default;
};

/// How far the reading of one list has come.
struct ListPosition {
  Mark bound;        ///< read up to here by an earlier run, or by the first look; not read again
  Mark top;          ///< the newest row of this look
  std::string next;  ///< `max_id` of the next page; empty: the top of the list
  bool is_second_look = false;
  bool is_done = false;

  bool operator==(const ListPosition&) const = default;
};

/// Some rows of a list, newest first.
struct Page {
  JsonDocument document;
  std::vector<JsonValue> rows;
  std::string newest;  ///< paging ids of the first and last row; empty where not told
  std::string oldest;
  bool has_next = false;
  bool has_links = false;
  bool is_last = false;  ///< what follows is none of this look's business
  std::string problem;   ///< not empty: why what follows cannot be read
};

/// Reads a list page by page, whatever the family of the server.
///
/// The rule for all: follow `rel=next` until it is missing, or until the paging ids reach `bound`;
/// pages may be short or empty on the way. What is marked anew during a look goes to the top of the
/// list, so a look of several pages is followed by a second one, down to where the first began.
/// With `oldest_first` a look goes down to learn where pages begin, and reads them on the way up;
/// then `bound` rises with each page, and is all that a checkpoint needs.
/// Thread: one at a time.
class ListWalk {
 public:
  ListWalk(Server& server, List list, Order order) : server_(&server), list_(list), order_(order) {}

  List list() const { return list_; }
  const ListPosition& position() const { return position_; }
  /// Goes on from here. Before the first `next`.
  void set_position(ListPosition position) { position_ = std::move(position); }

  /// The next page, in the walk's order; nothing at the end of the list. `position` is then behind
  /// it. A page with a `problem` is the last: its rows count, but the list is not complete.
  /// Errors: Failure; then the walk stands where it stood.
  std::optional<Page> next(std::stop_token stop);

 private:
  Page fetch(const std::string& max_id, std::string_view bound_name, std::stop_token stop);
  Page fetch_new(const std::string& max_id, std::stop_token stop);
  Page without_old(Page page, const std::string& max_id, std::stop_token stop);
  void keep_unknown(Page& page) const;
  void guard(Page& page, const std::string& max_id);
  Page step_down(std::stop_token stop);
  Page step_up(std::stop_token stop);
  void collect(std::stop_token stop);
  void end_look(bool had_several_pages);

  Server* server_;
  List list_;
  Order order_;
  ListPosition position_;
  std::string limit_ = "40";
  std::set<std::string> seen_;  ///< `max_id`s of this look
  /// Oldest first: the `max_id`s of the pages that are still to be read, and the lowest of them.
  std::vector<std::string> above_;
  std::optional<Page> lowest_;
  std::string below_;  ///< where the page read last begins
  bool had_several_ = false;
  bool is_collected_ = false;
};

/// Whether paging ids tell which is older: numbers do, and texts of one length.
bool are_comparable(std::string_view a, std::string_view b);
/// Source: decimal ids (Mastodon), ULIDs (GoToSocial) and flakes (Pleroma) all sort this way.
bool is_older(std::string_view a, std::string_view b);

}  // namespace linkferry::mastodon
