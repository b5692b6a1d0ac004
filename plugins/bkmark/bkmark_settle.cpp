#include <algorithm>

#include "bkmark/bkmark_bodies.hpp"
#include "bkmark/bkmark_text.hpp"
#include "bkmark/bkmark_writer.hpp"
#include "common/unicode_text.hpp"

namespace linkferry::bkmark {
namespace {

Outcome failed(std::string reason) { return {Result::failed, {}, std::move(reason)}; }

std::vector<std::string> names_of(const std::vector<std::uint32_t>& numbers, const Names& names) {
  std::vector<std::string> all;
  for (const std::uint32_t number : numbers) all.push_back(names.name_of(number));
  return all;
}

std::vector<std::string> in_lower_case(const std::vector<std::string>& names) {
  std::vector<std::string> lower;
  for (const std::string& name : names) lower.push_back(common::lower_case(name));
  std::ranges::sort(lower);
  lower.erase(std::unique(lower.begin(), lower.end()), lower.end());
  return lower;
}

template <class T>
std::span<const T> unite(std::span<const T> a, std::span<const T> b, const auto& is_same,
                         Arena& arena) {
  std::vector<T> all(a.begin(), a.end());
  for (const T& one : b)
    if (std::ranges::none_of(all, [&](const T& other) { return is_same(one, other); }))
      all.push_back(one);
  return arena.copy(std::span<const T>(all));
}

/// What is held, with what it lacks: the plan did not show that it is there, so that nothing of it
/// goes. As where bookmarks merge: read if either is, archived only if both are.
Bookmark filled(const Bookmark& held, const Bookmark& wanted, Arena& arena) {
  Bookmark b = held;
  for (const auto member : {&Bookmark::title, &Bookmark::description, &Bookmark::notes})
    if ((b.*member).empty()) b.*member = wanted.*member;
  b.tags = unite(held.tags, wanted.tags, std::equal_to<>(), arena);
  b.folders = unite(
      held.folders, wanted.folders,
      [](FolderPath x, FolderPath y) { return std::ranges::equal(x, y); }, arena);
  if (wanted.favorite == Flag::yes) b.favorite = Flag::yes;
  if (b.unread == Flag::yes && wanted.unread == Flag::no) {
    b.unread = Flag::no;
    b.read_at = wanted.read_at;
  }
  return b;
}

}  // namespace

Outcome Writer::add_to(const std::string& id, const Bookmark& bookmark, bool was_made,
                       std::stop_token stop) {
  const auto document = api_.find_bookmark(id, stop);
  Arena arena;
  const auto record = document ? record_of(*document, arena) : std::nullopt;
  if (!record) return failed("Bkmark has its address already, and then has it no more");
  library_.learn(*record);
  api_.host().log(LogLevel::info, api_.base_url() +
                                      ": it takes the address of a new bookmark for "
                                      "that of " +
                                      id + ", which gets what it lacks");
  const View view{true, false, rules_.keeps_notes};
  const Bookmark held = to_bookmark(*record, view, library_.groups(), arena);
  Outcome outcome = bring_about(id, filled(held, bookmark, arena), stop);
  // A create that is done is linkferry's own, which a mirror may delete and an undo takes back.
  if (!was_made && outcome.result == Result::done) outcome.result = Result::already_so;
  return outcome;
}

Outcome Writer::update(const Bookmark& bookmark, const std::string& id, std::stop_token stop) {
  if (!library_.find(id) && !fetch(id, stop))
    return failed("Bkmark has no bookmark " + id + " any more");
  if (!differences(id, bookmark).any()) return {Result::already_so, id, {}};
  return bring_about(id, bookmark, stop);
}

bool Writer::fetch(const std::string& id, std::stop_token stop) {
  const auto document = api_.find_bookmark(id, stop);
  Arena arena;
  const auto record = document ? record_of(*document, arena) : std::nullopt;
  if (record) library_.learn(*record);
  return record.has_value();
}

Differences Writer::differences(const std::string& id, const Bookmark& wanted) const {
  const auto held = library_.find(id);
  if (!held) return {};
  Arena arena;
  return compare(held->facts,
                 facts_of(wanted, held->facts.groups, library_.groups(), library_.names(), arena));
}

/// Makes a bookmark that was learnt what it should be, and looks at what came of it.
Outcome Writer::bring_about(const std::string& id, const Bookmark& wanted, std::stop_token stop) {
  const Differences before = differences(id, wanted);
  if (!before.any()) return {Result::done, id, {}};
  if (auto problem = send(id, wanted, before, stop)) {
    problem->id = id;
    return *problem;
  }
  const Differences left = without_tolerated(differences(id, wanted), id, wanted);
  if (!left.any()) return {Result::done, id, {}};
  return {Result::failed, id, "Bkmark has stored it, but not as it was sent: " + left.in_words()};
}

/// What Bkmark may do with what it is sent, since nothing says that it does not: it fills in an
/// empty text, spells a tag as it did before, and dates the reading itself.
Differences Writer::without_tolerated(Differences left, const std::string& id,
                                      const Bookmark& wanted) {
  if (!left.any()) return left;
  const auto held = library_.find(id);
  if (!held) return left;
  if (wanted.title.empty()) left.title = false;
  if (wanted.description.empty() && wanted.notes.empty()) left.description = false;
  if (left.tags) {
    std::vector<std::string> names;
    for (const Text tag : wanted.tags) names.emplace_back(tag);
    left.tags = in_lower_case(names) != in_lower_case(names_of(held->facts.tags, library_.names()));
  }
  if (left.read && held->facts.is_read == (wanted.unread == Flag::no)) {
    left.read = false;
    const std::lock_guard lock(saying_);
    if (!std::exchange(has_said_dates_, true))
      api_.host().log(LogLevel::warning,
                      api_.base_url() + ": it dates the reading itself; dates are lost");
  }
  return left;
}

std::optional<Outcome> Writer::send(const std::string& id, const Bookmark& wanted,
                                    const Differences& differences, std::stop_token stop) {
  const auto post = [&](const char* action, std::string body) {
    const HttpResponse answer =
        api_.write("POST", path_of(id, action), std::move(body), true, stop);
    return take_echo(answer, id, stop);
  };
  if (differences.has_patch()) {
    const std::string body = patch_body(wanted, differences, Api::now_seconds());
    const HttpResponse answer = api_.write("PATCH", path_of(id), body, true, stop);
    if (auto problem = take_echo(answer, id, stop)) return problem;
  }
  const auto held = library_.find(id);
  if (!held) return {};
  Arena arena;
  const Facts should =
      facts_of(wanted, held->facts.groups, library_.groups(), library_.names(), arena);
  if (differences.tags) {
    auto body = names_body("tagNames", names_of(should.tags, library_.names()));
    if (auto problem = post("tags", std::move(body))) return problem;
  }
  if (differences.groups)
    return post("groups", names_body("groupIds", names_of(should.groups, library_.names())));
  return {};
}

/// Learns what an answer to a write shows; what shows nothing is asked for.
std::optional<Outcome> Writer::take_echo(const HttpResponse& answer, const std::string& id,
                                         std::stop_token stop) {
  if (answer.status == 404) return failed("Bkmark has no bookmark " + id + " any more");
  if (!answer.is_success()) return outcome_of(answer);
  const auto document = api_.document_of(answer);
  Arena arena;
  const auto record = document ? record_of(*document, arena) : std::nullopt;
  if (record && record->id == id) {
    library_.learn(*record);
    return {};
  }
  if (fetch(id, stop)) return {};
  return failed("Bkmark has no bookmark " + id + " any more");
}

Outcome Writer::remove(const Change& change, std::stop_token stop) {
  const std::string id(change.id);
  Outcome outcome = rules_.deletes_for_good ? delete_for_good(id, stop) : move_to_trash(id, stop);
  if (outcome.result != Result::done && outcome.result != Result::already_so) return outcome;
  library_.forget(id, change.bookmark->url);
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(created_, [&id](const auto& entry) { return entry.second.id == id; });
  }
  if (!rules_.deletes_for_good) trash_.add(*change.bookmark, id);
  return outcome;
}

