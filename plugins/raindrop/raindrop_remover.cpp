#include "raindrop/raindrop_remover.hpp"

#include <algorithm>
#include <map>

#include "raindrop/raindrop_item.hpp"
#include "raindrop/raindrop_list.hpp"
#include "raindrop/raindrop_writer.hpp"

namespace linkferry::raindrop {
namespace {

/// Of bookmarks whose collection is not known.
constexpr std::int64_t nowhere = 0;

}  // namespace

void Remover::remove(std::span<const Change* const> changes, std::span<Outcome* const> outcomes,
                     std::stop_token stop) {
  std::map<std::int64_t, std::vector<Case>> by_collection;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    *outcomes[i] = {Result::failed, {}, "it was not tried, since what came before it failed"};
    const std::int64_t id = id_of(changes[i]->id);
    by_collection[whereabouts_.find(id).value_or(nowhere)].push_back({id, outcomes[i]});
  }
  for (const auto& [collection, cases] : by_collection) {
    for (std::size_t at = 0; at < cases.size(); at += most_in_a_call) {
      const auto part = std::span(cases).subspan(at, std::min(most_in_a_call, cases.size() - at));
      try {
        remove_from(collection, part, stop);
      } catch (const Failure& failure) {
        if (!is_of_this_record(failure)) throw;
        for (const Case& one : part) {
          if (one.outcome->result == Result::failed)
            *one.outcome = {Result::failed, {}, failure.what()};
        }
        if (failure.kind() != FailureKind::failed) return;
      }
    }
  }
}

/// Whether all of them were there and are in Trash now (from Trash: gone). `refusal` is why they
/// may not be.
bool Remover::delete_many(std::int64_t collection, std::span<const std::int64_t> ids,
                          std::stop_token stop, Outcome* refusal) {
  const Answer answer =
      api_.ask("DELETE", list_path(collection), "{" + ids_member(ids) + "}", true, std::move(stop));
  if (answer.response.status == 404) return false;
  if (answer.response.status == 403 && refusal != nullptr) {
    *refusal = outcome_of(api_, answer);
    return false;
  }
  if (answer.is_error()) throw api_.failure_of(answer.response, "");
  return answer.member("modified").number() == static_cast<std::int64_t>(ids.size());
}

void Remover::remove_from(std::int64_t collection, std::span<const Case> cases,
                          std::stop_token stop) {
  std::vector<std::int64_t> ids;
  for (const Case& one : cases) ids.push_back(one.id);
  const bool is_sent = collection != nowhere;
  Outcome refusal;
  const bool is_done = is_sent && delete_many(collection, ids, stop, &refusal);
  for (const Case& one : cases) {
    *one.outcome = is_done ? Outcome{Result::done, std::to_string(one.id), {}}
                           : remove_one(one.id, is_sent, stop);
  }
  if (is_permanent_) empty_out(cases, stop);
}

/// For what a call did not name as removed: it may be gone, or in another collection; or in Trash,
/// which is what the call has done where its answer was lost, since it was outside of it when it
/// was listed.
Outcome Remover::remove_one(std::int64_t id, bool is_sent, std::stop_token stop) {
  constexpr int most_looks = 3;
  const std::string text = std::to_string(id);
  for (int look = 0; look < most_looks; ++look) {
    const Answer answer = api_.ask("GET", "/raindrop/" + text, "", true, stop);
    if (answer.response.status == 404) return {Result::already_so, text, {}};
    if (answer.is_error()) return outcome_of(api_, answer);
    Arena arena;
    const auto item = read_item(answer.member("item"), arena);
    if (!item || item->id != id)
      throw api_.failure_of(answer.response, "expected the bookmark " + text);
    if (item->is_in_trash()) return {is_sent ? Result::done : Result::already_so, text, {}};
    Outcome refusal;
    if (delete_many(item->collection, {&id, 1}, stop, &refusal)) return {Result::done, text, {}};
    if (refusal.result == Result::rejected) return refusal;
    is_sent = true;
  }
  return {Result::failed, text, "Raindrop has not moved it to Trash"};
}

/// Takes those that are in Trash now out of it. What is not found there is gone already.
void Remover::empty_out(std::span<const Case> cases, std::stop_token stop) {
  std::vector<std::int64_t> ids;
  for (const Case& one : cases) {
    if (one.outcome->result == Result::done || one.outcome->result == Result::already_so)
      ids.push_back(one.id);
  }
  if (!ids.empty()) delete_many(trash_id, ids, std::move(stop), nullptr);
}

}  // namespace linkferry::raindrop
