#include "net/rate_limiter.hpp"

#include <algorithm>

namespace linkferry {

using std::chrono::nanoseconds;

void RateLimiter::tighten(const RequestRate& rate) {
  if (rate.requests == 0 || rate.interval.count() <= 0) return;
  const std::uint32_t burst = std::clamp<std::uint32_t>(rate.burst, 1, rate.requests);
  // The burst is part of the interval's requests: burst + what is spread = requests, in any
  // interval.
  const nanoseconds spacing = nanoseconds(rate.interval) / (rate.requests - burst + 1);
  const std::lock_guard lock(mutex_);
  if (burst == rate.requests && burst > 1) {
    const nanoseconds each = nanoseconds(rate.interval) / burst;
    const bool is_slower =
        most_in_window_ == 0 || each > window_ / static_cast<std::int64_t>(most_in_window_);
    if (is_slower) most_in_window_ = burst, window_ = rate.interval;
    return;
  }
  if (spacing <= spacing_) return;
  spacing_ = spacing;
  tolerance_ = spacing * (burst - 1);
}

Clock::Time RateLimiter::reserve(Clock::Time now) {
  const std::lock_guard lock(mutex_);
  Clock::Time start = std::max({now, due_ - tolerance_, learned_due_, paused_until_});
  if (most_in_window_ > 0) {
    while (starts_.size() > most_in_window_) starts_.pop_front();
    if (starts_.size() == most_in_window_) start = std::max(start, starts_.front() + window_);
    starts_.push_back(start);
  }
  if (spacing_.count() > 0) due_ = std::max(due_, start) + spacing_;
  learned_due_ = start + learned_spacing_;
  return start;
}

void RateLimiter::learn(const RateLimit& limit, Clock::Time now) {
  if (!limit.remaining || !limit.reset_in) return;
  const std::lock_guard lock(mutex_);
  if (*limit.remaining == 0) {
    learned_spacing_ = nanoseconds(0);
    paused_until_ = std::max(paused_until_, now + *limit.reset_in);
    return;
  }
  constexpr std::uint64_t usual_limit = 100;
  const bool is_plenty = *limit.remaining > limit.limit.value_or(usual_limit) / 2;
  learned_spacing_ =
      is_plenty
          ? nanoseconds(0)
          : nanoseconds(*limit.reset_in) /
                static_cast<std::int64_t>(std::min<std::uint64_t>(*limit.remaining, 1'000'000));
  learned_due_ = now + learned_spacing_;
}

void RateLimiter::pause_until(Clock::Time time) {
  const std::lock_guard lock(mutex_);
  paused_until_ = std::max(paused_until_, time);
}

std::shared_ptr<RateLimiter> RateLimiters::of(const std::string& service) {
  const std::lock_guard lock(mutex_);
  auto& limiter = by_service_[service];
  if (!limiter) limiter = std::make_shared<RateLimiter>();
  return limiter;
}

}  // namespace linkferry
