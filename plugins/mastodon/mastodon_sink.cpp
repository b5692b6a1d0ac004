#include "mastodon/mastodon_sink.hpp"

#include <algorithm>
#include <utility>

#include "mastodon/account.hpp"
#include "mastodon/mastodon_source.hpp"
#include "mastodon/post_address.hpp"

namespace linkferry::mastodon {
namespace {

/// What the account holds, reduced to the marks as `represent` has them.
class MarkedPosts final : public Source {
 public:
  MarkedPosts(std::unique_ptr<Source> source, const Sink& sink)
      : source_(std::move(source)), sink_(sink) {}

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override {
    const ReadResult result = source_->read(batch, limit, std::move(stop));
    for (Bookmark& bookmark : batch.bookmarks) {
      const Origin* const origin = bookmark.origin;
      const Representation held = sink_.represent(bookmark, batch.arena);
      if (is_absent(held.refusal)) bookmark = held.bookmark;
      bookmark.origin = origin;
    }
    return result;
  }
  std::uint64_t progress() const override { return source_->progress(); }

 private:
  std::unique_ptr<Source> source_;
  const Sink& sink_;
};

/// The server's own words of a refusal: `{"error":"…"}`.
std::string words_of(const HttpResponse& answer) {
  std::string words = JsonDocument(answer.body).root().member("error").string();
  if (words.size() > 200) words.resize(200);
  return words.empty() ? "it answered " + std::to_string(answer.status) : words;
}

Outcome failed(std::string reason) { return {Result::failed, {}, std::move(reason)}; }
Outcome rejected(std::string reason) { return {Result::rejected, {}, std::move(reason)}; }

bool may_work_later(const HttpResponse& answer) {
  return answer.status == 429 || answer.status == 408 || answer.status >= 500;
}

}  // namespace

/// What a search came to.
struct MastodonSink::Found {
  std::string id;
  Flag bookmarked = Flag::unknown;
  Flag favourited = Flag::unknown;
  Outcome problem{};  ///< where there is no id
};

MastodonSink::MastodonSink(std::unique_ptr<Server> server, MarkRules rules,
                           const Settings& settings, Host& host)
    : server_(std::move(server)), rules_(rules), settings_(settings), host_(host) {}

std::unique_ptr<Source> MastodonSink::existing() {
  ReadingRules rules;
  rules.lists.clear();
  if (rules_.bookmarks) rules.lists.push_back(List::bookmarks);
  if (rules_.favourites) rules.lists.push_back(List::favourites);
  rules.status.includes_private = true;
  rules.status.has_favourites = rules_.favourites;
  rules.status.endpoint = settings_.endpoint();
  auto server = std::make_unique<Server>(settings_, host_, Pace::reading);
  return std::make_unique<MarkedPosts>(
      std::make_unique<MastodonSource>(std::move(server), std::move(rules)), *this);
}

void MastodonSink::write(std::span<const Change> changes, std::span<Outcome> outcomes,
                         std::stop_token stop) {
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (stop.stop_requested()) {
      outcomes[i] = failed("stopped before it began");
      continue;
    }
    try {
      outcomes[i] = carry_out(changes[i], stop);
    } catch (const Failure& failure) {
      // What was done before it must be told; a server that is away stays so for the rest.
      const bool is_passing =
          failure.kind() == FailureKind::temporary || failure.kind() == FailureKind::interrupted;
      if (i == 0 || !is_passing) throw;
      for (; i < changes.size(); ++i) outcomes[i] = failed(failure.what());
    }
  }
}

Outcome MastodonSink::carry_out(const Change& change, std::stop_token stop) {
  if (change.folder != nullptr) return rejected("an account has no folders");
  const std::string id(change.id);
  switch (change.action) {
    case Action::create:
      return create(*change.bookmark, std::move(stop));
    case Action::update:
      return set_marks(id, *change.bookmark, true, std::move(stop));
    case Action::remove:
      return remove(id, std::move(stop));
    case Action::keep:
      break;
  }
  return {Result::already_so, id, {}};
}

Outcome MastodonSink::create(const Bookmark& bookmark, std::stop_token stop) {
  Found found = find(bookmark, stop);
  if (found.id.empty()) return std::move(found.problem);
  const bool is_bookmarked = !wants_bookmark(bookmark) || found.bookmarked == Flag::yes;
  const bool is_favourite = !wants_favourite(bookmark) || found.favourited == Flag::yes;
  if (is_bookmarked && is_favourite) return {Result::already_so, found.id, {}};
  return set_marks(found.id, bookmark, false, std::move(stop));
}

Outcome MastodonSink::set_marks(const std::string& id, const Bookmark& bookmark, bool is_update,
                                std::stop_token stop) {
  Outcome outcome{Result::done, id, {}};
  if (wants_bookmark(bookmark)) outcome = set(id, "bookmark", stop);
  if (outcome.result != Result::done || !rules_.favourites) return outcome;
  if (wants_favourite(bookmark)) return set(id, "favourite", std::move(stop));
  return is_update ? set(id, "unfavourite", std::move(stop)) : outcome;
}

