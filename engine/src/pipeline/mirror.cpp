#include "pipeline/mirror.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/job_names.hpp"
#include "pipeline/books.hpp"

namespace linkferry {
namespace {

constexpr Text was_there_before =
    "it was there before linkferry, and only what linkferry created is deleted "
    "(delete: policy: matched deletes it too)";
constexpr Text may_not_delete = "the job deletes nothing (delete: policy: none)";
constexpr Text is_cut_off = "the list of its source is cut off";
constexpr Text has_unreadable =
    "its source has an entry that cannot be read, which may be this one";
constexpr Text is_gone = "what it points to was deleted or hidden at its source; nobody dropped it";
constexpr Text is_there = "its source still has it, though its list left it out";
constexpr Text is_marked = "it is in quarantine already";

Text id_of(const Bookmark& bookmark) {
  return bookmark.origin != nullptr ? bookmark.origin->id : Text{};
}

}  // namespace

void Mirror::plan(Claims& claims, std::span<const SourceCount> counts, std::stop_token stop) {
  linked_before_ = links_.size();
  link_up(claims, stop);
  // Else nothing follows from what was not read: a source may give what is new alone.
  if (job_.mode != Mode::mirror) return candidates_.clear();
  if (candidates_.empty()) return;
  if (!links_.is_evidence()) return note_change_of_identity();
  decide(counts, stop);
  announce(stop);
  settle_copies();
}

void Mirror::link_up(Claims& claims, std::stop_token stop) {
  claims.seal();
  existing_.walk(
      [&](PreparedBatch& prepared, std::uint32_t first_ordinal) {
        Batch& batch = prepared.batch;
        for (std::size_t i = 0; i < batch.bookmarks.size(); ++i) {
          if (prepared.verdicts[i].kind == Verdict::Kind::passes)
            link_one(claims, static_cast<std::uint32_t>(first_ordinal + i), batch.bookmarks[i],
                     batch.arena);
        }
      },
      stop);
  drop_unseen();
}

void Mirror::link_one(Claims& claims, std::uint32_t ordinal, const Bookmark& bookmark,
                      Arena& arena) {
  std::uint32_t first = 0;
  const bool is_copy = existing_.duplicates().is_later(ordinal, first);
  if (is_copy && claims.is_claimed(first)) return;
  const Key key = keys_.make(bookmark, arena).match;
  const Text id = id_of(bookmark);
  const auto expected = links_.expected(key);
  const bool is_it = expected && may_be_left_by(*expected, bookmark);
  links_.settle(key, is_it ? *expected : lasting_fingerprint(bookmark).content);
  if (claims.is_claimed(ordinal)) {
    const Link* const known = links_.find(key);
    // What linkferry made is gone, and somebody has made another one.
    if (known != nullptr && sink_.kind() == SinkKind::live && !known->sink_id.empty() &&
        known->sink_id != id)
      links_.drop(key);
    const Claims::Claimant claimant = claims.find(ordinal);
    links_.put(key, {sources_[claimant.source].name, claimant.source_id, id}, false);
    seen_.insert(key, 0);
    return;
  }
  const Link* const link = links_.find(key);
  if (link == nullptr) return;
  // A live sink may hold two of one key, each under its own id.
  const bool has_id = sink_.kind() == SinkKind::live && !link->sink_id.empty();
  if (has_id && link->sink_id != id) return;
  seen_.insert(key, 0);
  links_.put(key, {link->source, link->source_id, id}, false);
  candidates_.push_back(
      {ordinal, key, link->source, Fate::kept, {}, is_copy, fingerprint(bookmark).content});
}

void Mirror::drop_unseen() {
  for (const Link& link : links_.all()) {
    const bool is_live = !link.is_dropped && link.removed == Removed::no;
    if (is_live && !link.is_new && !seen_.find(link.key)) links_.drop(link.key);
  }
}

void Mirror::note_change_of_identity() {
  for (const Candidate& candidate : candidates_) {
    links_.drop(candidate.key);
    const Notice notice{
        "bookmarks that no source has stay: the job's endpoints or its match have "
        "changed since the last run, so that they may be missing for that alone",
        0};
    if (!candidate.is_copy) count_notices({&notice, 1}, job_.to, summary_.ledger.notices);
  }
  candidates_.clear();
}

std::size_t Mirror::source_of(const Link& link) const {
  const auto found = std::ranges::find(sources_, link.source, &NamedSource::name);
  return static_cast<std::size_t>(found - sources_.begin());
}

Fate Mirror::wanted_fate() const {
  return job_.deletion.quarantine == Quarantine::none ? Fate::deleted : Fate::quarantined;
}

void Mirror::keep(Candidate& candidate, Text reason, bool stays_linked) {
  candidate.fate = Fate::kept;
  candidate.reason = reason;
  if (!stays_linked) links_.drop(candidate.key);
}

void Mirror::decide(std::span<const SourceCount> counts, std::stop_token stop) {
  for (Candidate& candidate : candidates_) {
    if (!candidate.is_copy) decide_one(candidate, counts);
  }
  ask_sources(std::move(stop));
}

void Mirror::decide_one(Candidate& candidate, std::span<const SourceCount> counts) {
  const Link& link = *links_.find(candidate.key);
  const std::size_t source = source_of(link);
  if (source == sources_.size()) return keep(candidate, {}, false);
  const SourceCount& count = counts[source];
  if (job_.deletion.policy == DeletePolicy::none) return keep(candidate, may_not_delete, false);
  if (job_.deletion.policy == DeletePolicy::owned && !link.is_owned)
    return keep(candidate, was_there_before, false);
  if (count.is_cut_off) return keep(candidate, is_cut_off, true);
  if (count.unreadable > 0) return keep(candidate, has_unreadable, true);
  if (count.records == 0) empty_source_ = sources_[source].name;
  candidate.fate = wanted_fate();
}

void Mirror::ask_sources(std::stop_token stop) {
  for (std::size_t source = 0; source < sources_.size(); ++source) ask_source(source, stop);
}

/// What is missing in a list need not have been dropped by the person.
void Mirror::ask_source(std::size_t source, std::stop_token stop) {
  std::vector<Candidate*> asked;
  std::vector<Text> ids;
  for (Candidate& candidate : candidates_) {
    if (candidate.is_copy || candidate.fate == Fate::kept) continue;
    const Link& link = *links_.find(candidate.key);
    if (source_of(link) != source || link.source_id.empty()) continue;
    asked.push_back(&candidate);
    ids.push_back(link.source_id);
  }
  if (asked.empty()) return;
  std::vector<Absence> absences(asked.size(), Absence::unknown);
  sources_[source].source->look_up(ids, absences, std::move(stop));
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (absences[i] == Absence::gone) keep(*asked[i], is_gone, false);
    if (absences[i] == Absence::present) keep(*asked[i], is_there, true);
  }
}

