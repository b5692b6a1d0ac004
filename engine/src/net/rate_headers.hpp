#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "linkferry/http.hpp"

namespace linkferry {

/// A date as HTTP writes it: `Sun, 22 Nov 2026 01:15:00 GMT`, and the two obsolete forms. Nothing
/// for anything else. Source: RFC 9110 section 5.6.7 (read 2026-11-22).
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

/// How long `Retry-After` asks to wait: seconds, or a date, which is compared with the answer's own
/// `Date` so that a wrong clock on either side does no harm (`local_date` where there is none).
/// Never negative. Nothing where it says nothing. Source: RFC 9110 section 10.2.3 (read
/// 2026-11-22).
std::optional<std::chrono::milliseconds> read_retry_after(
    const HttpHeaders& headers, std::chrono::system_clock::time_point local_date);

/// What a service says about its rate limit in an answer; each part may be missing.
struct RateLimit {
  std::optional<std::uint64_t> limit;
  std::optional<std::uint64_t> remaining;
  std::optional<std::chrono::milliseconds> reset_in;  ///< 0 to 15 minutes

  /// The longest window of the services known is Mastodon's for paging, 15 minutes; what is longer
  /// is a mistake.
  static constexpr std::chrono::milliseconds longest_reset{15 * 60'000};
};

/// Reads `X-RateLimit-Limit`, `-Remaining` and `-Reset`, with or without `X-`. The reset is a date
/// (ISO 8601 with any number of digits: Mastodon 6, GoToSocial 3), seconds since 1970 (Raindrop),
/// or seconds from now (numbers below 1,000,000,000). Dates are compared with the answer's own
/// `Date`. Source: Mastodon and GoToSocial sources, Raindrop's API documentation (read 2026-11-22).
RateLimit read_rate_limit(const HttpHeaders& headers,
                          std::chrono::system_clock::time_point local_date);

}  // namespace linkferry
