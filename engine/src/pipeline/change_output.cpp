#include "pipeline/change_output.hpp"

#include <algorithm>

#include "linkferry/failure.hpp"
#include "pipeline/record_codec.hpp"

namespace linkferry {

namespace {

bool is_noted(const Change& change) {
  return change.bookmark != nullptr && change.action != Action::keep;
}

}  // namespace

void ChangeWriter::put(std::span<const Change> changes, std::span<const ChangeFacts> facts) {
  if (changes.empty()) return;
  if (stop_.stop_requested()) throw Failure(FailureKind::interrupted, "interrupted");
  outcomes_.resize(changes.size());
  // Rationale: cleared, the texts keep their room, and a batch of records costs no assignments.
  for (Outcome& outcome : outcomes_) {
    outcome.result = Result::done;
    outcome.id.clear();
    outcome.reason.clear();
  }
  const bool remembers =
      memory_.journal != nullptr || memory_.links != nullptr || memory_.observer != nullptr;
  if (remembers) note_before(changes, facts);
  writer_.write(changes, outcomes_, stop_);
  if (remembers) note_after(changes, facts);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Fate fate = facts.empty() ? Fate::created : facts[i].fate;
    if (!is_taken(outcomes_[i])) book(changes[i], fate, outcomes_[i]);
  }
  // What was left undone is not the sink's fault, and the run has not come to its end.
  if (stop_.stop_requested() &&
      std::ranges::any_of(outcomes_, [](const Outcome& o) { return o.result == Result::failed; }))
    throw Failure(FailureKind::interrupted, "interrupted");
}

void ChangeWriter::note_before(std::span<const Change> changes,
                               std::span<const ChangeFacts> facts) {
  entries_.clear();
  keys_arena_.clear();
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Change& change = changes[i];
    if (!is_noted(change)) continue;
    JournalEntry entry;
    entry.action = change.action;
    entry.endpoint = memory_.endpoint;
    entry.before = facts.empty() ? nullptr : facts[i].before;
    entry.is_quarantine = !facts.empty() && facts[i].fate == Fate::quarantined;
    entry.key =
        keys_.make(entry.before != nullptr ? *entry.before : *change.bookmark, keys_arena_).match;
    entry.sink_id = change.id;
    if (change.action != Action::remove) entry.after = lasting_fingerprint(*change.bookmark);
    if (const Origin* origin = change.bookmark->origin;
        origin != nullptr && change.action == Action::create) {
      entry.source = origin->endpoint;
      entry.source_id = origin->id;
    }
    entries_.push_back(entry);
  }
  if (!entries_.empty() && memory_.journal != nullptr)
    memory_.journal->open(entries_, kind_ == SinkKind::live);
}

void ChangeWriter::note_after(std::span<const Change> changes, std::span<const ChangeFacts> facts) {
  if (entries_.empty()) return;
  noted_.clear();
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (is_noted(changes[i])) noted_.push_back(outcomes_[i]);
  }
  if (memory_.journal != nullptr) memory_.journal->close(noted_, kind_ == SinkKind::live);
  std::size_t entry = 0;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (!is_noted(changes[i])) continue;
    const JournalEntry& noted = entries_[entry++];
    if (memory_.links != nullptr)
      link(noted, facts.empty() ? Fate::created : facts[i].fate, outcomes_[i]);
    if (memory_.observer != nullptr) memory_.observer->on_written(noted, outcomes_[i]);
  }
}

void ChangeWriter::link(const JournalEntry& entry, Fate fate, const Outcome& outcome) {
  if (!is_taken(outcome)) return;
  if (fate == Fate::created) {
    memory_.links->put(entry.key, {entry.source, entry.source_id, outcome.id},
                       outcome.result == Result::done);
  }
  if (fate == Fate::deleted) memory_.links->remove(entry.key, Removed::deleted);
  if (fate == Fate::quarantined) memory_.links->remove(entry.key, Removed::quarantined);
}

/// The plan counted the change as done.
void ChangeWriter::book(const Change& change, Fate fate, const Outcome& outcome) {
  constexpr std::size_t most_problems = 1000;
  summary_.has_failures = true;
  if (is_noted(change)) {
    --summary_.ledger[fate];
    if (fate == Fate::created || fate == Fate::updated) ++summary_.ledger[Fate::failed];
  }
  if (summary_.problems.size() == most_problems) return;
  const std::string what =
      change.bookmark != nullptr ? std::string(change.bookmark->url) : "a folder";
  const char* verb = outcome.result == Result::rejected ? " was rejected: " : " failed: ";
  summary_.problems.push_back(what + verb + outcome.reason);
}

void ChangeSpool::put(std::span<const Change> changes, std::span<const ChangeFacts> /*facts*/) {
  for (const Change& change : changes) {
    bytes_.clear();
    encode(static_cast<std::uint64_t>(change.action), bytes_);
    encode(change.id, bytes_);
    encode(std::uint64_t{change.folder != nullptr}, bytes_);
    if (change.folder != nullptr) {
      encode(*change.folder, bytes_);
    } else {
      encode(*change.bookmark, bytes_);
    }
    spool_.append(bytes_);
  }
}

void ChangeSpool::replay(ChangeOutput& output) {
  constexpr std::size_t most_bytes = 16 * 1024 * 1024;
  Arena arena;
  std::vector<Bookmark> bookmarks;
  std::vector<Folder> folders;
  std::vector<Change> changes;
  std::uint64_t offset = 0;
  std::string_view bytes;
  bool is_more = true;
  while (is_more) {
    arena.clear();
    bookmarks.clear();
    folders.clear();
    changes.clear();
    const std::size_t chunk = output.preferred_changes();
    // The changes point into these.
    bookmarks.reserve(chunk);
    folders.reserve(chunk);
    std::size_t held = 0;
    while (changes.size() < chunk && held < most_bytes && (is_more = spool_.next(offset, bytes))) {
      held += bytes.size();
      bytes = arena.copy(bytes);
      Change change{static_cast<Action>(decode_number(bytes)), nullptr, nullptr, {}};
      change.id = decode_text(bytes);
      if (decode_number(bytes) != 0) {
        change.folder = &folders.emplace_back(decode_folder(bytes, arena));
      } else {
        change.bookmark = &bookmarks.emplace_back(decode_bookmark(bytes, arena));
      }
      changes.push_back(change);
    }
    output.put(changes);
  }
}

}  // namespace linkferry
