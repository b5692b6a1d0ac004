#include "linkding/linkding_writer.hpp"

#include <functional>

#include "linkding/linkding_list.hpp"
#include "linkding/linkding_text.hpp"
#include "linkding/linkding_url.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry::linkding {
namespace {

constexpr int most_attempts = 6;

Outcome failed(std::string reason) { return {Result::failed, {}, std::move(reason)}; }

Timestamp just_before(Timestamp time) {
  if (time.nanoseconds < 1000) {
    --time.seconds;
    time.nanoseconds += 1'000'000'000;
  }
  time.nanoseconds -= 1000;
  return time;
}

}  // namespace

Outcome Writer::carry_out(const Change& change, std::stop_token stop) {
  if (change.bookmark == nullptr) return {Result::rejected, {}, "linkding has no folders"};
  try {
    switch (change.action) {
      case Action::create:
        return with_files(create(*change.bookmark, stop), *change.bookmark, stop);
      case Action::update:
        return with_files(update(*change.bookmark, std::string(change.id), stop), *change.bookmark,
                          stop);
      case Action::remove:
        return remove(std::string(change.id), stop);
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

Outcome Writer::with_files(Outcome stored, const Bookmark& bookmark, std::stop_token stop) {
  const bool is_stored = stored.result == Result::done || stored.result == Result::already_so;
  if (!is_stored || rules_.upload_folder.empty() || !api_.features(stop).has_assets) return stored;
  return uploader_.add_files(std::move(stored), bookmark, std::move(stop));
}

Text Writer::key_of(Text url, Arena& arena, std::stop_token stop) {
  return api_.features(stop).normalizes_urls ? normalized_url(url, arena) : trimmed(url);
}

Dates Writer::dates_of(const Bookmark& bookmark, std::stop_token stop) {
  if (!api_.features(stop).keeps_dates) return {};
  const std::int64_t now = api_.now_seconds();
  return {bookmark.created_at.is_known() ? bookmark.created_at : unknown_added(now),
          bookmark.modified_at.is_known() ? bookmark.modified_at : unknown_modified(now)};
}

std::string Writer::create_path() const {
  std::string path(active_path);
  char separator = '?';
  const auto add = [&](std::string_view flag) {
    path += separator;
    path.append(flag).append("=true");
    separator = '&';
  };
  if (!rules_.scrapes) add("disable_scraping");
  if (!rules_.snapshots) add("disable_html_snapshot");
  return path;
}

/// A second create of the same is none; linkding would set another date of change.
Outcome Writer::create(const Bookmark& bookmark, std::stop_token stop) {
  Arena arena;
  const std::string key(key_of(bookmark.url, arena, stop));
  const std::size_t content = std::hash<std::string>()(create_body(bookmark, {}));
  std::string id;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = created_.find(key); found != created_.end()) {
      if (found->second.content == content) return {Result::already_so, found->second.id, {}};
      id = found->second.id;
    }
  }
  Outcome outcome = id.empty() ? create_new(bookmark, stop) : update(bookmark, id, stop);
  if (outcome.result != Result::done) return outcome;
  const std::lock_guard lock(mutex_);
  created_[key] = {outcome.id, content};
  return outcome;
}

Outcome Writer::create_new(const Bookmark& bookmark, std::stop_token stop) {
  const Dates dates = dates_of(bookmark, stop);
  const std::string body = create_body(bookmark, dates);
  Outcome last;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    if (stop.stop_requested()) return failed("stopped before it was done");
    try {
      const HttpResponse answer = api_.write("POST", create_path(), body, false, stop);
      Arena arena;
      if (answer.is_success()) {
        const JsonBody json(api_.client().expect_json(answer));
        const auto held = parse_record(json, arena);
        if (!held) throw api_.client().failure_of(answer, "expected a bookmark of linkding");
        return settle(*held, bookmark, dates, stop);
      }
      last = outcome_of(answer);
      if (last.result == Result::rejected) return last;
    } catch (const LostReply& lost) {
      if (stop.stop_requested()) return failed(lost.what());
      last = failed(lost.what());
    }
    Arena arena;
    std::unique_ptr<Page> page;
    if (const auto held = look_up(bookmark, dates, arena, page, stop))
      return settle(*held, bookmark, dates, stop);
  }
  return last;
}

