#include "sync/sync_deletions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/job_names.hpp"
#include "pipeline/books.hpp"

namespace linkferry {
namespace {

constexpr Text may_not_delete =
    "the other side has it no more, but the job deletes nothing (delete: policy: none)";
constexpr Text is_not_whole =
    "the list of the other side is cut off or has entries that cannot be read, so it may be there";
constexpr Text is_gone =
    "what it points to was deleted or hidden on the other side; nobody dropped it";
constexpr Text is_there = "the other side still has it, though its list left it out";
constexpr Text is_marked = "it is in quarantine";
constexpr Text goes_too =
    "goes with a bookmark that was deleted on the other side, which had no place for it";

}  // namespace

void SyncDeletions::add(std::uint32_t ordinal, std::uint32_t row,
                        const std::vector<std::uint32_t>& copies) {
  candidates_.push_back({ordinal, row, ordinal, Fate::kept, {}});
  for (const std::uint32_t copy : copies) candidates_.push_back({copy, row, ordinal});
}

void SyncDeletions::plan(std::stop_token stop) {
  if (candidates_.empty()) return;
  std::ranges::sort(candidates_, {}, &Candidate::ordinal);
  decide();
  ask(stop);
  announce(stop);
  for (Candidate& candidate : candidates_) {
    if (candidate.is_copy()) candidate.fate = find(candidate.first)->fate;
  }
}

SyncDeletions::Candidate* SyncDeletions::find(std::uint32_t ordinal) {
  return &*std::ranges::lower_bound(candidates_, ordinal, {}, &Candidate::ordinal);
}

void SyncDeletions::decide() {
  const Fate wanted =
      job_.deletion.quarantine == Quarantine::none ? Fate::deleted : Fate::quarantined;
  for (Candidate& candidate : candidates_) {
    if (job_.deletion.policy == DeletePolicy::none) {
      candidate.reason = may_not_delete;
    } else if (!there_.is_whole()) {
      candidate.reason = is_not_whole;
    } else {
      candidate.fate = wanted;
    }
  }
}

Text SyncDeletions::id_there(const Candidate& candidate) const {
  const Link* const link = links_.find(bases_.all()[candidate.row].key);
  if (link == nullptr) return {};
  return there_.index == from_side ? link->source_id : link->sink_id;
}

/// What is missing in a list need not have been dropped by the person.
void SyncDeletions::ask(std::stop_token stop) {
  std::vector<Candidate*> asked;
  std::vector<Text> ids;
  for (Candidate& candidate : candidates_) {
    const Text id = id_there(candidate);
    if (candidate.is_copy() || candidate.fate == Fate::kept || id.empty()) continue;
    asked.push_back(&candidate);
    ids.push_back(id);
  }
  if (asked.empty()) return;
  std::vector<Absence> absences(asked.size(), Absence::unknown);
  there_.existing.look_up(ids, absences, std::move(stop));
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (absences[i] != Absence::gone && absences[i] != Absence::present) continue;
    asked[i]->fate = Fate::kept;
    asked[i]->reason = absences[i] == Absence::gone ? is_gone : is_there;
  }
}

void SyncDeletions::announce(std::stop_token stop) {
  std::size_t next = 0;
  side_.existing.walk(
      [&](PreparedBatch& prepared, std::uint32_t first_ordinal) {
        const std::size_t size = prepared.batch.bookmarks.size();
        for (; next < candidates_.size() && candidates_[next].ordinal < first_ordinal + size;
             ++next) {
          Candidate& candidate = candidates_[next];
          if (!candidate.is_copy())
            announce_one(candidate, prepared.batch.bookmarks[candidate.ordinal - first_ordinal],
                         prepared.batch.arena);
        }
      },
      std::move(stop));
}

