#include "mastodon/list_walk.hpp"

#include <algorithm>
#include <utility>

#include "mastodon/link_header.hpp"

namespace linkferry::mastodon {
namespace {

/// What every family gives when no limit is asked for. A page of so many rows without any `Link`
/// has lost it on the way.
constexpr std::size_t least_page = 20;
constexpr std::size_t remembered_statuses = 40;
constexpr std::size_t most_rows = 10'000;  ///< of a page, where 40 are asked for
/// So many statuses of an earlier run in one page are where that run began, not marks set anew.
constexpr std::size_t certain_overlap = 10;

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string> status_ids(const std::vector<JsonValue>& rows) {
  std::vector<std::string> ids;
  for (const JsonValue row : rows) {
    if (ids.size() == remembered_statuses) break;
    if (std::string id = row.member("id").string(); !id.empty()) ids.push_back(std::move(id));
  }
  return ids;
}

bool is_usable_limit(std::string_view limit) {
  return is_number(limit) && limit.size() <= 2 && limit.front() != '0';
}

}  // namespace

bool are_comparable(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return false;
  if (is_number(a) || is_number(b)) return is_number(a) && is_number(b);
  return a.size() == b.size();
}

bool is_older(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

std::optional<Page> ListWalk::next(std::stop_token stop) {
  if (position_.is_done) return {};
  return order_ == Order::newest_first ? step_down(std::move(stop)) : step_up(std::move(stop));
}

Page ListWalk::step_down(std::stop_token stop) {
  Page page = fetch_new(position_.next, std::move(stop));
  if (position_.top.id.empty() && !page.newest.empty())
    position_.top = {page.newest, status_ids(page.rows)};
  const bool had_several = !position_.next.empty();
  if (page.is_last) {
    if (page.problem.empty()) end_look(had_several);
  } else {
    position_.next = page.oldest;
  }
  return page;
}

/// What was read is behind the bound from now on; another look where something may have slipped
/// past this one.
void ListWalk::end_look(bool had_several_pages) {
  if (!position_.top.id.empty()) {
    const Mark older = std::exchange(position_.bound, std::exchange(position_.top, {}));
    std::vector<std::string>& statuses = position_.bound.statuses;
    const std::size_t room = remembered_statuses - std::min(remembered_statuses, statuses.size());
    const auto count = static_cast<std::ptrdiff_t>(std::min(room, older.statuses.size()));
    statuses.insert(statuses.end(), older.statuses.begin(), older.statuses.begin() + count);
  }
  position_.next.clear();
  seen_.clear();
  const bool looks_again = had_several_pages && !position_.is_second_look;
  position_.is_second_look = looks_again;
  position_.is_done = !looks_again;
}

Page ListWalk::step_up(std::stop_token stop) {
  if (!is_collected_) collect(stop);
  Page page;
  if (lowest_) {
    page = std::move(*lowest_);
    lowest_.reset();
  } else {
    page = fetch_new(above_.back(), stop);
  }
  // What was marked on the way down pushed rows out of this page: they come first.
  while (!below_.empty() && page.has_next && are_comparable(page.oldest, below_) &&
         is_older(below_, page.oldest)) {
    above_.push_back(page.oldest);
    page = fetch_new(page.oldest, stop);
  }
  below_ = std::exchange(above_.back(), {});
  above_.pop_back();
  std::ranges::reverse(page.rows);
  if (!page.newest.empty()) {
    std::vector<std::string> statuses = status_ids(page.rows);
    position_.bound = {page.newest, std::move(statuses)};
  }
  if (above_.empty()) {
    is_collected_ = false;
    if (page.problem.empty()) end_look(had_several_);
  }
  return page;
}

/// Goes down to where this look ends, and remembers where pages begin.
void ListWalk::collect(std::stop_token stop) {
  above_.clear();
  seen_.clear();
  std::string max_id;
  while (true) {
    Page page = fetch_new(max_id, stop);
    above_.push_back(max_id);
    if (!page.problem.empty()) {
      above_.assign(1, max_id);
      page.rows.clear();
      page.newest.clear();
    }
    if (page.is_last) {
      lowest_ = std::move(page);
      break;
    }
    max_id = page.oldest;
  }
  seen_.clear();
  below_.clear();
  had_several_ = above_.size() > 1;
  is_collected_ = true;
}

/// A page whose rows are all newer than the bound.
Page ListWalk::fetch_new(const std::string& max_id, std::stop_token stop) {
  Page page = fetch(max_id, "since_id", stop);
  if (!position_.bound.id.empty()) page = without_old(std::move(page), max_id, stop);
  if (!page.has_next) page.is_last = true;
  const bool has_lost_links = !page.has_links && page.rows.size() >= least_page;
  if (has_lost_links) {
    page.problem =
        "the server sent no Link header with a full page, so what follows cannot be read";
  } else if (!page.is_last) {
    guard(page, max_id);
  }
  return page;
}

/// Mastodon and Pleroma keep to `since_id`; GoToSocial does not know it, but takes `min_id` as
/// such, which Mastodon does not. So a page that reaches below the bound is asked for once more.
Page ListWalk::without_old(Page page, const std::string& max_id, std::stop_token stop) {
  const std::string& bound = position_.bound.id;
  const auto is_new = [&](const std::string& id) { return is_older(bound, id); };
  if (!page.newest.empty() && !are_comparable(page.newest, bound)) {
    keep_unknown(page);
    return page;
  }
  if (!page.newest.empty() && !is_new(page.newest)) {
    page.rows.clear();
    page.newest.clear();
    page.is_last = true;
    return page;
  }
  if (!are_comparable(page.oldest, bound) || is_new(page.oldest)) return page;
  page.is_last = true;
  if (page.rows.empty()) return page;
  Page exact = fetch(max_id, "min_id", std::move(stop));
  const bool is_below =
      max_id.empty() || (are_comparable(exact.newest, max_id) && is_older(exact.newest, max_id));
  const bool is_exact = !exact.rows.empty() && are_comparable(exact.newest, bound) &&
                        is_new(exact.newest) && is_below && exact.rows.size() <= page.rows.size();
  if (!is_exact) return page;
  exact.is_last = true;
  return exact;
}

/// The paging ids are of another kind than those of the earlier run: what that run saw first tells
/// where it began.
void ListWalk::keep_unknown(Page& page) const {
  const std::vector<std::string>& known = position_.bound.statuses;
  std::vector<JsonValue> unknown;
  for (const JsonValue row : page.rows) {
    if (std::ranges::find(known, row.member("id").string()) == known.end()) unknown.push_back(row);
  }
  const std::size_t overlap = page.rows.size() - unknown.size();
  if (overlap == 0) return;
  if (overlap < certain_overlap && !unknown.empty() && overlap < known.size()) return;
  page.rows = std::move(unknown);
  page.is_last = true;
}

/// Seen in the wild: a next page that is this one, or one before it, for ever.
void ListWalk::guard(Page& page, const std::string& max_id) {
  const auto stop_at = [&page](std::string problem) {
    page.problem = std::move(problem);
    page.is_last = true;
  };
  if (page.oldest.empty())
    return stop_at("the server's address of the next page has no max_id, so it cannot be read");
  const bool goes_back = are_comparable(page.oldest, max_id) && !is_older(page.oldest, max_id);
  if (goes_back || !seen_.insert(page.oldest).second)
    stop_at("the server's next page is one that was read already, so what follows cannot be read");
}

Page ListWalk::fetch(const std::string& max_id, std::string_view bound_name, std::stop_token stop) {
  std::string path = with_query("/api/v1/" + std::string(name_of(list_)), {{"limit", limit_}});
  if (!max_id.empty()) path = with_query(path, {{"max_id", max_id}});
  if (!position_.bound.id.empty()) path = with_query(path, {{bound_name, position_.bound.id}});
  const HttpResponse answer = server_->get(path, std::move(stop));
  if (!answer.is_success())
    throw server_->failure_of(answer, "read:" + std::string(name_of(list_)));
  Page page;
  page.document = server_->json_of(answer);
  const JsonValue root = page.document.root();
  if (!root.is_array()) {
    throw Failure(FailureKind::failed, answer.url + " answered with JSON that is no list of posts");
  }
  root.for_each_item([&](JsonValue row) {
    if (page.rows.size() < most_rows) page.rows.push_back(row);
  });
  if (page.rows.size() == most_rows)
    throw Failure(FailureKind::failed, answer.url + " answered with far more than was asked for");
  const PageLinks links = read_links(answer.headers.find("Link").value_or(""));
  page.has_links = links.has_next || links.has_prev;
  page.has_next = links.has_next;
  page.newest = links.newest;
  page.oldest = links.oldest;
  if (is_usable_limit(links.limit)) limit_ = links.limit;
  return page;
}

}  // namespace linkferry::mastodon
