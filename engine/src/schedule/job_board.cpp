#include "schedule/job_board.hpp"

#include <algorithm>

namespace linkferry {

JobStatus* JobBoard::find(const std::string& job) {
  const auto found = std::ranges::find(jobs_, job, &JobStatus::job);
  return found == jobs_.end() ? nullptr : &*found;
}

void JobBoard::show(const std::vector<std::pair<std::string, std::string>>& jobs_and_schedules) {
  const std::lock_guard lock(mutex_);
  std::vector<JobStatus> shown;
  for (const auto& [job, schedule] : jobs_and_schedules) {
    const JobStatus* known = find(job);
    shown.push_back(known != nullptr ? *known : JobStatus{});
    shown.back().job = job;
    shown.back().schedule = schedule;
  }
  jobs_ = std::move(shown);
}

void JobBoard::on_next(const std::string& job, std::optional<Moment> next_run) {
  const std::lock_guard lock(mutex_);
  if (JobStatus* status = find(job)) status->next_run = next_run;
}

void JobBoard::on_started(const std::string& job) {
  const std::lock_guard lock(mutex_);
  if (JobStatus* status = find(job)) status->is_running = true;
}

void JobBoard::on_ended(const std::string& job, const EndedRun& run, Moment now) {
  const std::lock_guard lock(mutex_);
  JobStatus* status = find(job);
  if (status == nullptr) return;
  status->is_running = false;
  status->last = run;
  if (run.outcome == "done") status->last_success = now;
  ++status->runs[run.outcome];
  status->seconds += run.seconds;
  status->total.read += run.ledger.read;
  for (std::size_t i = 0; i < fate_count; ++i) status->total.fates[i] += run.ledger.fates[i];
}

std::vector<JobStatus> JobBoard::jobs() const {
  const std::lock_guard lock(mutex_);
  return jobs_;
}

}  // namespace linkferry
