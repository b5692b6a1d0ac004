#include "sync/sync_planner.hpp"

#include <algorithm>

#include "linkferry/failure.hpp"
#include "pipeline/books.hpp"
#include "pipeline/compare.hpp"
#include "pipeline/record_codec.hpp"

namespace linkferry {
namespace {

constexpr Text came_back =
    "conflict: deleted there and changed here since the last sync; what was changed stays";

constexpr Text was_undone =
    "an undo has left it on this side alone; it goes to the other when somebody changes it";

Text id_of(const Bookmark& bookmark) {
  return bookmark.origin != nullptr ? bookmark.origin->id : Text{};
}

}  // namespace

SyncPlanner::SyncPlanner(const Job& job, std::array<Side*, 2> sides,
                         std::array<SyncDeletions*, 2> deletions, BaseTable& bases,
                         LinkTable& links, SyncLinks& planned, PlanObserver& observer,
                         const RunOptions& options, RunSummary& summary)
    : job_(job),
      sides_(sides),
      deletions_(deletions),
      bases_(bases),
      links_(links),
      planned_(planned),
      observer_(observer),
      options_(options),
      summary_(summary),
      filter_(job.filter),
      merger_(job.conflicts, {sides[0]->sink.view.get(), sides[1]->sink.view.get()}),
      pairing_(sides, merger_),
      is_row_taken_(bases.all().size()) {}

void SyncPlanner::plan() {
  if (links_.size() > 0 && !links_.is_evidence()) {
    const Notice notice{
        "the job's endpoints or its match have changed since the last run: nothing is deleted, and "
        "what differs is a conflict",
        0};
    count_notices({&notice, 1}, job_.to, summary_.ledger.notices);
  }
  for (const std::size_t side : {from_side, to_side}) read(side);
  for (const std::size_t side : {from_side, to_side}) settle(side);
  forget_what_both_lost();
  for (SyncDeletions* const deletions : deletions_) deletions->plan(options_.stop);
}

void SyncPlanner::read(std::size_t side) {
  sides_[side]->existing.walk(
      [&](PreparedBatch& prepared, std::uint32_t first_ordinal) {
        note_rejections(side, prepared);
        read_batch(side, prepared, first_ordinal);
        if (options_.progress != nullptr) {
          options_.progress->on_progress("reading", summary_.ledger.read, prepared.progress,
                                         prepared.total);
        }
      },
      options_.stop);
}

void SyncPlanner::read_batch(std::size_t side, PreparedBatch& prepared,
                             std::uint32_t first_ordinal) {
  Batch& batch = prepared.batch;
  summary_.ledger.read += batch.bookmarks.size();
  for (std::size_t i = 0; i < batch.bookmarks.size(); ++i) {
    const Verdict& verdict = prepared.verdicts[i];
    if (verdict.kind == Verdict::Kind::passes) {
      read_one(side, static_cast<std::uint32_t>(first_ordinal + i), batch.bookmarks[i],
               batch.arena);
    } else {
      count(Fate::skipped);
      show({Fate::skipped, &batch.bookmarks[i], nullptr, {}, {}, {}, verdict.reason}, side);
    }
  }
}

void SyncPlanner::note_rejections(std::size_t side, const PreparedBatch& prepared) {
  for (const Rejection& rejection : prepared.batch.rejections) {
    ++summary_.ledger.read;
    count(Fate::skipped);
    const Place place{sides_[side]->name, rejection.line, rejection.excerpt};
    observer_.on_change({Fate::skipped, nullptr, nullptr, {}, {&place, 1}, {}, rejection.reason});
  }
}

void SyncPlanner::read_one(std::size_t side, std::uint32_t ordinal, const Bookmark& bookmark,
                           Arena& arena) {
  std::uint32_t first = 0;
  if (sides_[side]->existing.duplicates().is_later(ordinal, first)) return count(Fate::merged);
  Pairing::Pair* const pair = pairing_.add(side, ordinal, bookmark, arena);
  if (pair == nullptr) {
    const Notice notice{"bookmarks that the other side would hold as one are not synced twice", 0};
    count_notices({&notice, 1}, sides_[side]->name, summary_.ledger.notices);
    return count(Fate::merged);
  }
  find_row(*pair, key_of(side, bookmark, arena));
  if (side == to_side && !pair->is_single()) {
    const WholeBookmark whole = make_whole(side, ordinal, bookmark, arena);
    pair->is_changed = has_changed(side, *pair, whole.bookmark, true);
  }
}

void SyncPlanner::find_row(Pairing::Pair& pair, const Key& key) {
  if (pair.row != Pairing::none) return;
  const auto row = bases_.find(key);
  if (!row || is_row_taken_[*row]) return;
  pair.row = *row;
  is_row_taken_[*row] = true;
}

WholeBookmark SyncPlanner::make_whole(std::size_t side, std::uint32_t ordinal,
                                      const Bookmark& bookmark, Arena& arena) {
  return with_copies(*sides_[side]->sink.view, sides_[side]->existing.duplicates(), ordinal,
                     bookmark, arena);
}

bool SyncPlanner::has_changed(std::size_t side, const Pairing::Pair& pair, const Bookmark& bookmark,
                              bool visits_count) {
  return pair.row == Pairing::none ||
         !is_same(bases_.base_of(pair.row), side, bookmark, visits_count);
}

Key SyncPlanner::key_of(std::size_t side, const Bookmark& bookmark, Arena& arena) {
  return sides_[side]->keys.make(bookmark, arena).match;
}

void SyncPlanner::settle(std::size_t side) {
  sides_[side]->existing.walk(
      [&](PreparedBatch& prepared, std::uint32_t first_ordinal) {
        Batch& batch = prepared.batch;
        for (std::size_t i = 0; i < batch.bookmarks.size(); ++i) {
          const auto ordinal = static_cast<std::uint32_t>(first_ordinal + i);
          if (Pairing::Pair* const pair = pairing_.find(side, ordinal))
            settle_one(side, *pair, ordinal, batch.bookmarks[i], batch.arena);
        }
        if (options_.progress != nullptr) {
          options_.progress->on_progress("comparing", summary_.ledger.read, prepared.progress,
                                         prepared.total);
        }
      },
      options_.stop);
}

void SyncPlanner::settle_one(std::size_t side, Pairing::Pair& pair, std::uint32_t ordinal,
                             const Bookmark& bookmark, Arena& arena) {
  const WholeBookmark whole = make_whole(side, ordinal, bookmark, arena);
  if (pair.is_single()) return settle_single(side, pair, ordinal, whole, arena);
  if (side == to_side && pair.is_waiting) return merge(pair, whole, arena);
  if (side == from_side &&
      (pair.is_changed || has_changed(from_side, pair, whole.bookmark, true))) {
    return hold(pair, whole);
  }
  count(Fate::unchanged);
}

void SyncPlanner::settle_single(std::size_t side, const Pairing::Pair& pair, std::uint32_t ordinal,
                                const WholeBookmark& whole, Arena& arena) {
  if (const Text left_out = filter_.reason_to_leave_out(whole.bookmark); is_present(left_out)) {
    count(Fate::filtered);
    return show({Fate::filtered, &whole.bookmark, nullptr, {}, {}, {}, left_out}, side);
  }
  if (pair.row == Pairing::none) return create(side, whole, {}, arena);
  const std::array<bool, 2> was_absent = bases_.base_of(pair.row).is_absent;
  if (was_absent[other(side)] && !has_changed(side, pair, whole.bookmark, false))
    return leave_apart(side, whole);
  if (was_absent[side] || was_absent[other(side)]) return create(side, whole, {}, arena);
  const bool may_be_there = !sides_[other(side)]->is_whole();
  if (may_be_there || is_marked(side, whole.bookmark, arena) ||
      !has_changed(side, pair, whole.bookmark, false)) {
    --summary_.ledger.read;
    return deletions_[side]->add(ordinal, pair.row, whole.copies);
  }
  ++summary_.ledger.conflicts;
  create(side, whole, came_back, arena);
}

/// A run that did not end has put it into quarantine, and changed nothing else.
bool SyncPlanner::is_marked(std::size_t side, const Bookmark& bookmark, Arena& arena) {
  return links_.is_marked(key_of(side, bookmark, arena), lasting_fingerprint(bookmark).content);
}

/// An undo has taken it off the other side, or brought it back here alone.
void SyncPlanner::leave_apart(std::size_t side, const WholeBookmark& whole) {
  --summary_.ledger.read;
  count(Fate::kept);
  show({Fate::kept, &whole.bookmark, nullptr, {}, {}, {}, was_undone, sides_[side]->name}, side);
}

/// The other side gets what this one alone has.
void SyncPlanner::create(std::size_t side, const WholeBookmark& whole, Text reason, Arena& arena) {
  const std::size_t there = other(side);
  Representation wanted = merger_.as_held_by(there, whole.bookmark, arena);
  if (is_present(wanted.refusal)) {
    count(Fate::failed);
    summary_.has_failures = true;
    return show(
        {Fate::failed, &whole.bookmark, nullptr, {}, {}, {}, wanted.refusal, sides_[there]->name},
        side);
  }
  Origin origin;
  if (whole.bookmark.origin != nullptr) origin = *whole.bookmark.origin;
  origin.endpoint = sides_[side]->name;
  wanted.bookmark.origin = &origin;
  const Change change{Action::create, &wanted.bookmark, nullptr, {}};
  sides_[there]->creates.put({&change, 1});
  count(Fate::created);
  count_losses(wanted.losses, whole.bookmark.url, summary_.ledger.losses);
  show({Fate::created,
        &wanted.bookmark,
        nullptr,
        {},
        {},
        wanted.losses,
        reason,
        sides_[there]->name},
       side);
  BothBookmarks held;
  held[side] = whole.bookmark;
  held[there] = wanted.bookmark;
  held[there].origin = nullptr;
  remember(held, merger_.base_of(held, arena), arena);
}

void SyncPlanner::remember(const BothBookmarks& held, SyncBase base, Arena& arena) {
  base.from_key = key_of(from_side, held[from_side], arena);
  planned_.plan(key_of(to_side, held[to_side], arena),
                {id_of(held[from_side]), id_of(held[to_side])}, base);
}

void SyncPlanner::hold(Pairing::Pair& pair, const WholeBookmark& whole) {
  bytes_.clear();
  encode(whole.copies.size(), bytes_);
  for (const std::uint32_t copy : whole.copies) encode(std::uint64_t{copy}, bytes_);
  encode(whole.bookmark, bytes_);
  pair.record = waiting_.append(bytes_);
  pair.is_waiting = true;
}

void SyncPlanner::merge(const Pairing::Pair& pair, const WholeBookmark& to, Arena& arena) {
  std::uint64_t offset = pair.record;
  std::string_view bytes;
  waiting_.next(offset, bytes);
  bytes = arena.copy(bytes);
  std::array<std::vector<std::uint32_t>, 2> copies{{{}, to.copies}};
  copies[from_side].resize(decode_number(bytes));
  for (std::uint32_t& copy : copies[from_side])
    copy = static_cast<std::uint32_t>(decode_number(bytes));
  const BothBookmarks now{decode_bookmark(bytes, arena), to.bookmark};
  if (is_left_out(now, arena)) return;
  SyncBase base;
  if (pair.row != Pairing::none) base = bases_.base_of(pair.row);
  const bool has_base =
      pair.row != Pairing::none && !base.is_absent[from_side] && !base.is_absent[to_side];
  const ThreeWay::Result result = merger_.merge(now, has_base ? &base : nullptr, arena);
  if (is_refused(result, now)) return;
  count_conflicts(result.conflicts);
  bool is_told = false;
  for (const std::size_t side : {to_side, from_side}) {
    if (differing_fields(result.wanted[side], now[side]).empty()) {
      count(Fate::unchanged);
      continue;
    }
    for (const std::uint32_t copy : copies[side]) sides_[side]->updates.add_copy(copy);
    update(pair, side, result, now,
           is_told ? std::span<const Conflict>() : std::span<const Conflict>(result.conflicts));
    is_told = true;
  }
  if (!is_told && !result.conflicts.empty()) {
    show({Fate::unchanged, &now[to_side], &now[from_side], {}, {}, {}, {}, {}, result.conflicts},
         from_side);
  }
  remember(result.wanted, result.base, arena);
}

/// A pair takes part as a whole. What a side has no place for, the filter looks up on the other.
bool SyncPlanner::is_left_out(const BothBookmarks& now, Arena& arena) {
  if (filter_.is_empty()) return false;
  Text reason;
  for (const std::size_t side : {from_side, to_side}) {
    if (is_absent(reason))
      reason = filter_.reason_to_leave_out(merger_.completed(side, now, arena));
  }
  if (is_absent(reason)) return false;
  for (const std::size_t side : {from_side, to_side}) {
    count(Fate::filtered);
    show({Fate::filtered, &now[side], nullptr, {}, {}, {}, reason}, side);
  }
  return true;
}

/// What one side cannot hold stays as it is on both.
bool SyncPlanner::is_refused(const ThreeWay::Result& result, const BothBookmarks& now) {
  if (is_absent(result.refusals[from_side]) && is_absent(result.refusals[to_side])) return false;
  summary_.has_failures = true;
  for (const std::size_t side : {from_side, to_side}) {
    const bool is_it = is_present(result.refusals[side]);
    count(is_it ? Fate::failed : Fate::unchanged);
    if (is_it) {
      show({Fate::failed,
            &result.wanted[side],
            &now[side],
            {},
            {},
            {},
            result.refusals[side],
            sides_[side]->name},
           other(side));
    }
  }
  return true;
}

void SyncPlanner::update(const Pairing::Pair& pair, std::size_t side,
                         const ThreeWay::Result& result, const BothBookmarks& now,
                         std::span<const Conflict> conflicts) {
  const Bookmark& wanted = result.wanted[side];
  const std::vector<Field> differing = differing_fields(wanted, now[side]);
  sides_[side]->updates.add(pair.ordinal[side], wanted);
  count(Fate::updated);
  count_losses(result.losses[side], wanted.url, summary_.ledger.losses);
  show({Fate::updated,
        &wanted,
        &now[side],
        differing,
        {},
        result.losses[side],
        {},
        sides_[side]->name,
        conflicts},
       other(side));
}

void SyncPlanner::count_conflicts(std::span<const Conflict> conflicts) {
  if (conflicts.empty()) return;
  ++summary_.ledger.conflicts;
  const bool is_open = std::ranges::any_of(
      conflicts, [](const Conflict& conflict) { return conflict.resolved == ConflictPolicy::ask; });
  if (is_open) ++summary_.ledger.open_conflicts;
}

/// Where a list is not whole, what is not in it may be there.
void SyncPlanner::forget_what_both_lost() {
  if (!sides_[from_side]->is_whole() || !sides_[to_side]->is_whole()) return;
  for (std::size_t row = 0; row < is_row_taken_.size(); ++row) {
    if (!is_row_taken_[row]) planned_.plan_loss(static_cast<std::uint32_t>(row), from_side, {});
  }
}

void SyncPlanner::show(PlannedChange change, std::size_t read_from) {
  const Place place{sides_[read_from]->name, change.bookmark != nullptr ? change.bookmark->line : 0,
                    change.bookmark != nullptr ? change.bookmark->url : Text{}};
  change.parents = {&place, 1};
  observer_.on_change(change);
}

}  // namespace linkferry
