#include "pipeline/undo.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <unordered_map>

#include "linkferry/failure.hpp"
#include "pipeline/books.hpp"
#include "pipeline/content_writer.hpp"
#include "pipeline/record_codec.hpp"

namespace linkferry {
namespace {

constexpr Text has_changed = "it was changed after the run; it stays as it is";
constexpr Text is_gone = "the sink no longer holds it";
constexpr Text is_back = "the sink holds it again";

class Undo final : public Removals {
 public:
  Undo(const Job& job, std::vector<UndoEntry> entries, OpenSink& sink, PlanObserver& observer,
       const RunOptions& options)
      : entries_(std::move(entries)),
        is_seen_(entries_.size()),
        held_(entries_.size()),
        sink_(sink),
        observer_(observer),
        options_(options),
        keys_(job.match, *sink.view),
        existing_(*sink.view, keys_, job.to),
        endpoint_(job.to) {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (!entries_[i].sink_id.empty()) by_id_.emplace(entries_[i].sink_id, i);
      by_key_.insert(entries_[i].key, static_cast<std::uint32_t>(i));
    }
  }

  RunSummary carry_out() {
    const auto start = std::chrono::steady_clock::now();
    summary_.is_dry_run = sink_.writer == nullptr;
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
    hold();
    observer_.on_planned(summary_);
    if (sink_.writer != nullptr && summary_.blocked.empty() && summary_.ledger.has_changes())
      write();
    summary_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(summary_);
  }

  bool has_removals() const override { return !removed_.empty(); }
  Fate fate_of(std::uint32_t ordinal) const override {
    return std::ranges::binary_search(removed_, ordinal) ? Fate::deleted : Fate::kept;
  }
  Bookmark quarantined(const Bookmark& present, Arena& /*arena*/) const override {
    return present;  // Undo deletes what was created.
  }

 private:
  /// What the sink holds of one entry: a record, or several in different folders.
  struct Held {
    Fingerprint sum;          ///< the content, and the folders of all records
    bool is_mixed = false;    ///< they say different things
    bool is_updated = false;  ///< the first of them is put back
  };

  void sum_up(const Bookmark& bookmark, Arena& arena) {
    const auto found = find_entry(bookmark, arena);
    if (!found) return;
    Held& held = held_[*found];
    const Fingerprint print = lasting_fingerprint(bookmark);
    if (is_seen_[*found] && held.sum.content != print.content) held.is_mixed = true;
    held.sum.content = print.content;
    held.sum.folders += print.folders;
    is_seen_[*found] = true;
  }

  std::optional<std::size_t> find_entry(const Bookmark& bookmark, Arena& arena) {
    std::size_t found = entries_.size();
    if (bookmark.origin != nullptr) {
      const auto known = by_id_.find(std::string(bookmark.origin->id));
      if (known != by_id_.end()) found = known->second;
    }
    if (found == entries_.size()) {
      const auto known = by_key_.find(keys_.make(bookmark, arena).match);
      if (!known) return {};
      found = *known;
      // Another one of the same key: the sink's ids tell them apart.
      const bool is_live = sink_.view->kind() == SinkKind::live;
      if (is_live && !entries_[found].sink_id.empty() && entries_[found].action != Action::remove)
        return {};
    }
    return found;
  }

  static bool is_equal(const Held& held, const Fingerprint& print) {
    return !held.is_mixed && held.sum == print;
  }

  void plan_present(std::uint32_t ordinal, const Bookmark& present, Arena& arena) {
    const auto found = find_entry(present, arena);
    if (!found) return;
    const UndoEntry& entry = entries_[*found];
    Held& held = held_[*found];
    if (entry.action == Action::remove) return keep(&present, is_back);
    const bool is_as_left = is_equal(held, entry.after);
    if (entry.action == Action::create) {
      if (!is_as_left) return keep(&present, has_changed);
      removed_.push_back(ordinal);
      std::uint32_t first_copy = 0;
      if (existing_.duplicates().is_later(ordinal, first_copy)) return;
      ++summary_.ledger[Fate::deleted];
      return show(Fate::deleted, present, nullptr, {}, {});
    }
    std::uint32_t first = 0;
    if (existing_.duplicates().is_later(ordinal, first)) {
      if (held.is_updated) updates_.add_copy(ordinal);
      return;
    }
    std::string_view bytes = arena.copy(entry.before);
    const Bookmark before = decode_bookmark(bytes, arena);
    if (is_equal(held, lasting_fingerprint(before))) return;
    if (!is_as_left) return keep(&present, has_changed);
    held.is_updated = true;
    plan_update(ordinal, present, before, arena);
  }

