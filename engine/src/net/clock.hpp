#pragma once

#include <chrono>
#include <stop_token>

namespace linkferry {

/// Time as the client's pauses see it, so that tests need not wait. Thread: any.
class Clock {
 public:
  using Time = std::chrono::steady_clock::time_point;

  virtual ~Clock() = default;

  virtual Time now() const = 0;
  /// The date, for comparing with dates that servers send; in UTC.
  virtual std::chrono::system_clock::time_point date() const = 0;
  /// Waits until `time`. False when a stop request came first.
  virtual bool wait_until(Time time, std::stop_token stop) = 0;
};

/// The clock of the machine.
Clock& machine_clock();

}  // namespace linkferry