Bookmark Mirror::quarantined(const Bookmark& present, Arena& arena) const {
  return put_in_quarantine(present, job_.deletion.quarantine, sink_, arena);
}

void Mirror::announce(std::stop_token stop) {
  std::size_t next = 0;
  existing_.walk(
      [&](PreparedBatch& prepared, std::uint32_t first_ordinal) {
        const std::size_t size = prepared.batch.bookmarks.size();
        for (; next < candidates_.size() && candidates_[next].ordinal < first_ordinal + size;
             ++next) {
          Candidate& candidate = candidates_[next];
          if (!candidate.is_copy)
            announce_one(candidate, prepared.batch.bookmarks[candidate.ordinal - first_ordinal],
                         prepared.batch.arena);
        }
      },
      std::move(stop));
}

void Mirror::announce_one(Candidate& candidate, const Bookmark& present, Arena& arena) {
  const Bookmark* shown = &present;
  Bookmark marked;
  std::vector<Field> differing;
  if (candidate.fate == Fate::quarantined) {
    marked = quarantined(present, arena);
    differing = fields_of_quarantine(marked, present, job_, job_.to);
    if (differing.empty()) {
      keep(candidate, is_marked, false);
    } else {
      shown = &marked;
    }
  }
  ++summary_.ledger[candidate.fate];
  const Place parent{candidate.source, 0, present.url};
  const bool is_marked_now = candidate.fate == Fate::quarantined;
  observer_.on_change({candidate.fate,
                       shown,
                       is_marked_now ? &present : nullptr,
                       is_marked_now ? std::span<const Field>(differing) : std::span<const Field>(),
                       {&parent, 1},
                       {},
                       candidate.reason});
}

/// The copies of a bookmark, in other folders, go where it goes.
void Mirror::settle_copies() {
  KeyIndex firsts;
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    Candidate& candidate = candidates_[i];
    const auto first = firsts.insert(candidate.key, static_cast<std::uint32_t>(i));
    // One that says something else is a record of its own, and stays.
    if (candidate.is_copy && first && candidates_[*first].content == candidate.content)
      candidate.fate = candidates_[*first].fate;
  }
}

bool Mirror::has_removals() const {
  return std::ranges::any_of(candidates_, [](const Candidate& c) { return c.fate != Fate::kept; });
}

Fate Mirror::fate_of(std::uint32_t ordinal) const {
  const auto found = std::ranges::lower_bound(candidates_, ordinal, {}, &Candidate::ordinal);
  return found != candidates_.end() && found->ordinal == ordinal ? found->fate : Fate::kept;
}

std::string Mirror::reason_to_hold(std::optional<std::uint64_t> max_delete) const {
  const std::uint64_t removals =
      summary_.ledger[Fate::deleted] + summary_.ledger[Fate::quarantined];
  if (removals == 0) return {};
  const char* verb = wanted_fate() == Fate::deleted ? "deleted" : "quarantined";
  if (!empty_source_.empty() && !max_delete) {
    return fmt::format(
        "the list of {} is empty, so {} bookmarks would be {} in {}; if it is meant to be empty, "
        "--max-delete {} lets them go",
        empty_source_, removals, verb, job_.to, removals);
  }
  const DeleteRules& rules = job_.deletion;
  const std::uint64_t part = std::max<std::uint64_t>(1, linked_before_ * rules.max_percent / 100);
  const std::uint64_t limit = max_delete.value_or(std::min(rules.max, part));
  if (removals <= limit) return {};
  std::string from;
  for (const NamedSource& source : sources_) from += (from.empty() ? "" : " and ") + source.name;
  return fmt::format(
      "{} of the {} bookmarks that the job {} keeps in step would be {} in {}, since the list of "
      "{} "
      "has them no more; at most {} may go in one run (delete: max {}, max_percent {}); look at "
      "the "
      "plan, and --max-delete {} lets them go",
      removals, linked_before_, job_.name, verb, job_.to, from, limit, rules.max, rules.max_percent,
      removals);
}

}  // namespace linkferry