/// Finds a bookmark that may have been saved, by the dates that were sent with it, in its list; on
/// servers that keep no dates it is among the newest. The service's own look-up would fetch the
/// page that is bookmarked.
std::optional<Record> Writer::look_up(const Bookmark& bookmark, const Dates& dates, Arena& arena,
                                      std::unique_ptr<Page>& page, std::stop_token stop) {
  const Text key = key_of(bookmark.url, arena, stop);
  const bool has_dates = dates.added.is_known();
  const bool by_change = has_dates && is_unknown_modified(dates.modified);
  std::string path(bookmark.archived == Flag::yes ? archived_path : active_path);
  path += has_dates ? "?sort=added_asc" : "?sort=added_desc";
  if (has_dates) {
    const Timestamp& since = by_change ? dates.modified : dates.added;
    path += by_change ? "&modified_since=" : "&added_since=";
    path += percent_encode(format_rfc3339(just_before(since)));
  }
  constexpr std::size_t newest = 50;
  const std::size_t limit = has_dates ? rules_.page_size : newest;
  for (std::uint64_t offset = 0;; offset += limit) {
    const HttpResponse answer = api_.get(
        with_query(path, {{"limit", std::to_string(limit)}, {"offset", std::to_string(offset)}}),
        stop);
    page = std::make_unique<Page>(answer.body);
    if (!page->is_list())
      throw api_.client().failure_of(answer, "expected a list of bookmarks of linkding");
    Record record;
    while (page->next(record, arena)) {
      if (key_of(record.url, arena, stop) == key) return record;
      if (has_dates && !by_change && is_before(dates.added, record.added)) return {};
    }
    if (!has_dates || offset + page->size() >= page->count() || page->size() == 0) return {};
  }
}

std::string Writer::set_archived(std::int64_t id, bool is_archived, std::stop_token stop) {
  const std::string path =
      path_of_bookmark(std::to_string(id), is_archived ? "archive" : "unarchive");
  const HttpResponse answer = api_.write("POST", path, "", true, stop);
  return answer.is_success() ? "" : api_.client().failure_of(answer, "").what();
}

Outcome Writer::settle(const Record& held, const Bookmark& wanted, const Dates& dates,
                       std::stop_token stop) {
  const std::string id = std::to_string(held.id);
  const Repair repair = repair_of(held, wanted, dates, rules_.scrapes);
  if (repair.body.empty()) return {Result::done, id, {}};
  const HttpResponse answer = api_.write("PATCH", path_of_bookmark(id), repair.body, true, stop);
  if (!answer.is_success()) return outcome_of(answer);
  Arena arena;
  const JsonBody json(api_.client().expect_json(answer));
  const auto repaired = parse_record(json, arena);
  if (!repaired) throw api_.client().failure_of(answer, "expected a bookmark of linkding");
  // Before 1.36 a PATCH does not move bookmarks to the archive.
  if (repaired->is_archived != (wanted.archived == Flag::yes)) {
    const std::string problem = set_archived(held.id, wanted.archived == Flag::yes, stop);
    if (!problem.empty()) return failed(problem);
  }
  Bookmark compared = wanted;
  compared.archived = to_flag(repaired->is_archived);
  const Repair left = repair_of(*repaired, compared, dates, rules_.scrapes);
  if (left.body.empty()) return {Result::done, id, {}};
  return {Result::failed, id, "linkding has stored it, but not as it was sent: " + left.fields};
}

Outcome Writer::update(const Bookmark& bookmark, const std::string& id, std::stop_token stop) {
  Dates dates;
  if (api_.features(stop).keeps_dates) dates.added = bookmark.created_at;
  const HttpResponse answer =
      api_.write("PATCH", path_of_bookmark(id), update_body(bookmark, dates), true, stop);
  if (is_missing(answer)) return failed("linkding has no bookmark " + id + " any more");
  if (!answer.is_success()) return outcome_of(answer);
  Arena arena;
  const JsonBody json(api_.client().expect_json(answer));
  const auto held = parse_record(json, arena);
  if (!held) throw api_.client().failure_of(answer, "expected a bookmark of linkding");
  return settle(*held, bookmark, dates, stop);
}

Outcome Writer::remove(const std::string& id, std::stop_token stop) {
  const bool archives = rules_.archives_instead_of_deleting;
  const HttpResponse answer =
      archives ? api_.write("POST", path_of_bookmark(id, "archive"), "", true, stop)
               : api_.write("DELETE", path_of_bookmark(id), "", true, stop);
  if (answer.status == 204) return {Result::done, id, {}};
  if (is_missing(answer)) return {Result::already_so, id, {}};
  // A login page in front of linkding answers 200.
  if (answer.is_success())
    throw api_.client().failure_of(answer, "expected linkding, and no content");
  return outcome_of(answer);
}

/// What an answer that is no success means for the record.
Outcome Writer::outcome_of(const HttpResponse& answer) const {
  const Failure failure = api_.client().failure_of(answer, "");
  const std::string messages = messages_of(answer.body);
  switch (answer.status) {
    case 400:
      return {Result::rejected,
              {},
              "linkding refuses it: " + (messages.empty() ? failure.what() : messages)};
    case 413:
      return {Result::rejected, {}, "it is too large for the server or the proxy before it (413)"};
    case 404:
    case 405:
    case 406:
    case 415:
      throw Failure(FailureKind::configuration,
                    std::string(failure.what()) + "; expected linkding: is its address right?");
    default:
      return failed(failure.what());
  }
}

}  // namespace linkferry::linkding
