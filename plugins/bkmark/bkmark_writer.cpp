#include "bkmark/bkmark_writer.hpp"

#include <algorithm>
#include <functional>

#include "bkmark/bkmark_bodies.hpp"
#include "bkmark/bkmark_text.hpp"

namespace linkferry::bkmark {
namespace {

constexpr const char* newest_first = "sortField=createdAt&sortDir=desc";

Outcome failed(std::string reason) { return {Result::failed, {}, std::move(reason)}; }

/// What a create is remembered by.
std::string key_of(const Bookmark& bookmark) {
  return bookmark.url.empty() ? '\0' + create_body(bookmark, {}, false) : std::string(bookmark.url);
}

std::size_t content_of(const Bookmark& b) {
  std::string all = create_body(b, {}, false);
  all += patch_body(b, {.favorite = true, .archived = true, .read = true}, 0);
  for (const FolderPath path : b.folders) all += "\n" + joined(path);
  return std::hash<std::string>()(all);
}

}  // namespace

std::optional<Record> record_of(const common::JsonDocument& document, Arena& arena) {
  const common::JsonValue root = document.root();
  if (auto alone = parse_record(root, arena)) return alone;
  if (auto inside = parse_record(root.member("data"), arena)) return inside;
  return parse_record(root.member("bookmark"), arena);
}

Outcome Writer::carry_out(const Change& change, std::stop_token stop) {
  if (change.bookmark == nullptr) return {Result::rejected, {}, "Bkmark's API makes no groups"};
  try {
    switch (change.action) {
      case Action::create:
        return create(*change.bookmark, stop);
      case Action::update:
        return update(*change.bookmark, std::string(change.id), stop);
      case Action::remove:
        return remove(change, stop);
      case Action::keep:
        break;
    }
  } catch (const Failure& failure) {
    const bool is_of_this_record = failure.kind() == FailureKind::temporary ||
                                   failure.kind() == FailureKind::interrupted ||
                                   failure.kind() == FailureKind::failed;
    if (!is_of_this_record) throw;
    return failed(failure.what());
  }
  return {Result::already_so, std::string(change.id), {}};
}

std::vector<std::string> Writer::group_ids_of(const Bookmark& bookmark) const {
  std::vector<std::string> ids;
  for (const FolderPath path : bookmark.folders)
    if (auto id = library_.groups().id_of(path)) ids.push_back(std::move(*id));
  return ids;
}

void Writer::remember(const Bookmark& bookmark, const std::string& id) {
  const std::lock_guard lock(mutex_);
  created_[key_of(bookmark)] = {id, content_of(bookmark)};
}

bool Writer::is_special(const Bookmark& bookmark, std::stop_token stop) {
  {
    const std::lock_guard lock(mutex_);
    if (created_.contains(key_of(bookmark))) return true;
  }
  return trash_.find_exact(bookmark, stop).has_value();
}

/// A second create of the same is none.
Outcome Writer::create(const Bookmark& bookmark, std::stop_token stop) {
  std::string id;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = created_.find(key_of(bookmark)); found != created_.end()) {
      if (found->second.content == content_of(bookmark))
        return {Result::already_so, found->second.id, {}};
      id = found->second.id;
    }
  }
  Outcome outcome = id.empty() ? create_new(bookmark, stop) : update(bookmark, id, stop);
  if (outcome.result == Result::done || outcome.result == Result::already_so)
    remember(bookmark, outcome.id);
  return outcome;
}

Outcome Writer::create_new(const Bookmark& bookmark, std::stop_token stop) {
  constexpr int most_attempts = 6;
  if (const auto id = trash_.find_exact(bookmark, stop))
    if (auto outcome = restore(bookmark, *id, stop)) return *outcome;
  const bool was_there = library_.find_exact_url(bookmark.url).has_value();
  std::string problem;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    if (stop.stop_requested()) return failed("stopped before it was done");
    Attempt made = try_to_create(bookmark, false, attempt > 0 && !was_there, stop);
    if (made.outcome) return *made.outcome;
    problem = made.problem;
    if (const auto id = look_up(bookmark, stop)) return bring_about(*id, bookmark, stop);
  }
  return failed(problem);
}

Writer::Attempt Writer::try_to_create(const Bookmark& bookmark, bool is_forced, bool was_sent,
                                      std::stop_token stop) {
  const std::string body = create_body(bookmark, group_ids_of(bookmark), is_forced);
  try {
    const HttpResponse answer = api_.write("POST", std::string(bookmarks_path), body, false, stop);
    if (answer.status == 409) return {join(bookmark, answer, was_sent, stop), {}};
    if (!answer.is_success()) {
      const Outcome outcome = outcome_of(answer);
      if (forbidden_.note_refusal(answer.status)) throw api_.refusal_of_token(answer);
      if (outcome.result == Result::rejected) return {outcome, {}};
      return {{}, outcome.reason};
    }
    const auto document = api_.document_of(answer);
    Arena arena;
    const auto record = document ? record_of(*document, arena) : std::nullopt;
    if (!record) return {{}, api_.failure_of(answer, "expected a bookmark of Bkmark").what()};
    library_.learn(*record);
    forbidden_.note_success();
    return {bring_about(std::string(record->id), bookmark, stop), {}};
  } catch (const LostReply& lost) {
    if (stop.stop_requested()) return {failed(lost.what()), {}};
    return {{}, lost.what()};
  }
}

