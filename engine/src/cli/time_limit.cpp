#include "cli/time_limit.hpp"

namespace linkferry {

TimeLimit::TimeLimit(std::optional<std::chrono::seconds> limit, std::stop_source& stop) {
  if (!limit) return;
  end_ = std::chrono::steady_clock::now() + *limit;
  timer_ = std::jthread([this, &stop](std::stop_token own_end) {
    std::unique_lock lock(mutex_);
    never_.wait_until(lock, own_end, *end_, [] { return false; });
    if (is_over()) stop.request_stop();
  });
}

bool TimeLimit::is_over() const { return end_ && std::chrono::steady_clock::now() >= *end_; }

}  // namespace linkferry