void SyncDeletions::announce_one(Candidate& candidate, const Bookmark& present, Arena& arena) {
  const Bookmark* shown = &present;
  Bookmark marked;
  std::vector<Field> differing;
  if (candidate.fate == Fate::quarantined) {
    marked = quarantined(present, arena);
    differing = fields_of_quarantine(marked, present, job_, side_.name);
    if (differing.empty()) {
      candidate.fate = Fate::kept;
      candidate.reason = is_marked;
      // By a run that did not come to remember it.
      if (!is_same(bases_.base_of(candidate.row), side_.index, present, false))
        remember_mark(candidate, present, arena);
    } else {
      shown = &marked;
      remember_mark(candidate, marked, arena);
    }
  }
  std::vector<Loss> losses;
  if (candidate.fate == Fate::deleted) {
    planned_.plan_loss(candidate.row, side_.index, side_.keys.make(present, arena).match);
    losses = losses_of(present, arena);
    count_losses(losses, present.url, ledger_.losses);
  }
  if (candidate.fate != Fate::kept) ++removals_;
  ++ledger_[candidate.fate];
  const Place parent{there_.name, 0, present.url};
  observer_.on_change({candidate.fate,
                       shown,
                       differing.empty() ? nullptr : &present,
                       differing,
                       {&parent, 1},
                       losses,
                       candidate.reason,
                       side_.name,
                       {}});
}

/// Whoever deleted it there never saw these; and where its address was changed there, the bookmark
/// that comes in its place has none of them.
std::vector<Loss> SyncDeletions::losses_of(const Bookmark& present, Arena& arena) const {
  Bookmark bookmark = present;
  bookmark.origin = nullptr;
  std::vector<Loss> losses;
  for (const Loss& loss : there_.sink.view->represent(bookmark, arena).losses) {
    if (loss.kind == LossKind::dropped) losses.push_back({loss.field, loss.kind, goes_too});
  }
  return losses;
}

/// So that the mark is no change that brings the bookmark back.
void SyncDeletions::remember_mark(const Candidate& candidate, const Bookmark& marked,
                                  Arena& /*arena*/) {
  SyncBase base = bases_.base_of(candidate.row);
  base.prints[side_.index] = prints_of(marked);
  base.tags.clear();
  for (const Text tag : marked.tags) base.tags.emplace_back().at[side_.index] = print_of(tag);
  const Key key = bases_.all()[candidate.row].key;
  const Link* const link = links_.find(key);
  planned_.plan(key,
                link == nullptr ? SyncLinks::Ids{} : SyncLinks::Ids{link->source_id, link->sink_id},
                base);
}

Fate SyncDeletions::fate_of(std::uint32_t ordinal) const {
  const auto found = std::ranges::lower_bound(candidates_, ordinal, {}, &Candidate::ordinal);
  return found != candidates_.end() && found->ordinal == ordinal ? found->fate : Fate::kept;
}

Bookmark SyncDeletions::quarantined(const Bookmark& present, Arena& arena) const {
  return put_in_quarantine(present, job_.deletion.quarantine, *side_.sink.view, arena);
}

std::string SyncDeletions::reason_to_hold(std::optional<std::uint64_t> max_delete) const {
  if (removals_ == 0) return {};
  const char* verb = job_.deletion.quarantine == Quarantine::none ? "deleted" : "quarantined";
  if (there_.existing.bookmark_count() == 0 && !max_delete) {
    return fmt::format(
        "the list of {} is empty, so {} bookmarks would be {} in {}; if it is meant to be empty, "
        "--max-delete {} lets them go",
        there_.name, removals_, verb, side_.name, removals_);
  }
  const DeleteRules& rules = job_.deletion;
  const std::uint64_t linked = bases_.size();
  const std::uint64_t part = std::max<std::uint64_t>(1, linked * rules.max_percent / 100);
  const std::uint64_t limit = max_delete.value_or(std::min(rules.max, part));
  if (removals_ <= limit) return {};
  return fmt::format(
      "{} of the {} bookmarks that the job {} keeps in step would be {} in {}, since the list of "
      "{} has them no more; at most {} may go on each side in one run (delete: max {}, max_percent "
      "{}); look at the plan, and --max-delete {} lets them go",
      removals_, linked, job_.name, verb, side_.name, there_.name, limit, rules.max,
      rules.max_percent, removals_);
}

}  // namespace linkferry
