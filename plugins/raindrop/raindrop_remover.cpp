#include "raindrop/raindrop_remover.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "raindrop/raindrop_list.hpp"
#include "raindrop/raindrop_writer.hpp"

namespace linkferry::raindrop {
namespace {

std::int64_t id_of(Text text) {
  std::int64_t id = 0;
  std::from_chars(text.data(), text.data() + text.size(), id);
  return id;
}

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

/// Whether all of them were there and are in Trash now (from Trash: gone).
bool Remover::delete_many(std::int64_t collection, std::span<const std::int64_t> ids,
                          std::stop_token stop) {
  const Answer answer =
      api_.ask("DELETE", list_path(collection), "{" + ids_member(ids) + "}", true, std::move(stop));
  if (answer.response.status == 404) return false;
  if (answer.is_error()) throw api_.failure_of(answer.response, "");
  return answer.member("modified").number() == static_cast<std::int64_t>(ids.size());
}

void Remover::remove_from(std::int64_t collection, std::span<const Case> cases,
                          std::stop_token stop) {
  std::vector<std::int64_t> ids;
  for (const Case& one : cases) ids.push_back(one.id);
  const bool is_done = collection != nowhere && delete_many(collection, ids, stop);
  for (const Case& one : cases) {
    *one.outcome =
        is_done ? Outcome{Result::done, std::to_string(one.id), {}} : remove_one(one.id, stop);
  }
  if (is_permanent_) empty_out(cases, stop);
}

/// For what was not found where it was: it may be in Trash, gone, or in another collection.
Outcome Remover::remove_one(std::int64_t id, std::stop_token stop) {
  const std::string text = std::to_string(id);
  const Answer answer = api_.ask("GET", "/raindrop/" + text, "", true, stop);
  if (answer.response.status == 404) return {Result::already_so, text, {}};
  if (answer.is_error()) return outcome_of(api_, answer);
  Arena arena;
  const auto item = read_item(answer.member("item"), arena);
  if (!item || item->id != id)
    throw api_.failure_of(answer.response, "expected the bookmark " + text);
  if (item->is_in_trash()) return {Result::already_so, text, {}};
  if (delete_many(item->collection, {&id, 1}, stop)) return {Result::done, text, {}};
  return {Result::failed, text, "Raindrop has not moved it to Trash"};
}

/// Takes those that are in Trash now out of it. What is not found there is gone already.
void Remover::empty_out(std::span<const Case> cases, std::stop_token stop) {
  std::vector<std::int64_t> ids;
  for (const Case& one : cases) {
    if (one.outcome->result != Result::failed) ids.push_back(one.id);
  }
  if (!ids.empty()) delete_many(trash_id, ids, std::move(stop));
}

}  // namespace linkferry::raindrop
