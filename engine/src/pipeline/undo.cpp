#include "pipeline/undo.hpp"

#include <chrono>

#include "pipeline/undo_side.hpp"

namespace linkferry {

RunSummary undo_run(const Job& job, std::vector<UndoEntry> entries, OpenSink& sink,
                    PlanObserver& observer, const RunOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  RunSummary summary;
  summary.is_dry_run = sink.writer == nullptr;
  UndoSide side(job, job.to, std::move(entries), sink, {}, observer, nullptr, options, summary);
  side.plan();
  if (side.has_changes() && !options.accept_partial) summary.blocked = side.reason_to_hold();
  observer.on_planned(summary);
  if (!summary.is_dry_run && summary.blocked.empty()) side.write(options.memory);
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return summary;
}

}  // namespace linkferry
