#pragma once

#include "pipeline/run.hpp"

namespace linkferry {

/// Keeps two places the same: plans both directions, and carries the plan out where the sinks have
/// writers, `to` first.
///
/// Against what both sides held at the end of the last sync (`options.memory.bases`), what each has
/// added, changed and deleted goes to the other; ThreeWay says how bookmarks merge, SyncDeletions
/// what may go. What an undo has left apart stays so until either side changes it. Folder records
/// and separators are no part of it. The plan of both sides is complete and seen by the observer
/// before anything becomes visible on either. A run that ends in between leaves the memory as it
/// was, and the next one finds the rest. Errors: as run_job.
RunSummary run_sync(const Job& job, OpenSink& from, OpenSink& to, PlanObserver& observer,
                    const RunOptions& options);

}  // namespace linkferry
