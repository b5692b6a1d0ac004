#include "pipeline/change_output.hpp"

#include "linkferry/failure.hpp"
#include "pipeline/record_codec.hpp"

namespace linkferry {

void ChangeWriter::put(std::span<const Change> changes) {
  if (changes.empty()) return;
  if (stop_.stop_requested()) throw Failure(FailureKind::interrupted, "interrupted");
  outcomes_.resize(changes.size());
  // Rationale: cleared, the texts keep their room, and a batch of records costs no assignments.
  for (Outcome& outcome : outcomes_) {
    outcome.result = Result::done;
    outcome.id.clear();
    outcome.reason.clear();
  }
  writer_.write(changes, outcomes_, stop_);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (outcomes_[i].result == Result::rejected || outcomes_[i].result == Result::failed)
      book(changes[i], outcomes_[i]);
  }
}

/// The plan counted the change as done.
void ChangeWriter::book(const Change& change, const Outcome& outcome) {
  constexpr std::size_t most_problems = 1000;
  summary_.has_failures = true;
  if (change.bookmark != nullptr && change.action != Action::keep) {
    --summary_.ledger[change.action == Action::create ? Fate::created : Fate::updated];
    ++summary_.ledger[Fate::failed];
  }
  if (summary_.problems.size() == most_problems) return;
  const std::string what =
      change.bookmark != nullptr ? std::string(change.bookmark->url) : "a folder";
  const char* verb = outcome.result == Result::rejected ? " was rejected: " : " failed: ";
  summary_.problems.push_back(what + verb + outcome.reason);
}

void ChangeSpool::put(std::span<const Change> changes) {
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
  constexpr std::size_t chunk = 512;
  Arena arena;
  std::vector<Bookmark> bookmarks;
  std::vector<Folder> folders;
  std::vector<Change> changes;
  bookmarks.reserve(chunk);
  folders.reserve(chunk);
  std::uint64_t offset = 0;
  std::string_view bytes;
  bool is_more = true;
  while (is_more) {
    arena.clear();
    bookmarks.clear();
    folders.clear();
    changes.clear();
    while (changes.size() < chunk && (is_more = spool_.next(offset, bytes))) {
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
