#pragma once

#include <vector>

#include "pipeline/undo.hpp"

namespace linkferry {

/// Takes back what an earlier run of a sync has done on both sides, as undo_run does it on one;
/// `to` is written first. The entries of a run that knew one place only belong to `to`.
///
/// What both sides will hold then is remembered (`options.memory.bases`) and on the disk before
/// anything is written: so what is taken back stays so on both sides, whenever the undo is stopped,
/// until somebody changes it on one of them. Errors: as undo_run.
RunSummary undo_sync(const Job& job, std::vector<UndoEntry> entries, OpenSink& from, OpenSink& to,
                     PlanObserver& observer, const RunOptions& options);

}  // namespace linkferry
