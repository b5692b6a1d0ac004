#include "cli/job_memory.hpp"

#include <fmt/format.h>

#include "cli/job_places.hpp"
#include "config/job_names.hpp"
#include "linkferry/failure.hpp"
#include "state/history.hpp"

namespace linkferry {
JobMemoryKeeper::JobMemoryKeeper(const JobRequest& request) : request_(request), job_(request.job) {
  if (job_.digest.empty()) {
    lock_sink_alone();
    return;
  }
  const auto file = default_state_file();
  // A plan leaves nothing behind, not even an empty state.
  if (request.is_dry_run && !std::filesystem::exists(file)) return;
  if (!request.is_dry_run) lock(state_lock_folder());
  store_.emplace(file);
  state_.emplace(*store_, job_.name, job_.identity);
}

void JobMemoryKeeper::lock(const std::filesystem::path& folder) {
  locks_.push_back(lock_state(JobLock::Sharing::with_others));
  locks_.emplace_back(folder, "job " + job_.name, fmt::format("the job {}", job_.name));
  if (is_standard_stream(request_.sink)) return;
  locks_.emplace_back(folder, place_of(request_.sink),
                      fmt::format("{} (endpoint of the job {})", request_.sink.name, job_.name));
  if (job_.mode != Mode::sync) return;
  const Endpoint& from = request_.sources.front();
  // Two accounts of one service.
  if (place_of(from) == place_of(request_.sink)) return;
  locks_.emplace_back(folder, place_of(from),
                      fmt::format("{} (endpoint of the job {})", from.name, job_.name));
}

/// Of a command line alone. Where nothing can be remembered, it can still copy: a file that another
/// program has written meanwhile is not replaced.
void JobMemoryKeeper::lock_sink_alone() {
  if (request_.is_dry_run || is_standard_stream(request_.sink)) return;
  try {
    locks_.emplace_back(state_lock_folder(), place_of(request_.sink), request_.sink.name);
  } catch (const Failure& failure) {
    if (failure.kind() == FailureKind::locked) throw;
  }
}

std::unique_ptr<Source> JobMemoryKeeper::continue_source(const std::string& name,
                                                         std::unique_ptr<Source> source) {
  // What a mirror has to know is what is no longer there.
  if (!state_ || job_.mode == Mode::mirror || !source->is_incremental()) return source;
  auto last = request_.reads_everything ? std::nullopt
                                        : store_->find_checkpoint(job_.name, job_.digest, name);
  auto continued = std::make_unique<ContinuedSource>(std::move(source), std::move(last));
  sources_.push_back({name, continued.get()});
  return continued;
}

void JobMemoryKeeper::forget() {
  for (auto& [name, source] : sources_) source->forget();
}

JobMemory JobMemoryKeeper::for_run(SinkKind kind) {
  if (!state_) return {};
  // A copy into a file needs no links: nothing is deleted, and what is the same is told by its key.
  keeps_links_ = (kind == SinkKind::live || job_.mode != Mode::copy) && !request_.undone_run;
  JobMemory memory;
  if (!request_.is_dry_run) memory.journal = &*state_;
  // What an undo brings back is no longer kept in step: else the next run would delete it again.
  if (keeps_links_) memory.links = &state_->links();
  // What an undo or an open conflict has left apart is in step with the base, not with the other
  // side.
  const bool has_bases = job_.mode == Mode::sync && !request_.only_compares;
  if (has_bases) memory.bases = &state_->bases();
  return memory;
}

std::vector<UndoEntry> JobMemoryKeeper::entries_to_undo() {
  return History(*store_).entries_to_undo(*request_.undone_run);
}

void JobMemoryKeeper::begin(Timestamp started_at) {
  started_at_ = started_at;
  if (notes()) state_->begin(request_.undone_run ? "undo" : name_of(job_.mode), started_at.seconds);
}

void JobMemoryKeeper::finish(const RunSummary& summary) {
  if (!notes()) return;
  const RunOutcome outcome = !summary.blocked.empty() ? RunOutcome::blocked
                             : summary.has_failures   ? RunOutcome::partly_done
                                                      : RunOutcome::done;
  const bool is_undo = request_.undone_run.has_value();
  const bool has_seen_sink = outcome != RunOutcome::blocked && !is_undo;
  state_->finish(outcome, summary.ledger, summary.blocked,
                 !has_seen_sink ? StoredLinks::not_seen
                 : keeps_links_ ? StoredLinks::yes
                                : StoredLinks::no);
  if (is_undo && outcome == RunOutcome::done && summary.is_written)
    History(*store_).note_undone(*request_.undone_run, state_->run());
  // After a run in which everything that was read has arrived.
  if (outcome != RunOutcome::done || !summary.truncated.empty()) return;
  for (const auto& [name, source] : sources_) {
    if (source->reached() && !source->reached()->empty())
      store_->store_checkpoint(job_.name, job_.digest, name,
                               {*source->reached(), started_at_.seconds});
  }
}

void JobMemoryKeeper::fail(const Failure& failure) {
  if (!notes()) return;
  const bool was_stopped =
      failure.kind() == FailureKind::interrupted || failure.kind() == FailureKind::limit_reached;
  try {
    state_->finish(was_stopped ? RunOutcome::interrupted : RunOutcome::failed, {}, failure.what(),
                   StoredLinks::not_seen);
  } catch (const Failure&) {
    return;  // What stopped the run is what a person has to know; the next run settles this one.
  }
}

}  // namespace linkferry
