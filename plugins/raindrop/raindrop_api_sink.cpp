#include "raindrop/raindrop_api_sink.hpp"

#include <algorithm>
#include <unordered_set>

#include "raindrop/raindrop_api_represent.hpp"

namespace linkferry::raindrop {
namespace {

/// After so many groups in a row of which nothing was done, the service is not asked any more.
constexpr unsigned most_failures_in_a_row = 5;
/// A good call has about this much text.
constexpr std::size_t good_call_bytes = 1024 * 1024;

std::size_t bytes_of(const Bookmark& b) {
  return b.url.size() + b.title.size() + b.description.size() + b.notes.size();
}

bool is_creation(const Change& change) {
  return change.action == Action::create && change.bookmark != nullptr;
}

bool is_removal(const Change& change) {
  return change.action == Action::remove && change.bookmark != nullptr;
}

}  // namespace

Representation ApiSink::represent(const Bookmark& bookmark, Arena& arena) const {
  return represent_for_api(bookmark, arena);
}

FolderRepresentation ApiSink::represent_folder(const Folder& folder, Arena& arena) const {
  return represent_folder_for_api(folder, arena);
}

std::unique_ptr<Source> ApiSink::existing() {
  return std::make_unique<ApiSource>(api_, ApiSource::Options{endpoint_, false, &whereabouts_});
}

/// How many of the first changes go together: creations of different addresses up to a hundred,
/// removals, or one of the others.
std::size_t ApiSink::group_at(std::span<const Change> changes) const {
  const Change& first = changes.front();
  if (is_removal(first)) {
    const auto end = std::ranges::find_if_not(changes, &is_removal);
    return static_cast<std::size_t>(end - changes.begin());
  }
  if (!is_creation(first)) return 1;
  std::unordered_set<Text> urls;
  std::size_t bytes = 0;
  std::size_t count = 0;
  while (count < changes.size() && count < most_in_a_call && is_creation(changes[count])) {
    const Bookmark& bookmark = *changes[count].bookmark;
    bytes += bytes_of(bookmark);
    if (count > 0 && bytes > good_call_bytes) break;
    if (!urls.insert(bookmark.url).second) break;
    ++count;
  }
  return count;
}

void ApiSink::write_group(std::span<const Change> changes, std::span<Outcome> outcomes,
                          std::stop_token stop) {
  std::vector<const Change*> group;
  std::vector<Outcome*> results;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    group.push_back(&changes[i]);
    results.push_back(&outcomes[i]);
  }
  const Change& first = changes.front();
  if (is_removal(first)) return remover_.remove(group, results, std::move(stop));
  if (is_creation(first)) return writer_.create(group, results, std::move(stop));
  Outcome& outcome = outcomes.front();
  if (first.action == Action::keep) {
    outcome = {Result::already_so, std::string(first.id), {}};
  } else if (first.folder != nullptr) {
    outcome = first.action == Action::create
                  ? writer_.make_folder(*first.folder, std::move(stop))
                  : Outcome{Result::rejected, {}, "collections are not changed or deleted"};
  } else {
    outcome = writer_.update(*first.bookmark, std::string(first.id), std::move(stop));
  }
}

void ApiSink::write(std::span<const Change> changes, std::span<Outcome> outcomes,
                    std::stop_token stop) {
  // Each call tries once whether the service is back.
  failures_ = std::min(failures_, most_failures_in_a_row - 1);
  bool has_answer = false;
  std::size_t looked_until = 0;
  for (std::size_t at = 0; at < changes.size();) {
    const std::size_t count = group_at(changes.subspan(at));
    const auto results = outcomes.subspan(at, count);
    if (stop.stop_requested()) {
      std::ranges::fill(results, Outcome{Result::failed, {}, "stopped before it began"});
    } else if (failures_ >= most_failures_in_a_row) {
      std::ranges::fill(results,
                        Outcome{Result::failed, {}, "not tried, since those before it failed"});
    } else {
      if (at >= looked_until && is_creation(changes[at]))
        looked_until = at + writer_.look_ahead(changes.subspan(at), stop);
      write_group(changes.subspan(at, count), results, stop);
      const bool is_failed = std::ranges::all_of(
          results, [](const Outcome& outcome) { return outcome.result == Result::failed; });
      failures_ = is_failed ? failures_ + 1 : 0;
      has_answer = has_answer || !is_failed;
    }
    at += count;
  }
  if (changes.empty() || has_answer || stop.stop_requested() || failures_ < most_failures_in_a_row)
    return;
  throw Failure(FailureKind::temporary,
                outcomes.front().reason +
                    "; so did those before and after it, and nothing more is tried: run again "
                    "later");
}

std::vector<std::string> ApiSink::describe(std::stop_token stop) {
  return describe_account(*api_, std::move(stop));
}

}  // namespace linkferry::raindrop