/// The newest bookmark of which `is_it` says so. Rationale: others are not learnt, since they may
/// be what a create made whose answer was lost.
std::optional<std::string> Writer::find_among_newest(
    const std::function<bool(const Record&)>& is_it, std::stop_token stop) {
  constexpr std::size_t most_pages = 3;
  ListWalk walk(api_, bookmarks_path, newest_first, largest_page);
  while (walk.pages() <= most_pages) {
    Arena arena;
    const auto record = parse_record(walk.next(stop), arena);
    if (!record) return {};
    if (!is_it(*record)) continue;
    if (!library_.find(std::string(record->id))) library_.learn(*record);
    return std::string(record->id);
  }
  return {};
}

/// Finds a bookmark that may have been stored. It is none that was known before.
std::optional<std::string> Writer::look_up(const Bookmark& bookmark, std::stop_token stop) {
  Arena arena;
  const Facts wanted = facts_of(bookmark, {}, library_.groups(), library_.names(), arena);
  const auto is_it = [&](const Record& record) {
    if (library_.find(std::string(record.id))) return false;
    if (trimmed(record.url) != bookmark.url) return false;
    if (!bookmark.url.empty()) return true;
    const Facts held = facts_of(record, library_.names());
    return held.title == wanted.title && held.description == wanted.description &&
           kind_of(record.type) == bookmark.kind;
  };
  return find_among_newest(is_it, stop);
}

/// Brings what is wanted back from trash. Nothing where it is not there any more.
std::optional<Outcome> Writer::restore(const Bookmark& bookmark, const std::string& id,
                                       std::stop_token stop) {
  const HttpResponse answer = api_.write("POST", path_of(id, "restore"), "", true, stop);
  trash_.forget(bookmark, id);
  if (answer.is_success()) {
    if (auto problem = take_echo(answer, id, stop)) return problem;
    return bring_about(id, bookmark, stop);
  }
  if (answer.status >= 500 || answer.status == 429) return outcome_of(answer);
  // An answer that was lost may have restored it already.
  trash_.expire();
  if (!fetch(id, stop) || trash_.contains(id, stop)) return {};
  return bring_about(id, bookmark, stop);
}

void Writer::reload(std::size_t added, std::stop_token stop) {
  WalkRules rules = rules_.walk;
  rules.query.clear();
  rules.asks_archive = true;
  rules.expected = library_.size() + added;
  LibraryWalk walk(api_, rules);
  common::JsonValue item;
  while (walk.next(item, stop)) {
    Arena arena;
    if (const auto record = parse_record(item, arena)) library_.learn(*record);
  }
}

/// Reads all again where that was not done just now: it takes no more than a tenth of the time.
/// Whether the library is as it was after this call began.
bool Writer::reload_again(std::stop_token stop) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::seconds shortest{10};
  constexpr int share = 10;
  const std::lock_guard lock(reloading_);
  if (next_reload_ && Clock::now() < *next_reload_) return false;
  const auto begin = Clock::now();
  reload(0, stop);
  const auto end = Clock::now();
  next_reload_ = end + std::max<Clock::duration>(shortest, share * (end - begin));
  return true;
}

Writer::Duplicate Writer::find_duplicate(const Bookmark& bookmark, const HttpResponse& conflict,
                                         std::stop_token stop) {
  if (auto id = library_.find_exact_url(bookmark.url)) return {id, true};
  const Refusal refusal = refusal_of(conflict.body);
  if (!refusal.id.empty() && !trash_.contains(refusal.id, stop) && fetch(refusal.id, stop))
    return {refusal.id, true};
  if (auto id = library_.find_url(bookmark.url)) return {id, true};
  const auto is_alike = [key = loose_key(bookmark.url)](const Record& record) {
    return !record.url.empty() && loose_key(record.url) == key;
  };
  if (auto id = find_among_newest(is_alike, stop)) return {id, true};
  const bool is_sure = reload_again(stop);
  return {library_.find_url(bookmark.url), is_sure};
}

/// Bkmark has this address already.
Outcome Writer::join(const Bookmark& bookmark, const HttpResponse& conflict, bool was_sent,
                     std::stop_token stop) {
  // What was known before is none of what this writer has sent.
  const bool was_made = was_sent && !library_.find_url(bookmark.url);
  const auto [id, is_sure] = find_duplicate(bookmark, conflict, stop);
  const bool is_exact = library_.find_exact_url(bookmark.url).has_value();
  if (id && was_sent && is_exact) return bring_about(*id, bookmark, stop);
  if (rules_.forces && !is_exact && !was_sent) {
    Attempt forced = try_to_create(bookmark, true, true, stop);
    return forced.outcome ? *forced.outcome : failed(forced.problem);
  }
  if (id) return add_to(*id, bookmark, was_made, stop);
  trash_.expire();
  if (const auto in_trash = trash_.find(bookmark.url, stop))
    if (auto outcome = restore(bookmark, *in_trash, stop)) return *outcome;
  const std::string message = refusal_of(conflict.body).message;
  if (!is_sure)
    return failed("Bkmark has its address already, and does not show it yet: run again later");
  return {Result::rejected,
          {},
          "Bkmark has its address already (" + (message.empty() ? "409" : message) +
              "), but no bookmark of that address is to be found; force: true stores it all the "
              "same"};
}

}  // namespace linkferry::bkmark