Outcome MastodonSink::remove(const std::string& id, std::stop_token stop) {
  Outcome outcome{Result::done, id, {}};
  if (rules_.bookmarks) outcome = set(id, "unbookmark", stop);
  if (outcome.result == Result::done && rules_.favourites)
    outcome = set(id, "unfavourite", std::move(stop));
  return outcome;
}

Outcome MastodonSink::set(const std::string& id, std::string_view verb, std::stop_token stop) {
  const bool is_bookmark = verb.ends_with("bookmark");
  const HttpResponse answer = server_->post(
      "/api/v1/statuses/" + percent_encode(id) + "/" + std::string(verb), std::move(stop));
  if (answer.is_success()) return {Result::done, id, {}};
  if (answer.status == 401 || is_scope_missing(answer))
    throw server_->failure_of(answer, is_bookmark ? "write:bookmarks" : "write:favourites");
  if (may_work_later(answer))
    return failed("the server could not " + std::string(verb) + " it now: " + words_of(answer));
  if (answer.status == 404)
    return rejected(
        "the server does not show this post to the account (it was deleted, or is not "
        "for it)");
  return rejected("the server refuses to " + std::string(verb) + " it: " + words_of(answer));
}

/// Source: what Mastodon 4.7 and GoToSocial 0.20 answer to `resolve=true` (read 2026-11-22). A
/// server that finds nothing answers 200 with empty lists. Pleroma then looks for posts whose text
/// has the address in it: only the post itself counts.
MastodonSink::Found MastodonSink::find(const Bookmark& bookmark, std::stop_token stop) {
  Arena arena;
  const bool has_uri = bookmark.post != nullptr && !bookmark.post->uri.empty();
  const Text wanted = has_uri ? bookmark.post->uri : bookmark.url;
  const HttpResponse answer = server_->get(
      with_query("/api/v2/search",
                 {{"q", wanted}, {"resolve", "true"}, {"type", "statuses"}, {"limit", "1"}}),
      std::move(stop));
  Found found;
  if (answer.status == 401 || answer.status == 422 || is_scope_missing(answer))
    throw server_->failure_of(answer, "read:search");
  if (may_work_later(answer)) {
    found.problem = failed("the server could not fetch the post now: " + words_of(answer));
  } else if (answer.status == 403) {
    found.problem = rejected("the server knows the post, but does not show it to this account");
  } else if (answer.status == 400 || answer.status == 410) {
    found.problem = rejected("the server refuses to look for it: " + words_of(answer));
  } else if (!answer.is_success()) {
    throw server_->failure_of(answer, "read:search");
  }
  if (!answer.is_success()) return found;
  const JsonDocument document = server_->json_of(answer);
  const auto is_wanted = [&](Text url) {
    const Text key = unique_key(url, arena);
    return !url.empty() &&
           (key == unique_key(wanted, arena) || key == unique_key(bookmark.url, arena));
  };
  bool has_other = false;
  document.root().member("statuses").for_each_item([&](JsonValue item) {
    const Status status = read_status(item, arena);
    // The page of a foreign post at this very server ends with the post's id here.
    const bool is_own_page =
        wanted.starts_with(server_->url() + "/") && wanted.ends_with("/" + std::string(status.id));
    has_other = true;
    if (!found.id.empty() || (!is_wanted(status.uri) && !is_wanted(status.url) && !is_own_page))
      return;
    found = {std::string(status.id), status.bookmarked, status.favourited, {}};
  });
  if (!found.id.empty()) return found;
  bool is_account = false;
  document.root().member("accounts").for_each_item([&](JsonValue) { is_account = true; });
  found.problem = rejected(
      is_account  ? "its address is that of an account, not of a post"
      : has_other ? "the server found other posts, but not this one"
                  : "the server cannot find the post: it was deleted, its own server does not "
                    "answer or is blocked here, or it is not for this account");
  return found;
}

std::vector<std::string> MastodonSink::describe(std::stop_token stop) {
  std::vector<std::string> sentences = describe_server(*server_, stop);
  sentences.push_back(describe_search(*server_, std::move(stop)));
  return sentences;
}

std::unique_ptr<Sink> make_account_sink(const Settings& settings, Host& host) {
  MarkRules rules;
  const std::vector<std::string> marks = settings.list("marks");
  if (!marks.empty()) {
    rules.bookmarks = std::ranges::find(marks, "bookmark") != marks.end();
    rules.favourites = std::ranges::find(marks, "favourite") != marks.end();
  }
  rules.any_link = settings.flag("any_link");
  auto server = std::make_unique<Server>(settings, host, Pace::writing);
  return std::make_unique<MastodonSink>(std::move(server), rules, settings, host);
}

}  // namespace linkferry::mastodon
