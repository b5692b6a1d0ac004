#include "mastodon/absence.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "mastodon/status.hpp"

namespace linkferry::mastodon {
namespace {

constexpr std::string_view scope = "read:statuses";
constexpr unsigned most_failures_in_a_row = 10;

HttpResponse ask(Server& server, std::string_view id, std::stop_token stop) {
  return server.get("/api/v1/statuses/" + percent_encode(id), std::move(stop));
}

/// Whether the status bears the mark of one of the lists.
Flag is_marked(const Status& status, std::span<const List> lists) {
  Flag marked = Flag::no;
  for (const List list : lists) {
    const Flag flag = list == List::bookmarks ? status.bookmarked : status.favourited;
    if (flag == Flag::yes) return Flag::yes;
    if (flag == Flag::unknown) marked = Flag::unknown;
  }
  return marked;
}

/// Source: `GET /api/v1/statuses/:id` of Mastodon 4.7, GoToSocial 0.20 and Pleroma (read
/// 2026-11-22). An error is `{"error":"…"}` in all of them: a page in HTML comes from elsewhere.
Absence absence_in(const HttpResponse& answer, std::string_view id, std::span<const List> lists) {
  const JsonDocument document(answer.body);
  const JsonValue root = document.root();
  if (answer.status == 404 || answer.status == 410)
    return root.member("error").is_text() ? Absence::gone : Absence::unknown;
  if (answer.status != 200) return Absence::unknown;
  Arena arena;
  const Status status = read_status(root, arena);
  if (status.id != id) return Absence::unknown;
  const Flag marked = is_marked(status, lists);
  if (marked == Flag::unknown) return Absence::unknown;
  return marked == Flag::yes ? Absence::present : Absence::removed;
}

}  // namespace

void look_up_statuses(Server& server, std::span<const List> lists, std::span<const Text> ids,
                      std::span<Absence> absences, std::stop_token stop) {
  // In the modes of links several bookmarks are of one status.
  std::unordered_map<Text, Absence> known;
  unsigned failures = 0;
  for (std::size_t i = 0; i < ids.size() && !stop.stop_requested(); ++i) {
    if (ids[i].empty()) continue;
    if (const auto found = known.find(ids[i]); found != known.end()) {
      absences[i] = found->second;
      continue;
    }
    const HttpResponse answer = ask(server, ids[i], stop);
    if (answer.status == 401) throw server.failure_of(answer, scope);
    if (is_scope_missing(answer)) {
      return server.warn(std::string("why posts are not in the lists any more cannot be told, and "
                                     "they count as kept: ") +
                         server.failure_of(answer, scope).what());
    }
    absences[i] = known[ids[i]] = absence_in(answer, ids[i], lists);
    failures = answer.status == 429 || answer.status >= 500 ? failures + 1 : 0;
    if (failures == most_failures_in_a_row) {
      return server.warn(std::string("why posts are not in the lists any more cannot be told now, "
                                     "and they count as kept: ") +
                         server.failure_of(answer, scope).what());
    }
  }
}

std::string describe_look_up(Server& server, std::stop_token stop) {
  const bool may = !is_scope_missing(ask(server, "0", std::move(stop)));
  return may ? "The token may look at single posts, so that a mirror can tell what was taken off "
               "a list from what was deleted."
             : "The token may not look at single posts: it lacks the scope read:statuses, so a "
               "mirror cannot tell what was taken off a list from what was deleted, and keeps it.";
}

}  // namespace linkferry::mastodon
