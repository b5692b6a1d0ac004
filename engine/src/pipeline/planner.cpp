#include "pipeline/planner.hpp"

#include <unordered_set>

#include "linkferry/failure.hpp"
#include "pipeline/books.hpp"
#include "pipeline/merge.hpp"
#include "pipeline/record_codec.hpp"
#include "pipeline/source_scan.hpp"

namespace linkferry {
namespace {

constexpr Loss notes_cut{Field::notes, LossKind::truncated,
                         "merged notes would be longer than 1 MiB"};

/// A sink may make something of what the source does not know: a no of a flag, a post of an
/// address. What it knows better stays.
void forget_unknown(Bookmark& wanted, const Bookmark& read) {
  if (read.post == nullptr) wanted.post = nullptr;
  for (const auto flag :
       {&Bookmark::unread, &Bookmark::favorite, &Bookmark::archived, &Bookmark::shared}) {
    if (read.*flag == Flag::unknown) wanted.*flag = Flag::unknown;
  }
}

}  // namespace

Planner::Planner(const Job& job, std::span<NamedSource> sources, SinkView& sink,
                 ExistingContent& existing, KeyMaker& keys, PlanObserver& observer,
                 const RunOptions& options, RunSummary& summary)
    : job_(job),
      sources_(sources),
      sink_(sink),
      existing_(existing),
      keys_(keys),
      observer_(observer),
      options_(options),
      wants_fingerprints_(observer.wants_fingerprints()),
      summary_(summary),
      preparer_(job),
      counts_(sources.size()) {
  for (NamedSource& source : sources_)
    repeatables_.push_back(std::make_unique<Repeatable>(*source.source));
}

std::vector<Source*> Planner::from_start() {
  std::vector<Source*> all;
  for (const auto& repeatable : repeatables_) all.push_back(&repeatable->from_start());
  return all;
}

void Planner::scan() {
  SourceScan scan(repeatables_, preparer_, keys_, options_.stop);
  scanned_ = scan.run(duplicates_, [this](const PreparedBatch& prepared, std::uint32_t records) {
    report_progress("reading", prepared, records);
  });
  if (scan.has_passed_all()) preparer_.expect_no_refusals();
  collect_missing();
  duplicates_.seal();
}

/// Records that were thought to be the first of their kind until a third one, by the sink's own
/// key, tied them to others.
void Planner::collect_missing() {
  const std::unordered_set<std::uint32_t> missing(duplicates_.missing().begin(),
                                                  duplicates_.missing().end());
  if (missing.empty()) return;
  const std::vector<Source*> all = from_start();
  BatchPipe pipe(
      all, [this](PreparedBatch& prepared) { preparer_.prepare(prepared); }, options_.stop);
  std::uint32_t ordinal = 0;
  while (auto prepared = pipe.next()) {
    for (const Bookmark& bookmark : prepared->batch.bookmarks) {
      if (missing.contains(ordinal))
        duplicates_.add(duplicates_.first_of(ordinal), ordinal, prepared->source, bookmark);
      ++ordinal;
    }
    pipe.give_back(std::move(prepared));
  }
}

void Planner::plan(ChangeOutput& creates) {
  const std::vector<Source*> all = from_start();
  BatchPipe pipe(
      all, [this](PreparedBatch& prepared) { preparer_.prepare(prepared); }, options_.stop);
  std::uint32_t ordinal = 0;
  while (auto prepared = pipe.next()) {
    plan_batch(*prepared, ordinal, creates);
    ordinal += static_cast<std::uint32_t>(prepared->batch.bookmarks.size());
    report_progress("planning", *prepared, summary_.ledger.read);
    pipe.give_back(std::move(prepared));
  }
  note_held_back();
  if (ordinal != scanned_) {
    throw Failure(FailureKind::temporary, "a source gave " + std::to_string(scanned_) +
                                              " bookmarks at the first reading and " +
                                              std::to_string(ordinal) +
                                              " at the second: it changed meanwhile; run again");
  }
}

void Planner::plan_batch(PreparedBatch& prepared, std::uint32_t first_ordinal,
                         ChangeOutput& creates) {
  Batch& batch = prepared.batch;
  changes_.clear();
  representations_.clear();
  represented_folders_.clear();
  source_ = prepared.source;
  counts_[source_].records += batch.bookmarks.size();
  counts_[source_].unreadable += batch.rejections.size();
  const std::size_t count = batch.bookmarks.size();
  std::size_t folder = 0;
  for (std::size_t i = 0; i <= count; ++i) {
    for (; folder < batch.folders.size() && batch.folders[folder].before <= i; ++folder) {
      const Folder& record = batch.folders[folder].folder;
      preparer_.has_filter() ? hold_back(record, name_of_source(prepared.source))
                             : plan_folder(record, batch.arena);
    }
    if (i < count) plan_bookmark(prepared, i, static_cast<std::uint32_t>(first_ordinal + i));
  }
  summary_.ledger.read += count + batch.rejections.size();
  report_unread(prepared);
  note_truncation(prepared);
  creates.put(changes_);
}

void Planner::plan_bookmark(PreparedBatch& prepared, std::size_t i, std::uint32_t ordinal) {
  Bookmark& bookmark = prepared.batch.bookmarks[i];
  const Verdict& verdict = prepared.verdicts[i];
  parents_.clear();
  parents_.push_back({name_of_source(prepared.source), bookmark.line, bookmark.url});
  if (verdict.kind != Verdict::Kind::passes) {
    const Fate fate = verdict.kind == Verdict::Kind::skipped ? Fate::skipped : Fate::filtered;
    count(fate);
    claim_left_out(bookmark, prepared.batch.arena);
    observer_.on_change({fate, &bookmark, nullptr, {}, parents_, {}, verdict.reason});
    return;
  }
  std::uint32_t first = 0;
  if (duplicates_.is_later(ordinal, first)) return count(Fate::merged);
  if (duplicates_.has_later(ordinal)) return plan_merged(bookmark, ordinal, prepared.batch.arena);
  settle(bookmark, prepared.batch.arena);
}

/// Merges all later parents into the first, some at a time, so that a file full of one URL takes no
/// more memory than any.
void Planner::plan_merged(const Bookmark& bookmark, std::uint32_t ordinal, Arena& arena) {
  Bookmark merged = merge_later(bookmark, ordinal, arena, arena);
  Arena arenas[2];
  for (int turn = 0; duplicates_.has_later(ordinal); turn = 1 - turn) {
    Arena& now = arenas[turn];
    now.clear();
    merged = merge_later(merged, ordinal, now, arena);
    // Nothing of it may stay in the other arena, which is next to be cleared.
    merged = deep_copy(merged, duplicates_.has_later(ordinal) ? now : arena);
  }
  settle(merged, arena);
}

/// `first` with the next later parents, whose texts go to `now`; what is told of the parents goes
/// to `kept`.
Bookmark Planner::merge_later(const Bookmark& first, std::uint32_t ordinal, Arena& now,
                              Arena& kept) {
  group_.assign(1, first);
  later_.clear();
  duplicates_.take_later(ordinal, merge_chunk, now, later_);
  const bool are_urls_kept = parents_.size() < merge_chunk;
  for (const auto& [later, source, parent] : later_) {
    group_.push_back(parent);
    const Text url = !are_urls_kept ? Text{} : &now == &kept ? parent.url : kept.copy(parent.url);
    parents_.push_back({name_of_source(source), parent.line, url});
  }
  const Merged merged = merge(group_, now);
  if (merged.are_notes_cut) count_losses({&notes_cut, 1}, first.url, summary_.ledger.losses);
  return merged.bookmark;
}

/// What becomes of a bookmark that is complete: all its parents are in it.
void Planner::settle(const Bookmark& bookmark, Arena& arena) {
  // Rationale: built where the change will point to, it need not be copied.
  void* const place = representations_.allocate(sizeof(Representation), alignof(Representation));
  Representation& wanted = *::new (place) Representation(sink_.represent(bookmark, arena));
  if (is_present(wanted.refusal)) {
    count(Fate::failed);
    summary_.has_failures = true;
    claim_left_out(bookmark, arena);
    observer_.on_change({Fate::failed, &bookmark, nullptr, {}, parents_, {}, wanted.refusal});
    return;
  }
  if (wants_fingerprints_) [[unlikely]]
    add_fingerprint(wanted.bookmark);
  if (!existing_.is_empty()) {
    const Fingerprint print = fingerprint(wanted.bookmark);
    auto match = existing_.find(keys_.make(bookmark, arena), print);
    // A sink may hold a record under another address than it comes with, as a post under its uri.
    if (!match && wanted.bookmark.url != bookmark.url)
      match = existing_.find(keys_.make(wanted.bookmark, arena), print);
    if (match) claim(bookmark, match->ordinal);
    if (match && welcome_back(wanted.bookmark, arena)) match->is_equal = false;
    if (match && !match->is_equal && job_.on_match != OnMatch::skip) {
      forget_unknown(wanted.bookmark, bookmark);
      if (job_.on_match == OnMatch::newer) note_date(wanted.bookmark, bookmark, arena);
      return add_candidate(match->ordinal, wanted);
    }
    if (match) return count(Fate::unchanged);
  }
  if (!held_back_.empty()) plan_folders_of(wanted.bookmark, arena);
  count(Fate::created);
  if (!wanted.losses.empty()) count_losses(wanted.losses, bookmark.url, summary_.ledger.losses);
  if (remembers()) {
    welcome_back(wanted.bookmark, arena);
    wanted.bookmark.origin = origin_of(bookmark, representations_);
  }
  changes_.push_back({Action::create, &wanted.bookmark, nullptr, {}});
  observer_.on_change({Fate::created, &wanted.bookmark, nullptr, {}, parents_, wanted.losses, {}});
}

/// Where the bookmark came from, with the name of its endpoint.
const Origin* Planner::origin_of(const Bookmark& bookmark, Arena& arena) const {
  Origin& origin = arena.make_array<Origin>(1)[0];
  if (bookmark.origin != nullptr) origin = *bookmark.origin;
  origin.endpoint = parents_.front().endpoint;
  return &origin;
}

/// A bookmark that an earlier run has deleted or put into quarantine is at its source again.
bool Planner::welcome_back(const Bookmark& wanted, Arena& arena) {
  if (!remembers() || job_.mode == Mode::copy) return false;
  const Removed removed = options_.memory.links->removed(keys_.make(wanted, arena).match);
  if (removed == Removed::no) return false;
  const Notice notice{
      "bookmarks are back that an earlier run had removed, since no source had them", 0};
  count_notices({&notice, 1}, job_.to, summary_.ledger.notices);
  return removed == Removed::quarantined;
}

void Planner::claim(const Bookmark& bookmark, std::uint32_t ordinal) {
  if (!remembers()) return;
  claims_.claim(ordinal, source_, bookmark.origin != nullptr ? bookmark.origin->id : Text{});
}

/// A source has it, though it is not wanted in the sink, or not fit for it: so it was not deleted.
void Planner::claim_left_out(const Bookmark& bookmark, Arena& arena) {
  if (existing_.is_empty() || (!remembers() && job_.mode != Mode::mirror)) return;
  const auto match = existing_.find(keys_.make(bookmark, arena), {});
  if (!match) return;
  claim(bookmark, match->ordinal);
  const Notice notice{"bookmarks that the job's rules leave out now stay where they are", 0};
  if (job_.mode == Mode::mirror) count_notices({&notice, 1}, job_.to, summary_.ledger.notices);
}

/// With a filter, a folder is wanted when a bookmark in it is: its record waits for the first one.
/// Separators, which stand between what was there, stay behind.
void Planner::hold_back(const Folder& folder, std::string_view endpoint) {
  if (folder.type == Folder::Type::separator) {
    const Notice notice{"separators stay behind when a job has a filter", folder.line};
    return count_notices({&notice, 1}, endpoint, summary_.ledger.notices);
  }
  const auto [record, is_new] = held_back_.try_emplace(path_hash(folder.path));
  if (is_new) encode(folder, record->second);
}

void Planner::note_held_back() {
  for (const auto& [path, record] : held_back_) {
    if (record.empty()) continue;
    const Notice notice{"folders in which no bookmark passes the filter stay behind", 0};
    count_notices({&notice, 1}, job_.to, summary_.ledger.notices);
  }
}

void Planner::plan_folders_of(const Bookmark& bookmark, Arena& arena) {
  for (const FolderPath path : bookmark.folders) {
    for (std::size_t depth = 1; depth <= path.size(); ++depth) {
      const auto held = held_back_.find(path_hash(path.first(depth)));
      if (held == held_back_.end() || held->second.empty()) continue;
      std::string_view record = arena.copy(held->second);
      // Its entry stays, empty, so that the record does not wait again.
      held->second.clear();
      plan_folder(decode_folder(record, arena), arena);
    }
  }
}

void Planner::plan_folder(const Folder& folder, Arena& arena) {
  if (folder.type == Folder::Type::folder && folder.path.empty()) return;
  const FolderRepresentation wanted = sink_.represent_folder(folder, arena);
  if (!wanted.is_held) return count_folder_losses(folder, wanted, summary_.ledger.losses);
  if (!existing_.adds_folder(wanted.folder)) return;
  count_folder_losses(folder, wanted, summary_.ledger.losses);
  ++summary_.ledger.folders_created;
  represented_folders_.push_back(wanted.folder);
  changes_.push_back({Action::create, nullptr, &represented_folders_.back(), {}});
  observer_.on_folder(represented_folders_.back());
}

void Planner::report_unread(const PreparedBatch& prepared) {
  const std::string_view endpoint = name_of_source(prepared.source);
  for (const Rejection& rejection : prepared.batch.rejections) {
    count(Fate::skipped);
    const Place place{endpoint, rejection.line, rejection.excerpt};
    observer_.on_change({Fate::skipped, nullptr, nullptr, {}, {&place, 1}, {}, rejection.reason});
  }
  count_notices(prepared.batch.notices, endpoint, summary_.ledger.notices);
}

void Planner::note_truncation(const PreparedBatch& prepared) {
  if (prepared.result != ReadResult::incomplete) return;
  counts_[prepared.source].is_cut_off = true;
  const auto& notices = prepared.batch.notices;
  summary_.truncated.push_back(
      std::string(name_of_source(prepared.source)) + ": " +
      (notices.empty() ? "it is cut off" : std::string(notices.back().text)) +
      (notices.empty() || notices.back().line == 0
           ? ""
           : ", in line " + std::to_string(notices.back().line)));
}

void Planner::report_progress(std::string_view stage, const PreparedBatch& prepared,
                              std::uint64_t records) {
  if (options_.progress == nullptr) return;
  options_.progress->on_progress(stage, records, prepared.progress, prepared.total);
}

}  // namespace linkferry
