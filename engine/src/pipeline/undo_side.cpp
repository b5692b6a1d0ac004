#include "pipeline/undo_side.hpp"

#include <algorithm>

#include "pipeline/books.hpp"
#include "pipeline/content_writer.hpp"
#include "pipeline/record_codec.hpp"
#include "pipeline/whole_bookmark.hpp"

namespace linkferry {
namespace {

constexpr Text has_changed = "it was changed after the run; it stays as it is";
constexpr Text is_gone = "the sink no longer holds it";
constexpr Text cannot_go_back = "the sink cannot take the change back";
constexpr Text is_back = "the sink holds it again";

}  // namespace

UndoSide::UndoSide(const Job& job, const std::string& name, std::vector<UndoEntry> entries,
                   OpenSink& sink, Text endpoint, PlanObserver& observer, UndoObserver* undone,
                   const RunOptions& options, RunSummary& summary)
    : entries_(std::move(entries)),
      is_seen_(entries_.size()),
      held_(entries_.size()),
      next_(entries_.size()),
      sink_(sink),
      observer_(observer),
      undone_(undone),
      options_(options),
      summary_(summary),
      keys_(job.match, *sink.view),
      name_(name),
      endpoint_(endpoint),
      existing_(*sink.view, keys_, name_) {
  std::vector<std::uint32_t> last(entries_.size());  // of the first one of each key
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    if (!entries_[i].sink_id.empty()) by_id_.emplace(entries_[i].sink_id, i);
    const std::uint32_t first = by_key_.insert(entries_[i].key, i).value_or(i);
    if (first != i) next_[last[first]] = i;
    last[first] = next_[i] = i;
  }
}

void UndoSide::plan() {
  existing_.load(options_.stop);
  existing_.walk(
      [this](PreparedBatch& prepared, std::uint32_t /*first_ordinal*/) {
        for (const Bookmark& bookmark : prepared.batch.bookmarks)
          sum_up(bookmark, prepared.batch.arena);
      },
      options_.stop);
  existing_.walk(
      [this](PreparedBatch& prepared, std::uint32_t first_ordinal) {
        for (std::size_t i = 0; i < prepared.batch.bookmarks.size(); ++i)
          plan_present(static_cast<std::uint32_t>(first_ordinal + i), prepared.batch.bookmarks[i],
                       prepared.batch.arena);
      },
      options_.stop);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (!is_seen_[i] && !is_copy_of_kept(i)) plan_absent(entries_[i]);
  }
}

Fate UndoSide::fate_of(std::uint32_t ordinal) const {
  return std::ranges::binary_search(removed_, ordinal) ? Fate::deleted : Fate::kept;
}

void UndoSide::sum_up(const Bookmark& bookmark, Arena& arena) {
  const auto found = find_entry(bookmark, arena);
  if (!found) return;
  Held& held = held_[*found];
  const Fingerprint print = lasting_fingerprint(bookmark);
  if (entries_[*found].action == Action::remove) return note_return(entries_[*found].key, print);
  if (is_seen_[*found] && held.sum.content != print.content) held.is_mixed = true;
  held.sum.content = print.content;
  held.sum.folders += print.folders;
  is_seen_[*found] = true;
}

/// Of several copies that were deleted it is the one that says the same. Another one was made by
/// somebody since, and none is put beside that.
void UndoSide::note_return(const Key& key, const Fingerprint& print) {
  for (std::uint32_t i = *by_key_.find(key);; i = next_[i]) {
    if (entries_[i].action == Action::remove && !is_seen_[i]) {
      arena_.clear();
      std::string_view bytes = entries_[i].before;
      if (lasting_fingerprint(decode_bookmark(bytes, arena_)) == print) {
        is_seen_[i] = true;
        return;
      }
    }
    if (next_[i] == i) break;
  }
  for (std::uint32_t i = *by_key_.find(key);; i = next_[i]) {
    if (entries_[i].action == Action::remove) is_seen_[i] = true;
    if (next_[i] == i) break;
  }
}

std::optional<std::size_t> UndoSide::find_entry(const Bookmark& bookmark, Arena& arena) {
  if (bookmark.origin != nullptr) {
    const auto known = by_id_.find(std::string(bookmark.origin->id));
    if (known != by_id_.end()) return known->second;
  }
  const auto known = by_key_.find(keys_.make(bookmark, arena).match);
  if (!known) return {};
  // Another one of the same key: the sink's ids tell them apart.
  const bool is_live = sink_.view->kind() == SinkKind::live;
  const UndoEntry& entry = entries_[*known];
  if (is_live && !entry.sink_id.empty() && entry.action != Action::remove) return {};
  return *known;
}

