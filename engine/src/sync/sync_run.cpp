#include "sync/sync_run.hpp"

#include <chrono>

#include "pipeline/content_writer.hpp"
#include "pipeline/rewriting.hpp"
#include "sync/sync_planner.hpp"

namespace linkferry {
namespace {

class SyncRun {
 public:
  SyncRun(const Job& job, OpenSink& from, OpenSink& to, PlanObserver& observer,
          const RunOptions& options)
      : observer_(observer),
        options_(options),
        links_(options.memory.links != nullptr ? *options.memory.links : no_links_),
        bases_(options.memory.bases != nullptr ? *options.memory.bases : no_bases_),
        from_(from_side, job.from.front(), from, job.match),
        to_(to_side, job.to, to, job.match),
        planned_(links_, bases_, job.from.front()),
        from_deletions_(job, from_, to_, links_, bases_, planned_, observer, summary_.ledger),
        to_deletions_(job, to_, from_, links_, bases_, planned_, observer, summary_.ledger),
        planner_(job, {&from_, &to_}, {&from_deletions_, &to_deletions_}, bases_, links_, planned_,
                 observer, options, summary_) {}

  RunSummary carry_out() {
    const auto start = std::chrono::steady_clock::now();
    summary_.is_dry_run = to_.sink.writer == nullptr || from_.sink.writer == nullptr;
    from_.existing.load(options_.stop);
    to_.existing.load(options_.stop);
    planner_.plan();
    finish_plan();
    if (!summary_.is_dry_run && summary_.blocked.empty()) {
      write(to_, to_deletions_);
      write(from_, from_deletions_);
      planned_.settle();
    }
    summary_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(summary_);
  }

 private:
  static bool has_changes(const Side& side, const SyncDeletions& deletions) {
    return !side.updates.is_empty() || !side.creates.is_empty() || deletions.has_removals();
  }

  void finish_plan() {
    for (const auto& [side, deletions] :
         {std::pair<Side*, SyncDeletions*>(&to_, &to_deletions_), {&from_, &from_deletions_}}) {
      if (side->is_staged() && has_changes(*side, *deletions)) {
        add_losses_of_rewriting(side->existing, summary_.ledger);
      } else {
        const auto& notices = side->existing.notices();
        summary_.ledger.notices.insert(summary_.ledger.notices.end(), notices.begin(),
                                       notices.end());
      }
      if (!side->existing.truncation().empty())
        summary_.truncated.push_back(side->name + ": " + side->existing.truncation());
      if (summary_.blocked.empty() && summary_.ledger.has_changes() && !options_.accept_partial)
        hold(*side, reason_not_to_rewrite(side->existing));
      if (summary_.blocked.empty())
        summary_.blocked = deletions->reason_to_hold(options_.max_delete);
    }
    for (const Side* side : {&from_, &to_}) {
      if (observer_.wants_fingerprints())
        summary_.fingerprints.emplace_back(side->name, side->existing.fingerprint());
    }
    observer_.on_planned(summary_);
  }

  void hold(const Side& side, const std::string& reason) {
    if (!reason.empty()) summary_.blocked = side.name + ": " + reason;
  }

  void write(Side& side, const SyncDeletions& deletions) {
    if (!has_changes(side, deletions)) return;
    JobMemory memory = options_.memory;
    memory.links = nullptr;
    memory.observer = &planned_.observer(side.index);
    memory.endpoint = side.name;
    ChangeWriter writer(*side.sink.writer, side.sink.view->kind(), side.keys, memory, summary_,
                        options_.stop);
    ContentWriter content(side.existing, side.updates, &deletions, writer);
    if (side.is_staged()) {
      content.rewrite(options_.stop);
      side.creates.replay(writer);
      commit_staged(*side.sink.writer, options_);
    } else {
      content.send_updates(options_.stop);
      side.creates.replay(writer);
      content.send_removals(options_.stop);
    }
    summary_.is_written = true;
  }

  PlanObserver& observer_;
  const RunOptions& options_;
  RunSummary summary_;
  LinkTable no_links_;
  BaseTable no_bases_;
  LinkTable& links_;
  BaseTable& bases_;
  Side from_;
  Side to_;
  SyncLinks planned_;
  SyncDeletions from_deletions_;
  SyncDeletions to_deletions_;
  SyncPlanner planner_;
};

}  // namespace

RunSummary run_sync(const Job& job, OpenSink& from, OpenSink& to, PlanObserver& observer,
                    const RunOptions& options) {
  return SyncRun(job, from, to, observer, options).carry_out();
}

}  // namespace linkferry
