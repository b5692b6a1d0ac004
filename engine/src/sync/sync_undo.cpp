#include "sync/sync_undo.hpp"

#include <chrono>

#include "sync/undone_bases.hpp"

namespace linkferry {
namespace {

/// Takes those of one side out of `entries`.
std::vector<UndoEntry> take_entries(std::vector<UndoEntry>& entries, const std::string& endpoint) {
  std::vector<UndoEntry> taken;
  for (UndoEntry& entry : entries) {
    if (entry.endpoint == endpoint) taken.push_back(std::move(entry));
  }
  return taken;
}

class SyncUndo {
 public:
  SyncUndo(const Job& job, std::vector<UndoEntry> entries, OpenSink& from, OpenSink& to,
           PlanObserver& observer, const RunOptions& options)
      : observer_(observer),
        options_(options),
        bases_(options.memory.bases != nullptr ? *options.memory.bases : no_bases_),
        undone_(bases_),
        from_name_(job.from.front()),
        to_name_(job.to),
        from_(job, from_name_, take_entries(entries, from_name_), from, from_name_, observer,
              &undone_.observer(from_side), options, summary_),
        to_(job, to_name_, take_entries(entries, to_name_), to, to_name_, observer,
            &undone_.observer(to_side), options, summary_) {
    summary_.is_dry_run = from.writer == nullptr || to.writer == nullptr;
  }

  RunSummary carry_out() {
    const auto start = std::chrono::steady_clock::now();
    to_.plan();
    from_.plan();
    for (UndoSide* const side : {&to_, &from_}) {
      if (!side->has_changes() || options_.accept_partial || !summary_.blocked.empty()) continue;
      if (const std::string reason = side->reason_to_hold(); !reason.empty())
        summary_.blocked = (side == &to_ ? to_name_ : from_name_) + ": " + reason;
    }
    observer_.on_planned(summary_);
    if (!summary_.is_dry_run && summary_.blocked.empty()) write();
    summary_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(summary_);
  }

 private:
  void write() {
    if (!to_.has_changes() && !from_.has_changes()) return;
    undone_.look_at(from_side, from_, options_.stop);
    undone_.look_at(to_side, to_, options_.stop);
    undone_.settle();
    JobMemory memory = options_.memory;
    if (memory.journal != nullptr) memory.journal->keep_bases();
    memory.endpoint = to_name_;
    to_.write(memory);
    memory.endpoint = from_name_;
    from_.write(memory);
  }

  PlanObserver& observer_;
  const RunOptions& options_;
  RunSummary summary_;
  BaseTable no_bases_;
  BaseTable& bases_;
  UndoneBases undone_;
  std::string from_name_;
  std::string to_name_;
  UndoSide from_;
  UndoSide to_;
};

}  // namespace

RunSummary undo_sync(const Job& job, std::vector<UndoEntry> entries, OpenSink& from, OpenSink& to,
                     PlanObserver& observer, const RunOptions& options) {
  for (UndoEntry& entry : entries) {
    if (entry.endpoint.empty()) entry.endpoint = job.to;
  }
  return SyncUndo(job, std::move(entries), from, to, observer, options).carry_out();
}

}  // namespace linkferry