  /// A copy that an update had taken in, where the update itself is not taken back.
  bool is_copy_of_kept(std::size_t i) {
    const auto first = by_key_.find(entries_[i].key);
    return first && *first != i && entries_[*first].action == Action::update &&
           !held_[*first].is_updated;
  }

  void plan_update(std::uint32_t ordinal, const Bookmark& present, const Bookmark& before,
                   Arena& arena) {
    const Representation wanted = sink_.view->represent(before, arena);
    if (is_present(wanted.refusal)) return keep(&present, wanted.refusal);
    const std::vector<Field> differing = differing_fields(wanted.bookmark, present);
    if (differing.empty()) return keep(&present, "the sink cannot take the change back");
    Bookmark restored = wanted.bookmark;
    restored.origin = present.origin;
    updates_.add(ordinal, restored);
    count(Fate::updated, wanted.losses, restored.url);
    show(Fate::updated, restored, &present, differing, wanted.losses);
  }

  void plan_absent(const UndoEntry& entry) {
    if (entry.action == Action::create) return;
    arena_.clear();
    std::string_view bytes = entry.before;
    const Bookmark before = decode_bookmark(bytes, arena_);
    if (entry.action == Action::update) return keep(&before, is_gone);
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
    count(Fate::created, wanted.losses, created.url);
    show(Fate::created, created, nullptr, {}, wanted.losses);
  }

  void count(Fate fate, std::span<const Loss> losses, Text url) {
    ++summary_.ledger.read;
    ++summary_.ledger[fate];
    count_losses(losses, url, summary_.ledger.losses);
  }

  void keep(const Bookmark* bookmark, Text reason) {
    ++summary_.ledger[Fate::kept];
    show(Fate::kept, *bookmark, nullptr, {}, {}, reason);
  }

  void show(Fate fate, const Bookmark& bookmark, const Bookmark* present,
            std::span<const Field> differing, std::span<const Loss> losses, Text reason = {}) {
    const Place place{endpoint_, 0, bookmark.url};
    observer_.on_change({fate, &bookmark, present, differing, {&place, 1}, losses, reason});
  }

  void hold() {
    if (!summary_.ledger.has_changes() || options_.accept_partial) return;
    if (existing_.unreadable_count() > 0 || !existing_.truncation().empty())
      summary_.blocked =
          "what the sink holds is cut off or cannot be read in part, so rewriting it could lose "
          "something; --accept-partial writes all the same";
  }

  void write() {
    ChangeWriter writer(*sink_.writer, sink_.view->kind(), keys_, options_.memory, summary_,
                        options_.stop);
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

  std::vector<UndoEntry> entries_;
  std::vector<bool> is_seen_;
  std::vector<Held> held_;
  std::unordered_map<std::string, std::size_t> by_id_;
  KeyIndex by_key_;
  OpenSink& sink_;
  PlanObserver& observer_;
  const RunOptions& options_;
  RunSummary summary_;
  KeyMaker keys_;
  ExistingContent existing_;
  std::string endpoint_;
  std::vector<std::uint32_t> removed_;
  PlannedUpdates updates_;
  ChangeSpool creates_;
  Arena arena_;
};

}  // namespace

RunSummary undo_run(const Job& job, std::vector<UndoEntry> entries, OpenSink& sink,
                    PlanObserver& observer, const RunOptions& options) {
  return Undo(job, std::move(entries), sink, observer, options).carry_out();
}

}  // namespace linkferry
