#pragma once

#include <poll.h>

#include <chrono>
#include <memory>
#include <stop_token>

namespace linkferry {

/// How long one attempt waits for the network: for each step, for everything together, and never
/// past a stop request.
class Patience {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `step` is the longest wait in `wait_for`; `total` is for all from now on.
  Patience(std::chrono::milliseconds step, std::chrono::milliseconds total, std::stop_token stop);
  ~Patience();
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

  /// Waits until `file` is ready for `events` (of poll). `doing` is what messages say: "waiting for
  /// the answer". Errors: TransportError timeout or stopped.
  void wait_for(int file, short events, const char* doing) const;
  /// The same, but false when `until` (or the total time, if that is earlier) comes first.
  bool wait_until(int file, short events, Time until) const;

  void set_step(std::chrono::milliseconds step) { step_ = step; }
  std::chrono::milliseconds step() const { return step_; }
  Time end() const { return end_; }
  const std::stop_token& stop() const { return stop_; }

  /// Errors: TransportError stopped.
  void throw_if_stopped() const;

 private:
  /// A file that becomes readable on a stop request, so that poll sees it.
  /// Rationale: closing or aborting the socket from another thread would be a data race.
  struct Wake;

  std::chrono::milliseconds step_;
  Time end_;
  std::stop_token stop_;
  std::unique_ptr<Wake> wake_;
};

}  // namespace linkferry