void UndoSide::plan_present(std::uint32_t ordinal, const Bookmark& present, Arena& arena) {
  const auto found = find_entry(present, arena);
  if (!found) return;
  const UndoEntry& entry = entries_[*found];
  Held& held = held_[*found];
  if (entry.action == Action::remove) return keep(entry, present, is_back);
  const bool is_as_left = is_equal(held, entry.after);
  if (entry.action == Action::create) {
    if (!is_as_left) return keep(entry, present, has_changed);
    return plan_removal(ordinal, entry, present, arena);
  }
  std::uint32_t first = 0;
  if (existing_.duplicates().is_later(ordinal, first)) {
    if (held.is_updated) updates_.add_copy(ordinal);
    return;
  }
  std::string_view bytes = arena.copy(entry.before);
  const Bookmark before = decode_bookmark(bytes, arena);
  if (is_equal(held, lasting_fingerprint(before))) return;
  if (!is_as_left) return keep(entry, present, has_changed);
  const Bookmark whole =
      with_copies(*sink_.view, existing_.duplicates(), ordinal, present, arena).bookmark;
  held.is_updated = plan_update(ordinal, entry, whole, before, arena);
}

void UndoSide::plan_removal(std::uint32_t ordinal, const UndoEntry& entry, const Bookmark& present,
                            Arena& arena) {
  removed_.push_back(ordinal);
  std::uint32_t first = 0;
  if (existing_.duplicates().is_later(ordinal, first)) return;
  ++summary_.ledger[Fate::deleted];
  const Bookmark whole =
      with_copies(*sink_.view, existing_.duplicates(), ordinal, present, arena).bookmark;
  tell(entry, &whole, nullptr);
  show(Fate::deleted, whole, nullptr, {}, {});
}

/// A copy that an update had taken in, where the update itself is not taken back.
bool UndoSide::is_copy_of_kept(std::size_t i) {
  const auto first = by_key_.find(entries_[i].key);
  return first && *first != i && entries_[*first].action == Action::update &&
         !held_[*first].is_updated;
}

/// False where the place cannot hold what was there before.
bool UndoSide::plan_update(std::uint32_t ordinal, const UndoEntry& entry, const Bookmark& present,
                           const Bookmark& before, Arena& arena) {
  const Representation wanted = sink_.view->represent(before, arena);
  const std::vector<Field> differing = differing_fields(wanted.bookmark, present);
  if (is_present(wanted.refusal) || differing.empty()) {
    keep(entry, present, is_present(wanted.refusal) ? wanted.refusal : cannot_go_back);
    return false;
  }
  Bookmark restored = wanted.bookmark;
  restored.origin = present.origin;
  updates_.add(ordinal, restored);
  tell(entry, &present, &restored);
  count(Fate::updated, wanted.losses, restored.url);
  show(Fate::updated, restored, &present, differing, wanted.losses);
  return true;
}

void UndoSide::plan_absent(const UndoEntry& entry) {
  if (entry.action == Action::create) return;
  arena_.clear();
  std::string_view bytes = entry.before;
  const Bookmark before = decode_bookmark(bytes, arena_);
  if (entry.action == Action::update) return keep(entry, before, is_gone);
  const Representation wanted = sink_.view->represent(before, arena_);
  if (is_present(wanted.refusal)) {
    count(Fate::failed, {}, before.url);
    summary_.has_failures = true;
    return show(Fate::failed, before, nullptr, {}, {}, wanted.refusal);
  }
  Bookmark created = wanted.bookmark;
  created.origin = nullptr;
  const Change change{Action::create, &created, nullptr, {}};
  creates_.put({&change, 1});
  tell(entry, nullptr, &created);
  count(Fate::created, wanted.losses, created.url);
  show(Fate::created, created, nullptr, {}, wanted.losses);
}

void UndoSide::count(Fate fate, std::span<const Loss> losses, Text url) {
  ++summary_.ledger.read;
  ++summary_.ledger[fate];
  count_losses(losses, url, summary_.ledger.losses);
}

void UndoSide::keep(const UndoEntry& entry, const Bookmark& bookmark, Text reason) {
  if (undone_ != nullptr) undone_->on_kept(entry);
  ++summary_.ledger[Fate::kept];
  show(Fate::kept, bookmark, nullptr, {}, {}, reason);
}

void UndoSide::tell(const UndoEntry& entry, const Bookmark* present, const Bookmark* restored) {
  if (undone_ != nullptr) undone_->on_taken_back(entry, present, restored);
}

void UndoSide::show(Fate fate, const Bookmark& bookmark, const Bookmark* present,
                    std::span<const Field> differing, std::span<const Loss> losses, Text reason) {
  const Place place{name_, 0, bookmark.url};
  observer_.on_change(
      {fate, &bookmark, present, differing, {&place, 1}, losses, reason, endpoint_, {}});
}

std::string UndoSide::reason_to_hold() const {
  if (existing_.unreadable_count() == 0 && existing_.truncation().empty()) return {};
  return "what the sink holds is cut off or cannot be read in part, so rewriting it could lose "
         "something; --accept-partial writes all the same";
}

void UndoSide::write(const JobMemory& memory) {
  if (!has_changes()) return;
  ChangeWriter writer(*sink_.writer, sink_.view->kind(), keys_, memory, summary_, options_.stop);
  ContentWriter content(existing_, updates_, this, writer);
  const bool is_staged = sink_.view->kind() == SinkKind::staged;
  if (is_staged) {
    content.rewrite(options_.stop);
  } else {
    content.send_updates(options_.stop);
  }
  creates_.replay(writer);
  if (is_staged) {
    commit_staged(*sink_.writer, options_);
  } else {
    content.send_removals(options_.stop);
  }
  summary_.is_written = true;
}

}  // namespace linkferry
