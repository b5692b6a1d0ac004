#include "common/change_work.hpp"

#include <algorithm>
#include <thread>
#include <vector>

namespace linkferry::common {

ChangeWork::ChangeWork(CarryOut carry_out, std::atomic<unsigned>& failures,
                       std::span<const Change> changes, std::span<Outcome> outcomes,
                       std::stop_token stop)
    : carry_out_(std::move(carry_out)),
      failures_(failures),
      changes_(changes),
      outcomes_(outcomes),
      stop_(std::move(stop)) {
  // Each call tries once whether the service is back.
  failures_ = std::min(failures_.load(), most_failures_in_a_row - 1);
}

void ChangeWork::run(std::size_t concurrency) {
  const std::size_t threads = std::min(concurrency, changes_.size());
  if (threads <= 1) {
    take_changes();
  } else {
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < threads; ++i) workers.emplace_back([this] { take_changes(); });
  }
  if (error_) std::rethrow_exception(error_);
  if (has_answer_ || stop_.stop_requested() || failures_ < most_failures_in_a_row) return;
  throw Failure(FailureKind::temporary, outcomes_.front().reason +
                                            "; so did those before and after it, and nothing "
                                            "more is tried: run again later");
}

void ChangeWork::take_changes() {
  for (std::size_t i = next_++; i < changes_.size(); i = next_++) {
    try {
      outcomes_[i] = carry_out(changes_[i]);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_) error_ = std::current_exception();
      next_ = changes_.size();
    }
  }
}

Outcome ChangeWork::carry_out(const Change& change) {
  if (stop_.stop_requested()) return {Result::failed, {}, "stopped before it began"};
  if (failures_ >= most_failures_in_a_row)
    return {Result::failed, {}, "not tried, since those before it failed"};
  Outcome outcome = carry_out_(change);
  if (outcome.result == Result::failed) {
    ++failures_;
  } else {
    failures_ = 0;
    has_answer_ = true;
  }
  return outcome;
}

}  // namespace linkferry::common
