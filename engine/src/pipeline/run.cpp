#include "pipeline/run.hpp"

#include <chrono>

#include "linkferry/failure.hpp"
#include "pipeline/books.hpp"
#include "pipeline/change_output.hpp"
#include "pipeline/planner.hpp"

namespace linkferry {
namespace {

/// Writes the whole content of a staged sink again: what was there, with the updates in their
/// places, then what is new.
class Rewrite {
 public:
  Rewrite(ExistingContent& existing, PlannedUpdates& updates, ChangeOutput& output)
      : existing_(existing), updates_(updates), output_(output) {}

  void run(std::stop_token stop) {
    updates_.rewind();
    existing_.walk([this](PreparedBatch& prepared,
                          std::uint32_t first_ordinal) { write(prepared, first_ordinal); },
                   stop);
  }

 private:
  void write(PreparedBatch& prepared, std::uint32_t first_ordinal) {
    Batch& batch = prepared.batch;
    changes_.clear();
    std::size_t folder = 0;
    for (std::size_t i = 0; i <= batch.bookmarks.size(); ++i) {
      for (; folder < batch.folders.size() && batch.folders[folder].before <= i; ++folder) {
        changes_.push_back({Action::keep, nullptr, &batch.folders[folder].folder, {}});
      }
      if (i < batch.bookmarks.size())
        write_bookmark(batch, i, static_cast<std::uint32_t>(first_ordinal + i));
    }
    output_.put(changes_);
  }

  void write_bookmark(Batch& batch, std::size_t i, std::uint32_t ordinal) {
    Bookmark& bookmark = batch.bookmarks[i];
    const Text id = bookmark.origin != nullptr ? bookmark.origin->id : Text{};
    if (updates_.take(ordinal, batch.arena, bookmark)) {
      changes_.push_back({Action::update, &bookmark, nullptr, id});
      return;
    }
    if (updates_.is_copy(ordinal)) return;
    changes_.push_back({Action::keep, &bookmark, nullptr, id});
  }

  ExistingContent& existing_;
  PlannedUpdates& updates_;
  ChangeOutput& output_;
  std::vector<Change> changes_;
};

/// Sends the updates of a live sink.
void send_updates(ExistingContent& existing, PlannedUpdates& updates, ChangeOutput& output,
                  std::stop_token stop) {
  if (updates.is_empty()) return;
  updates.rewind();
  existing.walk(
      [&](PreparedBatch& prepared, std::uint32_t first_ordinal) {
        std::vector<Change> changes;
        Batch& batch = prepared.batch;
        for (std::size_t i = 0; i < batch.bookmarks.size(); ++i) {
          const Text id =
              batch.bookmarks[i].origin != nullptr ? batch.bookmarks[i].origin->id : Text{};
          if (updates.take(static_cast<std::uint32_t>(first_ordinal + i), batch.arena,
                           batch.bookmarks[i])) {
            changes.push_back({Action::update, &batch.bookmarks[i], nullptr, id});
          }
        }
        output.put(changes);
      },
      stop);
}

std::string reason_to_hold(const RunSummary& summary, const ExistingContent& existing,
                           const RunOptions& options) {
  if (options.accept_partial) return {};
  if (existing.unreadable_count() > 0) {
    return std::to_string(existing.unreadable_count()) +
           " entries of what the sink holds cannot be read (the first in line " +
           std::to_string(existing.first_unreadable_line()) +
           "), and rewriting would delete them; repair them, or --accept-partial writes all the "
           "same";
  }
  if (!existing.truncation().empty()) {
    return "what the sink holds is cut off (" + existing.truncation() +
           "), so rewriting it could lose what is missing; --accept-partial writes all the same";
  }
  if (!summary.truncated.empty()) {
    return "an input is cut off (" + summary.truncated.front() +
           "); --accept-partial writes what was read of it";
  }
  return {};
}

void add_losses_of_rewriting(const ExistingContent& existing, Ledger& ledger) {
  ledger.notices.insert(ledger.notices.end(), existing.notices().begin(), existing.notices().end());
  for (const LossCount& loss : existing.losses()) {
    ledger.losses.push_back(loss);
    ledger.losses.back().reason += " (in what the sink holds already)";
  }
}

class Run {
 public:
  Run(const Job& job, std::span<NamedSource> sources, OpenSink& sink, PlanObserver& observer,
      const RunOptions& options)
      : sink_(sink),
        observer_(observer),
        options_(options),
        keys_(job.match, *sink.view),
        existing_(*sink.view, keys_, job.to),
        planner_(job, sources, *sink.view, existing_, keys_, observer, options, summary_) {}

  RunSummary carry_out() {
    const auto start = std::chrono::steady_clock::now();
    summary_.is_dry_run = sink_.writer == nullptr;
    existing_.load(options_.stop);
    if (existing_.is_empty() && options_.on_empty_sink) options_.on_empty_sink();
    planner_.scan();
    if (writes_straight_through()) {
      ChangeWriter writer(*sink_.writer, summary_, options_.stop);
      planner_.plan(writer);
    } else if (sink_.writer != nullptr) {
      planner_.plan(creates_);
    } else {
      NoOutput nowhere;
      planner_.plan(nowhere);
    }
    planner_.resolve();
    finish_plan();
    if (sink_.writer != nullptr && summary_.blocked.empty() && summary_.ledger.has_changes())
      write();
    summary_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(summary_);
  }

 private:
  bool is_staged() const { return sink_.view->kind() == SinkKind::staged; }
  /// Into a new file, records go at once: it is not visible before `commit`, which comes after the
  /// plan.
  bool writes_straight_through() const {
    return sink_.writer != nullptr && is_staged() && existing_.is_empty();
  }

  void finish_plan() {
    if (is_staged() && summary_.ledger.has_changes())
      add_losses_of_rewriting(existing_, summary_.ledger);
    if (summary_.ledger.has_changes())
      summary_.blocked = reason_to_hold(summary_, existing_, options_);
    observer_.on_planned(summary_);
  }

  void write() {
    ChangeWriter writer(*sink_.writer, summary_, options_.stop);
    if (!is_staged()) {
      send_updates(existing_, planner_.updates(), writer, options_.stop);
      creates_.replay(writer);
    } else if (!writes_straight_through()) {
      Rewrite(existing_, planner_.updates(), writer).run(options_.stop);
      creates_.replay(writer);
    }
    if (is_staged()) {
      if (options_.stop.stop_requested())
        throw Failure(FailureKind::interrupted, "interrupted; nothing was written");
      sink_.writer->commit();
    }
    summary_.is_written = true;
  }

  OpenSink& sink_;
  PlanObserver& observer_;
  const RunOptions& options_;
  RunSummary summary_;
  KeyMaker keys_;
  ExistingContent existing_;
  Planner planner_;
  ChangeSpool creates_;
};

}  // namespace

RunSummary run_job(const Job& job, std::span<NamedSource> sources, OpenSink& sink,
                   PlanObserver& observer, const RunOptions& options) {
  return Run(job, sources, sink, observer, options).carry_out();
}

}  // namespace linkferry
