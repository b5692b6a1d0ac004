#include <algorithm>

#include "linkferry/failure.hpp"
#include "pipeline/books.hpp"
#include "pipeline/compare.hpp"
#include "pipeline/match_policy.hpp"
#include "pipeline/merge.hpp"
#include "pipeline/planner.hpp"
#include "pipeline/record_codec.hpp"

namespace linkferry {

void Planner::add_fingerprint(const Bookmark& wanted) {
  counts_[source_].fingerprint += fingerprint(wanted).whole();
}

/// For `newer`, since a sink that dates changes itself has left the date out.
void Planner::note_date(Bookmark& wanted, const Bookmark& read, Arena& arena) const {
  Origin& origin = arena.make_array<Origin>(1)[0];
  origin.changed_at = changed_or_created_at(read);
  wanted.origin = &origin;
}

void Planner::add_candidate(std::uint32_t ordinal, const Representation& wanted) {
  bytes_.clear();
  encode(wanted.bookmark, bytes_);
  encode(wanted.losses.size(), bytes_);
  for (const Loss& loss : wanted.losses) {
    encode(static_cast<std::uint64_t>(loss.field), bytes_);
    encode(static_cast<std::uint64_t>(loss.kind), bytes_);
    encode(loss.reason, bytes_);
  }
  encode(parents_.size(), bytes_);
  for (const Place& place : parents_) {
    encode(place.endpoint, bytes_);
    encode(place.line, bytes_);
    encode(place.url, bytes_);
  }
  candidates_.push_back({ordinal, candidate_spool_.append(bytes_)});
}

void Planner::resolve() {
  if (candidates_.empty()) return;
  std::ranges::stable_sort(candidates_, {}, &Candidate::ordinal);
  std::size_t next = 0;
  existing_.walk(
      [&](PreparedBatch& prepared, std::uint32_t first_ordinal) {
        const std::size_t size = prepared.batch.bookmarks.size();
        for (; next < candidates_.size() && candidates_[next].ordinal < first_ordinal + size;) {
          const std::uint32_t ordinal = candidates_[next].ordinal;
          resolve_bookmark(ordinal, prepared.batch.bookmarks[ordinal - first_ordinal],
                           prepared.batch.arena);
          while (next < candidates_.size() && candidates_[next].ordinal == ordinal) ++next;
        }
        report_progress("comparing", prepared, summary_.ledger.read);
      },
      options_.stop);
  if (next < candidates_.size())
    throw Failure(FailureKind::temporary, "what the sink holds changed during the run; run again");
}

/// The sink may hold a bookmark several times. Copies that differ in the folder alone are one
/// bookmark; anything else with the same key is a record of its own, and stays as it is.
void Planner::resolve_bookmark(std::uint32_t ordinal, const Bookmark& present, Arena& arena) {
  later_.clear();
  existing_.duplicates().take_later(ordinal, merge_chunk, arena, later_);
  std::erase_if(later_, [&](const Duplicates::Later& later) {
    const std::vector<Field> fields = differing_fields(present, later.bookmark);
    return !std::ranges::all_of(fields, [](Field field) { return field == Field::folders; });
  });
  group_.assign(1, present);
  for (const auto& later : later_) group_.push_back(later.bookmark);
  const Bookmark all = merge(group_, arena).bookmark;
  Bookmark merged = sink_.represent(all, arena).bookmark;
  merged.origin = all.origin;
  Bookmark current = merged;
  bool is_updated = false;
  const auto first = std::ranges::lower_bound(candidates_, ordinal, {}, &Candidate::ordinal);
  for (auto candidate = first; candidate != candidates_.end() && candidate->ordinal == ordinal;
       ++candidate) {
    std::uint64_t offset = candidate->record;
    std::string_view record;
    candidate_spool_.next(offset, record);
    resolve_candidate(arena.copy(record), merged, current, arena, is_updated);
  }
  if (is_updated) {
    current.origin = present.origin;
    updates_.add(ordinal, current);
    for (const auto& later : later_) updates_.add_copy(later.ordinal);
  }
}

/// What it was before it was put into quarantine.
Bookmark Planner::released(const Bookmark& present, Arena& arena) const {
  Bookmark released = present;
  if (job_.deletion.quarantine == Quarantine::archive) released.archived = Flag::no;
  const std::span<Text> tags = arena.make_array<Text>(present.tags.size());
  const auto end = std::ranges::copy_if(present.tags, tags.begin(), [](Text tag) {
                     return tag != quarantine_tag;
                   }).out;
  released.tags = tags.first(static_cast<std::size_t>(end - tags.begin()));
  return released;
}

void Planner::resolve_candidate(std::string_view record, const Bookmark& present, Bookmark& current,
                                Arena& arena, bool& is_updated) {
  const Bookmark wanted = decode_bookmark(record, arena);
  const std::span<Loss> losses = arena.make_array<Loss>(decode_number(record));
  for (Loss& loss : losses) {
    loss.field = static_cast<Field>(decode_number(record));
    loss.kind = static_cast<LossKind>(decode_number(record));
    loss.reason = decode_text(record);
  }
  parents_.resize(decode_number(record));
  for (Place& place : parents_) {
    place.endpoint = decode_text(record);
    place.line = decode_number(record);
    place.url = decode_text(record);
  }
  const bool was_in_quarantine =
      remembers() &&
      options_.memory.links->removed(keys_.make(present, arena).match) == Removed::quarantined;
  const Bookmark base = was_in_quarantine ? released(current, arena) : current;
  const Representation result =
      sink_.represent(apply_policy(job_.on_match, base, wanted, arena), arena);
  const std::vector<Field> differing =
      is_absent(result.refusal) ? differing_fields(result.bookmark, current) : std::vector<Field>{};
  if (is_present(result.refusal)) {
    count(Fate::failed);
    summary_.has_failures = true;
    return observer_.on_change({Fate::failed, &wanted, &present, {}, parents_, {}, result.refusal});
  }
  if (differing.empty()) return count(Fate::unchanged);
  count(Fate::updated);
  count_losses(losses, wanted.url, summary_.ledger.losses);
  observer_.on_change({Fate::updated, &result.bookmark, &current, differing, parents_, losses, {}});
  current = result.bookmark;
  current.origin = present.origin;
  is_updated = true;
}

}  // namespace linkferry
