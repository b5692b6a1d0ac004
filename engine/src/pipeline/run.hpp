#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "config/job.hpp"
#include "host/sink_proxy.hpp"
#include "linkferry/source.hpp"
#include "pipeline/change_output.hpp"
#include "pipeline/plan.hpp"

namespace linkferry {

struct NamedSource {
  std::string name;  ///< of the endpoint
  std::unique_ptr<Source> source;
};

/// Looks on how far a run is. Thread: the one that runs the job.
class ProgressObserver {
 public:
  virtual ~ProgressObserver() = default;
  /// `stage` is a word like "reading"; `total` is 0 where it is not known, else `done` goes up to
  /// it, in any unit.
  virtual void on_progress(std::string_view stage, std::uint64_t records, std::uint64_t done,
                           std::uint64_t total) = 0;
};

struct RunOptions {
  bool accept_partial = false;              ///< write what was read of an input that is cut off
  JobMemory memory;                         ///< outlives the run
  std::optional<std::uint64_t> max_delete;  ///< lifts the limits of the job
  ProgressObserver* progress = nullptr;     ///< may be null
  /// Called before the sources are read, when the sink holds nothing at all; may be empty.
  std::function<void()> on_empty_sink;
  std::stop_token stop;
};

/// Plans one job and, where the sink has a writer, carries it out. The one path of every bookmark:
///
///     read -> validate -> map -> filter -> match key -> merge -> represent -> compare -> plan ->
///     write -> ledger
///
/// The sources are read twice: once to learn which records are the same, once to plan with all
/// parents at hand; so the job needs memory for keys only. What cannot be read twice is copied to a
/// temporary file the first time. Nothing becomes visible before the plan is complete and
/// `observer.on_planned` has seen it; nothing is written when an input is cut off
/// (`RunSummary::blocked`). Errors: Failure of a plugin or the disk; nothing was made visible then,
/// but for what a live sink had already answered.
RunSummary run_job(const Job& job, std::span<NamedSource> sources, OpenSink& sink,
                   PlanObserver& observer, const RunOptions& options);

/// Makes everything that was written to a staged sink visible, once the journal is on the disk.
/// Errors: Failure interrupted after a stop request; those of the sink and the journal.
void commit_staged(SinkWriter& writer, const RunOptions& options);

}  // namespace linkferry