Outcome Writer::delete_for_good(const std::string& id, std::stop_token stop) {
  HttpResponse answer = api_.write("DELETE", path_of(id, "permanent"), "", true, stop);
  // Not there, or not that way: the page has two.
  if ((answer.status == 404 || answer.status == 405) && api_.find_bookmark(id, stop))
    answer = api_.write("DELETE", path_of(id) + "?permanent=true", "", true, stop);
  if (answer.status == 404) return {Result::already_so, id, {}};
  return answer.is_success() ? Outcome{Result::done, id, {}} : outcome_of(answer);
}

/// What a DELETE does to what is in trash is not said: it may purge it. So it is not repeated
/// before the bookmark was looked for.
Outcome Writer::move_to_trash(const std::string& id, std::stop_token stop) {
  constexpr int most_attempts = 6;
  constexpr int too_many_requests = 429;
  if (is_in_doubt(id) && is_gone(id, stop)) return {Result::done, id, {}};
  Outcome last;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    if (stop.stop_requested()) return failed("stopped before it was done");
    try {
      const HttpResponse answer = api_.move_to_trash(id, stop);
      if (answer.is_success()) return {Result::done, id, {}};
      if (answer.status == 404) return {Result::already_so, id, {}};
      last = outcome_of(answer);
      // Not carried out, and waited for as long as the service asked for.
      if (last.result == Result::rejected || answer.status == too_many_requests) return last;
    } catch (const Failure& failure) {
      if (failure.kind() != FailureKind::temporary || stop.stop_requested()) throw;
      last = failed(failure.what());
    }
    if (is_gone(id, stop)) return {Result::done, id, {}};
  }
  return last;
}

bool Writer::is_gone(const std::string& id, std::stop_token stop) {
  if (!api_.find_bookmark(id, stop)) return true;
  if (!is_in_doubt(id)) trash_.expire();
  return trash_.contains(id, stop);
}

void Writer::doubt(std::span<const std::string> ids) {
  {
    const std::lock_guard lock(mutex_);
    doubtful_.insert(ids.begin(), ids.end());
  }
  for (const std::string& id : ids) library_.forget(id, {});
  trash_.expire();
}

bool Writer::is_in_doubt(const std::string& id) {
  const std::lock_guard lock(mutex_);
  return doubtful_.contains(id);
}

/// What an answer that is no success means for the record.
Outcome Writer::outcome_of(const HttpResponse& answer) const {
  const Failure failure = api_.failure_of(answer, "");
  const Refusal refusal = refusal_of(answer.body);
  switch (answer.status) {
    case 400:
    case 403:
    case 409:
    case 422:
      return {Result::rejected,
              {},
              "Bkmark refuses it: " +
                  (refusal.message.empty() ? std::string(failure.what()) : refusal.message)};
    case 413:
      return {Result::rejected, {}, "it is too large for Bkmark (413)"};
    case 404:
    case 405:
    case 406:
    case 415:
      throw Failure(FailureKind::configuration,
                    std::string(failure.what()) + "; expected Bkmark: is its address right?");
    default:
      return failed(failure.what());
  }
}

}  // namespace linkferry::bkmark
