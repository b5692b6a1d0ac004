#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/journal.hpp"
#include "pipeline/run.hpp"

namespace linkferry {

/// One change of an earlier run that is to be taken back.
struct UndoEntry {
  Action action = Action::create;  ///< what the run did: create, update or remove
  Key key;                         ///< of the bookmark as the sink held it
  std::string endpoint;            ///< of a sync: the side that it went to; else empty
  std::string sink_id;             ///< the sink's own id; empty where it has none
  Fingerprint after;               ///< of a create or update: of what the run left there
  std::string before;  ///< of an update or remove: the bytes of what was there (record_codec)
};

/// Takes back what an earlier run has done, where nobody has changed it since: what it created is
/// removed, what it changed is as it was, what it deleted is there again. Folders stay.
///
/// The plan is shown as that of a run: `deleted` for what goes, `updated` and `created` for what
/// comes back with what the sink cannot hold of it, `kept` with the reason for what stays. The
/// ledger counts what comes back as read. Where `sink` has no writer it is a dry run. `options`:
/// its memory's journal, progress and stop are used. Errors: as run_job.
RunSummary undo_run(const Job& job, std::vector<UndoEntry> entries, OpenSink& sink,
                    PlanObserver& observer, const RunOptions& options);

}  // namespace linkferry
