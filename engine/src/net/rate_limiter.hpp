#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "linkferry/http.hpp"
#include "net/clock.hpp"
#include "net/rate_headers.hpp"

namespace linkferry {

/// Tells each request to a service when it may go. A few go at once, the rest evenly, so that a run
/// is slow from the start rather than fast and then stalled; a service's own words about its limit
/// make it slower still, never faster.
///
/// Thread: any.
class RateLimiter {
 public:
  /// Takes the slower of what it has and `rate`, for clients of one service. Where all requests of
  /// an interval may go at once, each goes as soon as the interval before it has room; else what is
  /// beyond the burst is spread.
  void tighten(const RequestRate& rate);

  /// The time from which the next request may go, at `now` or later; it is taken then.
  Clock::Time reserve(Clock::Time now);

  /// What an answer said: the requests that remain are spread over the time until the reset, once
  /// half of them are gone; with none left nothing goes before it.
  void learn(const RateLimit& limit, Clock::Time now);

  /// Nothing goes before `time`.
  void pause_until(Clock::Time time);

 private:
  std::mutex mutex_;
  // The generic cell rate algorithm: one time that moves on by `spacing_` a request, and may lag by
  // `tolerance_`.
  std::chrono::nanoseconds spacing_{0};
  std::chrono::nanoseconds tolerance_{0};
  Clock::Time due_{};
  // Where all of an interval may go at once: when the last ones went.
  std::size_t most_in_window_ = 0;
  std::chrono::nanoseconds window_{0};
  std::deque<Clock::Time> starts_;
  std::chrono::nanoseconds learned_spacing_{0};
  Clock::Time learned_due_{};
  Clock::Time paused_until_{};
};

/// The limiters of all services, for clients that share one. A service is known by its origin and
/// path: several may live on one machine. Thread: any.
class RateLimiters {
 public:
  std::shared_ptr<RateLimiter> of(const std::string& service);

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<RateLimiter>> by_service_;
};

}  // namespace linkferry
