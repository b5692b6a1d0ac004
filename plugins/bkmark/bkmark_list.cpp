#include "bkmark/bkmark_list.hpp"

#include <algorithm>

namespace linkferry::bkmark {
namespace {

constexpr int most_starts = 4;

}  // namespace

/// Nothing where the cursor is refused.
std::optional<Page> ListWalk::load(const std::string& cursor, std::stop_token stop) {
  std::string path =
      with_query(path_, {{"limit", std::to_string(std::min(page_size_, largest_page))}});
  if (!query_.empty()) path += "&" + query_;
  if (!cursor.empty()) path = with_query(path, {{"cursor", cursor}});
  ++pages_;
  const HttpResponse answer = api_.ask(path, stop);
  const int status = answer.status;
  const bool is_refused = status == 400 || status == 404 || status == 410 || status == 422;
  if (!cursor.empty() && is_refused) return {};
  auto document = api_.document_of(answer);
  if (!document && !answer.is_success()) throw api_.refusal_of_account(answer);
  auto page = parse_page(document ? std::move(*document) : api_.get(path, stop));
  if (page) return page;
  throw Failure(FailureKind::failed, api_.base_url() + path_ + ": expected a list of bookmarks");
}

common::JsonValue ListWalk::next(std::stop_token stop) {
  while (!page_ || next_item_ == page_->items.size()) {
    if (!advance(stop)) return {};
  }
  return page_->items[next_item_++];
}

void ListWalk::take(Page page, const std::string& cursor) {
  if (!cursor.empty()) asked_.insert(cursor);
  page_ = std::move(page);
  cursor_ = cursor;
  next_item_ = 0;
}

bool ListWalk::advance(std::stop_token stop) {
  const std::string cursor = page_ ? page_->next_cursor : std::string();
  if (page_ && cursor.empty()) return false;
  if (asked_.contains(cursor))
    throw Failure(FailureKind::failed,
                  api_.base_url() + path_ + ": its pages go in circles; run again later");
  auto page = load(cursor, stop);
  if (!page) {
    start_again();
    return true;
  }
  if (!cursor.empty() && page->items.empty() && page->next_cursor.empty())
    return go_around_gap(cursor, stop);
  take(std::move(*page), cursor);
  return true;
}

/// An empty page where something was announced: asks for the page before it once more, and goes on
/// from there where that page ends otherwise now.
bool ListWalk::go_around_gap(const std::string& cursor, std::stop_token stop) {
  auto again = load(cursor_, stop);
  if (!again) {
    start_again();
    return true;
  }
  if (again->next_cursor == cursor) return false;
  take(std::move(*again), cursor_);
  return true;
}

void ListWalk::start_again() {
  if (++starts_ > most_starts)
    throw Failure(FailureKind::temporary,
                  api_.base_url() + path_ +
                      ": the bookmarks change faster than they can be listed; run again later");
  page_.reset();
  cursor_.clear();
  asked_.clear();
}

}  // namespace linkferry::bkmark
