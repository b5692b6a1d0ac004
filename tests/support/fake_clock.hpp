#pragma once

#include <chrono>
#include <mutex>
#include <numeric>
#include <vector>

#include "net/clock.hpp"

namespace linkferry::test {

/// A clock on which waiting takes no time. It begins on 2026-11-22T00:00:00Z. Thread: any.
class FakeClock : public Clock {
 public:
  using Milliseconds = std::chrono::milliseconds;

  Time now() const override {
    const std::lock_guard lock(mutex_);
    return Time(since_start_);
  }
  std::chrono::system_clock::time_point date() const override {
    const std::lock_guard lock(mutex_);
    const std::chrono::system_clock::time_point start{std::chrono::seconds(1'795'305'600)};
    return start +
           std::chrono::duration_cast<std::chrono::system_clock::duration>(since_start_ + skew_);
  }
  bool wait_until(Time time, std::stop_token stop) override {
    if (stop.stop_requested()) return false;
    const std::lock_guard lock(mutex_);
    if (time <= Time(since_start_)) return true;
    waits_.push_back(std::chrono::ceil<Milliseconds>(time - Time(since_start_)));
    since_start_ = time.time_since_epoch();
    return true;
  }

  void advance(Time::duration time) {
    const std::lock_guard lock(mutex_);
    since_start_ += time;
  }
  /// How wrong the date is, compared with that of the servers.
  void set_skew(std::chrono::seconds skew) {
    const std::lock_guard lock(mutex_);
    skew_ = skew;
  }
  std::vector<Milliseconds> waits() const {
    const std::lock_guard lock(mutex_);
    return waits_;
  }
  Milliseconds waited() const {
    const auto all = waits();
    return std::accumulate(all.begin(), all.end(), Milliseconds(0));
  }

 private:
  mutable std::mutex mutex_;
  Time::duration since_start_{std::chrono::hours(1)};
  std::chrono::seconds skew_{0};
  std::vector<Milliseconds> waits_;
};

}  // namespace linkferry::test
