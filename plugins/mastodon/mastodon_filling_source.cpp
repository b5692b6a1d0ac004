#include "mastodon/mastodon_filling_source.hpp"

#include <algorithm>
#include <utility>

#include "mastodon/account.hpp"
#include "mastodon/file_records.hpp"
#include "mastodon/post_address.hpp"
#include "mastodon/status.hpp"

namespace linkferry::mastodon {
namespace {

constexpr Text not_found =
    "the server cannot find the post: it was deleted, is not for this account, or its own server "
    "does not answer; its address is kept";
constexpr std::size_t requests_of_batch = 20;
constexpr unsigned most_failures_in_a_row = 10;

bool may_be_temporary(const HttpResponse& answer) {
  return answer.status == 429 || answer.status >= 500;
}

/// The status that `uri` names, among those that a search found; missing where it is not there.
JsonValue status_in(const JsonDocument& document, Text uri, Arena& arena) {
  JsonValue found;
  document.root().member("statuses").for_each_item([&](JsonValue item) {
    const Status status = read_status(item, arena);
    const Text key = post_key(uri, arena);
    const bool is_same = status.uri == uri || status.url == uri ||
                         (is_present(key) && post_key(status.uri, arena) == key);
    if (is_same && !found.is_object()) found = item;
  });
  return found;
}

/// A copy of what the file said of a post.
Bookmark copy_of(const Bookmark& post, Arena& arena) {
  Bookmark copy = make_post(arena.copy(post.url), arena);
  const auto tags = arena.make_array<Text>(post.tags.size());
  for (std::size_t i = 0; i < tags.size(); ++i) tags[i] = arena.copy(post.tags[i]);
  copy.tags = tags;
  copy.favorite = post.favorite;
  copy.line = post.line;
  Origin& origin = arena.make_array<Origin>(1).front();
  origin = make_origin(post.origin->endpoint, post.origin->list, arena);
  copy.origin = &origin;
  return copy;
}

std::span<const Attribute> copy_of(std::span<const Attribute> extra, Arena& arena) {
  const auto copies = arena.make_array<Attribute>(extra.size());
  for (std::size_t i = 0; i < copies.size(); ++i)
    copies[i] = {arena.copy(extra[i].name), arena.copy(extra[i].value)};
  return copies;
}

}  // namespace

MastodonFillingSource::MastodonFillingSource(std::unique_ptr<Source> file,
                                             std::unique_ptr<Server> server, StatusRules rules)
    : file_(std::move(file)), server_(std::move(server)), rules_(std::move(rules)) {
  rules_.url = server_->url();
  // What is a favourite only is told by the file: the account may be another one by now.
  rules_.has_favourites = false;
}

ReadResult MastodonFillingSource::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  for (std::size_t turn = 0; turn < requests_of_batch; ++turn) {
    if (stop.stop_requested() || batch.bookmarks.size() == limit) break;
    if (!has_item_ && file_result_ != ReadResult::more) break;
    if (!deliver(batch, limit, stop)) break;
  }
  if (part_ == 0) batch.checkpoint = checkpoint_;
  return has_item_ ? ReadResult::more : file_result_;
}

/// One post of the file. False when not all that came of it had room in the batch.
bool MastodonFillingSource::deliver(Batch& batch, std::size_t limit, std::stop_token stop) {
  if (!has_item_) take_next(stop);
  if (!item_.bookmarks.empty()) {
    const Bookmark& post = item_.bookmarks.front();
    if (!is_looked_up_) fill_from_post(post, stop);
    const std::size_t start = batch.bookmarks.size();
    append(post, batch);
    const auto first = batch.bookmarks.begin() + static_cast<std::ptrdiff_t>(start);
    batch.bookmarks.erase(first, first + static_cast<std::ptrdiff_t>(part_));
    if (batch.bookmarks.size() > limit) {
      part_ += limit - start;
      batch.bookmarks.resize(limit);
      return false;
    }
  }
  pass_on(batch);
  part_ = 0;
  has_item_ = false;
  checkpoint_ = item_.checkpoint;
  return true;
}

void MastodonFillingSource::take_next(std::stop_token stop) {
  item_.clear();
  file_result_ = file_->read(item_, 1, std::move(stop));
  has_item_ = true;
  is_looked_up_ = false;
  is_found_ = false;
}

/// Source: what Mastodon 4.7 and GoToSocial 0.20 answer to `resolve=true` (read 2026-11-22). A post
/// that is not found is a success without statuses.
void MastodonFillingSource::fill_from_post(const Bookmark& post, std::stop_token stop) {
  if (rules_.domain.empty()) rules_.domain = ask_domain(*server_, stop);
  const HttpResponse answer = server_->get(
      with_query("/api/v2/search",
                 {{"q", post.url}, {"resolve", "true"}, {"type", "statuses"}, {"limit", "1"}}),
      std::move(stop));
  is_looked_up_ = true;
  const bool is_refused = answer.status == 401 || answer.status == 422 || is_scope_missing(answer);
  failures_in_a_row_ = may_be_temporary(answer) ? failures_in_a_row_ + 1 : 0;
  if (is_refused || failures_in_a_row_ == most_failures_in_a_row)
    throw server_->failure_of(answer, "read:search");
  if (!answer.is_success()) return;
  document_ = server_->json_of(answer);
  Arena arena;
  is_found_ = status_in(document_, post.url, arena).is_object();
}

void MastodonFillingSource::append(const Bookmark& post, Batch& batch) const {
  const std::size_t start = batch.bookmarks.size();
  if (is_found_) {
    const List list =
        post.origin->list == name_of(List::favourites) ? List::favourites : List::bookmarks;
    const JsonValue status = status_in(document_, post.url, batch.arena);
    append_bookmarks(mastodon::copy_of(status, batch.arena), list, rules_, batch);
  } else {
    batch.bookmarks.push_back(copy_of(post, batch.arena));
    batch.notices.push_back({not_found, post.line});
  }
  if (post.extra.empty()) return;
  const auto extra = copy_of(post.extra, batch.arena);
  for (std::size_t i = start; i < batch.bookmarks.size(); ++i) {
    batch.bookmarks[i].extra = extra;
    batch.bookmarks[i].line = post.line;
  }
}

/// What the file said beside the post.
void MastodonFillingSource::pass_on(Batch& batch) const {
  for (Rejection rejection : item_.rejections) {
    rejection.excerpt = batch.arena.copy(rejection.excerpt);
    rejection.before = batch.bookmarks.size();
    batch.rejections.push_back(rejection);
  }
  for (const Notice& notice : item_.notices)
    batch.notices.push_back({batch.arena.copy(notice.text), notice.line});
}

bool MastodonFillingSource::resume(std::string_view checkpoint) {
  if (!file_->resume(checkpoint)) return false;
  has_item_ = false;
  part_ = 0;
  file_result_ = ReadResult::more;
  checkpoint_ = checkpoint;
  return true;
}

}  // namespace linkferry::mastodon
