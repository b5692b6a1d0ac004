#include "mastodon/mastodon_source.hpp"

#include <algorithm>

#include "mastodon/absence.hpp"
#include "mastodon/account.hpp"

namespace linkferry::mastodon {
namespace {

constexpr std::size_t max_row_bytes = 16 * 1024 * 1024;

/// Takes the first `count` of what was appended since `start` off again.
template <class T>
void drop_front(std::vector<T>& list, std::size_t start, std::size_t count) {
  const auto first = list.begin() + static_cast<std::ptrdiff_t>(start);
  list.erase(first, first + static_cast<std::ptrdiff_t>(count));
}

}  // namespace

ReadingRules reading_rules(const Settings& settings) {
  ReadingRules rules;
  const std::vector<std::string> lists = settings.list("lists");
  if (!lists.empty()) rules.lists.clear();
  for (const std::string& list : lists)
    rules.lists.push_back(list == "favourites" ? List::favourites : List::bookmarks);
  if (settings.text("order") == "oldest_first") rules.order = Order::oldest_first;
  StatusRules& status = rules.status;
  if (settings.text("mode") == "link")
    status.mode = settings.text("links") == "first" ? Mode::first_link : Mode::all_links;
  status.includes_private = settings.flag("include_private");
  status.has_favourites = std::ranges::find(rules.lists, List::favourites) != rules.lists.end();
  status.bookmark_tag = settings.text("bookmark_tag").value_or("");
  status.favourite_tag = settings.text("favourite_tag").value_or("");
  status.endpoint = settings.endpoint();
  return rules;
}

MastodonSource::MastodonSource(std::unique_ptr<Server> server, ReadingRules rules)
    : server_(std::move(server)), rules_(std::move(rules)) {
  rules_.status.url = server_->url();
  for (const List list : rules_.lists) walks_.emplace_back(*server_, list, rules_.order);
}

ReadResult MastodonSource::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  if (stop.stop_requested()) {
    batch.checkpoint = account_ && !page_ ? checkpoint() : "";
    return ReadResult::more;
  }
  begin(stop);
  if (!page_ && list_ < walks_.size()) fetch_page(std::move(stop));
  if (page_) deliver(batch, limit);
  return finish(batch);
}

/// What every reading needs to know first; asked once.
void MastodonSource::begin(std::stop_token stop) {
  if (!account_) account_ = ask_account(*server_, stop).identity;
  if (rules_.status.domain.empty()) rules_.status.domain = ask_domain(*server_, std::move(stop));
}

void MastodonSource::fetch_page(std::stop_token stop) {
  page_ = walks_[list_].next(std::move(stop));
  row_ = 0;
  part_ = 0;
  if (!page_) {
    ++list_;
  } else if (!page_->problem.empty()) {
    problem_ = page_->problem;
  }
}

void MastodonSource::deliver(Batch& batch, std::size_t limit) {
  while (row_ < page_->rows.size() && batch.bookmarks.size() < limit) {
    const std::size_t start = batch.bookmarks.size();
    append_row(page_->rows[row_], batch);
    drop_front(batch.bookmarks, start, part_);
    if (batch.bookmarks.size() > limit) {
      part_ += limit - start;
      batch.bookmarks.resize(limit);
      return;
    }
    part_ = 0;
    ++row_;
    ++progress_;
  }
  if (row_ == page_->rows.size()) page_.reset();
}

void MastodonSource::append_row(JsonValue row, Batch& batch) {
  if (!row.is_object() || row.raw().size() > max_row_bytes) {
    const Text reason =
        row.is_object() ? "a post is larger than 16 MiB" : "an entry of the list is no post";
    batch.rejections.push_back(
        {reason, batch.arena.copy(row.raw().substr(0, 200)), 0, batch.bookmarks.size()});
    return;
  }
  append_bookmarks(copy_of(row, batch.arena), walks_[list_].list(), rules_.status, batch);
}

ReadResult MastodonSource::finish(Batch& batch) const {
  if (page_) return ReadResult::more;
  if (!problem_.empty()) {
    batch.notices.push_back({batch.arena.copy(std::string_view(problem_)), 0});
    return ReadResult::incomplete;
  }
  batch.checkpoint = checkpoint();
  const bool is_over =
      std::ranges::all_of(walks_, [](const ListWalk& walk) { return walk.position().is_done; });
  return is_over ? ReadResult::end : ReadResult::more;
}

std::string MastodonSource::checkpoint() const {
  WalkCheckpoint checkpoint{account_.value_or(""), rules_text(), rules_.status.domain, {}};
  for (const ListWalk& walk : walks_) checkpoint.lists.emplace_back(walk.list(), walk.position());
  return format_checkpoint(checkpoint);
}

/// What else a row would have become: with other rules a row that was read is to be read again.
std::string MastodonSource::rules_text() const {
  const StatusRules& status = rules_.status;
  std::string text = server_->url();
  text += status.mode == Mode::toot ? " toot" : status.mode == Mode::all_links ? " all" : " first";
  text += rules_.order == Order::newest_first ? " newest" : " oldest";
  if (status.includes_private) text += " private";
  return text + " " + status.bookmark_tag + " " + status.favourite_tag;
}

bool MastodonSource::resume(std::string_view checkpoint) {
  const auto parsed = parse_checkpoint(checkpoint);
  if (!parsed || parsed->rules != rules_text()) return false;
  const std::string account = ask_account(*server_, {}).identity;
  if (account != parsed->account) return false;
  account_ = account;
  rules_.status.domain = parsed->domain;
  const bool is_whole =
      std::ranges::all_of(parsed->lists, [](const auto& entry) { return entry.second.is_done; });
  for (ListWalk& walk : walks_) {
    const auto found =
        std::ranges::find(parsed->lists, walk.list(), &std::pair<List, ListPosition>::first);
    ListPosition position;
    if (found != parsed->lists.end()) position = found->second;
    if (is_whole) position.is_done = false;
    walk = ListWalk(*server_, walk.list(), rules_.order);
    walk.set_position(position);
  }
  list_ = 0;
  page_.reset();
  problem_.clear();
  return true;
}

void MastodonSource::look_up(std::span<const Text> ids, std::span<Absence> absences,
                             std::stop_token stop) {
  look_up_statuses(*server_, rules_.lists, ids, absences, std::move(stop));
}

std::vector<std::string> MastodonSource::describe(std::stop_token stop) {
  std::vector<std::string> sentences = describe_server(*server_, stop);
  sentences.push_back(describe_look_up(*server_, std::move(stop)));
  return sentences;
}

std::unique_ptr<Source> make_account_source(const Settings& settings, Host& host) {
  auto server = std::make_unique<Server>(settings, host, Pace::reading);
  return std::make_unique<MastodonSource>(std::move(server), reading_rules(settings));
}

}  // namespace linkferry::mastodon
