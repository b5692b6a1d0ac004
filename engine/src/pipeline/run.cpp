#include "pipeline/run.hpp"

#include <chrono>
#include <optional>

#include "linkferry/failure.hpp"
#include "pipeline/change_output.hpp"
#include "pipeline/content_writer.hpp"
#include "pipeline/mirror.hpp"
#include "pipeline/planner.hpp"
#include "pipeline/rewriting.hpp"

namespace linkferry {
namespace {

std::string reason_to_hold(const RunSummary& summary, const ExistingContent& existing,
                           const RunOptions& options) {
  if (options.accept_partial) return {};
  if (std::string reason = reason_not_to_rewrite(existing); !reason.empty()) return reason;
  if (!summary.truncated.empty()) {
    return "an input is cut off (" + summary.truncated.front() +
           "); --accept-partial writes what was read of it";
  }
  return {};
}

class Run {
 public:
  Run(const Job& job, std::span<NamedSource> sources, OpenSink& sink, PlanObserver& observer,
      const RunOptions& options)
      : sources_(sources),
        sink_(sink),
        sink_name_(job.to),
        observer_(observer),
        options_(options),
        keys_(job.match, *sink.view),
        existing_(*sink.view, keys_, job.to),
        planner_(job, sources, *sink.view, existing_, keys_, observer, options, summary_) {
    if (options.memory.links != nullptr)
      mirror_.emplace(job, sources, *sink.view, existing_, keys_, *options.memory.links, observer,
                      summary_);
  }

  RunSummary carry_out() {
    const auto start = std::chrono::steady_clock::now();
    summary_.is_dry_run = sink_.writer == nullptr;
    existing_.load(options_.stop);
    if (existing_.bookmark_count() == 0 && options_.on_empty_sink) options_.on_empty_sink();
    planner_.scan();
    if (writes_straight_through()) {
      ChangeWriter writer = make_writer();
      planner_.plan(writer);
    } else if (sink_.writer != nullptr) {
      planner_.plan(creates_);
    } else {
      NoOutput nowhere;
      planner_.plan(nowhere);
    }
    planner_.resolve();
    if (mirror_) mirror_->plan(planner_.claims(), planner_.counts(), options_.stop);
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

  ChangeWriter make_writer() {
    return {*sink_.writer, sink_.view->kind(), keys_, options_.memory, summary_, options_.stop};
  }

  void finish_plan() {
    if (is_staged() && summary_.ledger.has_changes())
      add_losses_of_rewriting(existing_, summary_.ledger);
    if (summary_.ledger.has_changes())
      summary_.blocked = reason_to_hold(summary_, existing_, options_);
    if (summary_.blocked.empty() && mirror_)
      summary_.blocked = mirror_->reason_to_hold(options_.max_delete);
    if (observer_.wants_fingerprints()) note_fingerprints();
    observer_.on_planned(summary_);
  }

  void note_fingerprints() {
    for (std::size_t i = 0; i < sources_.size(); ++i)
      summary_.fingerprints.emplace_back(sources_[i].name, planner_.counts()[i].fingerprint);
    summary_.fingerprints.emplace_back(sink_name_, existing_.fingerprint());
  }

  void write() {
    ChangeWriter writer = make_writer();
    ContentWriter content(existing_, planner_.updates(), mirror_ ? &*mirror_ : nullptr, writer);
    if (!is_staged()) {
      content.send_updates(options_.stop);
      creates_.replay(writer);
      content.send_removals(options_.stop);
    } else if (!writes_straight_through()) {
      content.rewrite(options_.stop);
      creates_.replay(writer);
    }
    if (is_staged()) commit_staged(*sink_.writer, options_);
    summary_.is_written = true;
  }

  std::span<NamedSource> sources_;
  OpenSink& sink_;
  const std::string& sink_name_;
  PlanObserver& observer_;
  const RunOptions& options_;
  RunSummary summary_;
  KeyMaker keys_;
  ExistingContent existing_;
  Planner planner_;
  std::optional<Mirror> mirror_;
  ChangeSpool creates_;
};

}  // namespace

void commit_staged(SinkWriter& writer, const RunOptions& options) {
  if (options.stop.stop_requested())
    throw Failure(FailureKind::interrupted, "interrupted; nothing was written");
  Journal* const journal = options.memory.journal;
  if (journal != nullptr) journal->make_durable();
  writer.commit();
  if (journal != nullptr) journal->settle();
}

RunSummary run_job(const Job& job, std::span<NamedSource> sources, OpenSink& sink,
                   PlanObserver& observer, const RunOptions& options) {
  return Run(job, sources, sink, observer, options).carry_out();
}

}  // namespace linkferry
