#include "bkmark/bkmark_bulk.hpp"

#include <charconv>

#include "bkmark/bkmark_bodies.hpp"

namespace linkferry::bkmark {
namespace {

constexpr std::string_view purge = "delete_permanent";
constexpr std::string_view trash = "delete";

bool is_refusal(int status) {
  return status == 400 || status == 403 || status == 404 || status == 405 || status == 422 ||
         status == 501;
}

}  // namespace

Facts Bulk::wanted_facts(const Change& change) const {
  const auto held = library_.find(std::string(change.id));
  Arena arena;
  return facts_of(*change.bookmark, held ? held->facts.groups : std::vector<std::uint32_t>(),
                  library_.groups(), library_.names(), arena);
}

Bulk::Action Bulk::action_for_update(const Change& change) const {
  const auto held = library_.find(std::string(change.id));
  if (!held) return {};
  const Facts wanted = wanted_facts(change);
  const Differences d = compare(held->facts, wanted);
  const int others = d.title + d.description + d.read + d.groups;
  if (others > 0 || d.tags + d.archived + d.favorite != 1) return {};
  if (d.tags) {
    const auto added = added_tags(held->facts, wanted);
    return added ? Action{"tag", *added} : Action{};
  }
  if (use_ != BulkUse::probing) return {};
  if (d.archived && wanted.is_archived) return {"archive", {}};
  if (d.favorite && wanted.is_favorite) return {"favorite", {}};
  return {};
}

/// Without a name where there is none for it.
Bulk::Action Bulk::action_for(const Change& change) const {
  if (change.bookmark == nullptr) return {};
  if (change.action == linkferry::Action::update) return action_for_update(change);
  if (change.action != linkferry::Action::remove) return {};
  if (writer_.rules().deletes_for_good) return {std::string(purge), {}};
  return use_ == BulkUse::probing ? Action{std::string(trash), {}} : Action{};
}

void Bulk::run(std::span<const Change> changes, std::span<Outcome> outcomes,
               std::vector<bool>& is_done, std::stop_token stop) {
  if (use_ == BulkUse::none || changes.size() < 2) return;
  const Work work{changes, outcomes, is_done, stop};
  std::map<Action, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (is_done[i]) continue;
    Action action = action_for(changes[i]);
    if (!action.name.empty()) groups[std::move(action)].push_back(i);
  }
  for (const auto& [action, all] : groups) {
    for (std::size_t start = 0; start < all.size(); start += most_ids) {
      const auto places = std::span(all).subspan(start, std::min(most_ids, all.size() - start));
      if (places.size() > 1 && !refused_.contains(action.name) && !stop.stop_requested())
        carry_out(action, places, work);
    }
  }
}

void Bulk::carry_out(const Action& action, std::span<const std::size_t> places, const Work& work) {
  std::vector<std::string> ids;
  for (const std::size_t place : places) ids.emplace_back(work.changes[place].id);
  if (!send(action, ids, work)) return;
  if (action.name == trash) check_trash(ids.front(), work);
  for (const std::size_t place : places) settle(action, place, work);
}

/// Whether all of them were touched. What is not known, and what was touched in part, is left to
/// the writer, which reads before it writes.
bool Bulk::send(const Action& action, std::span<const std::string> ids, const Work& work) {
  std::vector<std::string> tags;
  for (const std::uint32_t tag : action.tags) tags.push_back(library_.names().name_of(tag));
  const auto doubt = [&] {
    writer_.doubt(ids);
    return false;
  };
  try {
    const HttpResponse answer =
        api_.write("POST", path_of("bulk"), bulk_body(ids, action.name, tags), action.name != trash,
                   work.stop);
    if (is_refusal(answer.status)) {
      refused_.insert(action.name);
      api_.host().log(LogLevel::info, api_.base_url() + ": it has no bulk action " + action.name +
                                          "; the changes are made one by one");
      return false;
    }
    if (!answer.is_success()) return doubt();
    const auto document = api_.document_of(answer);
    const std::string affected(document ? document->root().member("affected").raw() : "");
    return affected == std::to_string(ids.size()) ? true : doubt();
  } catch (const LostReply&) {
    return doubt();
  } catch (const Failure& failure) {
    if (failure.kind() != FailureKind::temporary) throw;
    return doubt();
  }
}

/// The name `delete` is a guess: if it purges, it is not used again.
void Bulk::check_trash(const std::string& id, const Work& work) {
  if (std::exchange(is_trash_checked_, true)) return;
  writer_.trash().expire();
  if (writer_.trash().contains(id, work.stop)) return;
  refused_.insert(std::string(trash));
  api_.host().log(LogLevel::error, api_.base_url() +
                                       ": its bulk action delete does not move to "
                                       "trash; it is not used any more");
}

void Bulk::settle(const Action& action, std::size_t place, const Work& work) {
  const Change& change = work.changes[place];
  const std::string id(change.id);
  if (change.action == linkferry::Action::remove) {
    library_.forget(id, change.bookmark->url);
    if (action.name == trash) writer_.trash().add(*change.bookmark, id);
  } else {
    library_.change(id, wanted_facts(change));
  }
  work.outcomes[place] = {Result::done, id, {}};
  work.is_done[place] = true;
}

}  // namespace linkferry::bkmark
