#include "net/rate_limiter.hpp"

#include "support/catch.hpp"

using namespace linkferry;
using namespace std::chrono_literals;

namespace {

const Clock::Time start{1h};

/// When `count` requests go that are all ready at once.
std::vector<std::chrono::milliseconds> times(RateLimiter& limiter, int count,
                                             Clock::Time now = start) {
  std::vector<std::chrono::milliseconds> all;
  for (int i = 0; i < count; ++i) {
    now = limiter.reserve(now);
    all.push_back(std::chrono::ceil<std::chrono::milliseconds>(now - start));
  }
  return all;
}

}  // namespace

TEST_CASE("without a rate every request goes at once", "[net][rate]") {
  RateLimiter limiter;
  CHECK(times(limiter, 3) == std::vector{0ms, 0ms, 0ms});
}

TEST_CASE("requests are spread evenly instead of bursting and stalling", "[net][rate]") {
  RateLimiter limiter;
  limiter.tighten({.requests = 60, .interval = 60s, .burst = 1});
  CHECK(times(limiter, 4) == std::vector{0ms, 1000ms, 2000ms, 3000ms});
}

TEST_CASE("a burst is part of the interval's requests, never more", "[net][rate]") {
  RateLimiter limiter;
  limiter.tighten({.requests = 300, .interval = 300s, .burst = 30});
  const auto all = times(limiter, 400);
  CHECK(all[29] == 0ms);
  CHECK(all[30] > 0ms);
  for (std::size_t first = 0; first + 300 < all.size(); ++first) {
    CAPTURE(first);
    REQUIRE(all[first + 300] - all[first] >= 299'999ms);
  }
}

TEST_CASE("after a rest a burst may go again", "[net][rate]") {
  RateLimiter limiter;
  limiter.tighten({.requests = 100, .interval = 100s, .burst = 3});
  times(limiter, 3);
  const auto later = times(limiter, 4, start + 60s);
  CHECK(later[2] == 60'000ms);
  CHECK(later[3] > 60'000ms);
}

TEST_CASE("where all requests of an interval may go at once, so may those of the next",
          "[net][rate]") {
  RateLimiter limiter;
  limiter.tighten({.requests = 3, .interval = 1h, .burst = 3});
  CHECK(times(limiter, 8) ==
        std::vector<std::chrono::milliseconds>{0h, 0h, 0h, 1h, 1h, 1h, 2h, 2h});
  // Counted from each of them, so that no hour has more.
  RateLimiter other;
  other.tighten({.requests = 2, .interval = 1h, .burst = 2});
  other.reserve(start);
  CHECK(times(other, 3, start + 50min) ==
        std::vector<std::chrono::milliseconds>{50min, 60min, 110min});
}

TEST_CASE("of two clients of one service the slower rate counts", "[net][rate]") {
  RateLimiters limiters;
  limiters.of("https://links.example")->tighten({.requests = 1, .interval = 1s, .burst = 1});
  limiters.of("https://links.example")->tighten({.requests = 1, .interval = 10s, .burst = 1});
  limiters.of("https://links.example")->tighten({.requests = 1, .interval = 2s, .burst = 1});
  CHECK(times(*limiters.of("https://links.example"), 2) == std::vector{0ms, 10'000ms});
  CHECK(times(*limiters.of("https://links.example:8443"), 2) == std::vector{0ms, 0ms});
}

TEST_CASE("what remains is spread over the time until the reset once half is gone", "[net][rate]") {
  RateLimiter limiter;
  limiter.learn({.limit = 300, .remaining = 151, .reset_in = 200s}, start);
  CHECK(times(limiter, 2) == std::vector{0ms, 0ms});
  limiter.learn({.limit = 300, .remaining = 100, .reset_in = 200s}, start);
  CHECK(times(limiter, 3) == std::vector{2000ms, 4000ms, 6000ms});
  limiter.learn({.limit = 300, .remaining = 299, .reset_in = 300s}, start);
  CHECK(times(limiter, 2) == std::vector{0ms, 0ms});
}

TEST_CASE("with nothing left no request goes before the reset", "[net][rate]") {
  RateLimiter limiter;
  limiter.learn({.limit = 300, .remaining = 0, .reset_in = 90s}, start);
  CHECK(times(limiter, 2) == std::vector{90'000ms, 90'000ms});
}

TEST_CASE("a walk through a service with a limit is never refused", "[net][rate]") {
  // Mastodon's window for paging: 300 requests in 15 minutes, aligned to the clock.
  RateLimiter limiter;
  Clock::Time now = start + 100s;
  int used = 0;
  std::int64_t window = -1;
  for (int i = 0; i < 1000; ++i) {
    now = limiter.reserve(now) + 50ms;
    const std::int64_t this_window = now.time_since_epoch() / 900s;
    if (this_window != window) used = 0;
    window = this_window;
    ++used;
    REQUIRE(used <= 300);
    const auto reset_in =
        std::chrono::ceil<std::chrono::milliseconds>(Clock::Time(900s * (window + 1)) - now);
    limiter.learn(
        {.limit = 300, .remaining = static_cast<std::uint64_t>(300 - used), .reset_in = reset_in},
        now);
  }
  CHECK(now - start < 60min);
}
