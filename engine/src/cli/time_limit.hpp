#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace linkferry {

/// Asks for a stop when the time that a run may take is over.
class TimeLimit {
 public:
  /// Nothing: there is no limit. `stop` outlives this.
  TimeLimit(std::optional<std::chrono::seconds> limit, std::stop_source& stop);

  /// Whether it was this that asked for the stop. Thread: any.
  bool is_over() const;

  /// When; nothing where there is no limit.
  std::optional<std::chrono::steady_clock::time_point> end() const { return end_; }

 private:
  std::optional<std::chrono::steady_clock::time_point> end_;
  std::mutex mutex_;
  std::condition_variable_any never_;  ///< nobody notifies it: only time and the end of this wake
  std::jthread timer_;
};

}  // namespace linkferry
