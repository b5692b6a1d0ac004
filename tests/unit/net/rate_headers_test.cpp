#include "net/rate_headers.hpp"

#include "linkferry/timestamp_text.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using namespace std::chrono_literals;

namespace {

std::chrono::system_clock::time_point at(const char* date) {
  return std::chrono::system_clock::time_point(std::chrono::seconds(parse_rfc3339(date).seconds));
}

HttpHeaders headers(std::vector<HttpHeader> all) { return {std::move(all)}; }

const auto local = at("2026-08-08T12:00:00Z");

}  // namespace

TEST_CASE("the three forms of HTTP dates are read, and nothing else", "[net][rate]") {
  const auto expected = std::chrono::sys_seconds(784'111'777s);
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == expected);
  CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == expected);
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == expected);
  for (const char* text :
       {"", "garbage", "Sun, 06 Nov 1994 08:49:37", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "1994-11-06T08:49:37Z",
        "Sun Nov", ","}) {
    CAPTURE(text);
    CHECK_FALSE(parse_http_date(text));
  }
}

TEST_CASE("Retry-After is read in seconds and as a date", "[net][rate]") {
  CHECK(read_retry_after(headers({{"Retry-After", "30"}}), local) == 30s);
  CHECK(read_retry_after(headers({{"retry-after", "Sat, 08 Aug 2026 12:00:20 GMT"}}), local) ==
        20s);
  CHECK(read_retry_after(headers({{"Retry-After", "Sat, 08 Aug 2026 11:00:00 GMT"}}), local) == 0s);
  CHECK_FALSE(read_retry_after(headers({{"Retry-After", "soon"}}), local));
  CHECK_FALSE(read_retry_after(headers({{"Retry-After", "-5"}}), local));
  CHECK_FALSE(read_retry_after(headers({}), local));
  CHECK(read_retry_after(headers({{"Retry-After", "99999999999999999999"}}), local) ==
        std::nullopt);
  CHECK(read_retry_after(headers({{"Retry-After", "9999999999999"}}), local) ==
        std::chrono::hours(24 * 366));
}

TEST_CASE("a date is compared with the server's own clock", "[net][rate]") {
  // The server's clock is an hour ahead of ours.
  const auto skewed = headers({{"Date", "Sat, 08 Aug 2026 13:00:00 GMT"},
                               {"Retry-After", "Sat, 08 Aug 2026 13:00:45 GMT"},
                               {"X-RateLimit-Remaining", "0"},
                               {"X-RateLimit-Reset", "2026-08-08T13:02:00.123456Z"}});
  CHECK(read_retry_after(skewed, local) == 45s);
  CHECK(read_rate_limit(skewed, local).reset_in == 120'124ms);
}

TEST_CASE("the rate limit headers of every service are read", "[net][rate]") {
  const auto [name, reset, wait] = GENERATE(table<std::string, std::string, int>({
      {"Mastodon: 6 digits", "2026-08-08T12:05:00.000000Z", 300'000},
      {"GoToSocial: 3 digits", "2026-08-08T12:05:00.500Z", 300'500},
      {"Raindrop: seconds since 1970", "1786190700", 300'000},
      {"seconds from now", "300", 300'000},
      {"long ago", "2026-08-08T11:05:00.000Z", 0},
      {"a year from now is a mistake", "2027-08-08T12:05:00.000Z", 900'000},
      {"ten days from now is a mistake", "864000", 900'000},
      {"the year 2508, beyond what the system clock counts", "17000000000", 900'000},
      {"the year 9999", "9999-12-31T23:59:59Z", 900'000},
  }));
  CAPTURE(name);
  const auto limit = read_rate_limit(headers({{"X-Ratelimit-Limit", "300"},
                                              {"X-Ratelimit-Remaining", "299"},
                                              {"X-Ratelimit-Reset", reset}}),
                                     local);
  CHECK(limit.limit == 300U);
  CHECK(limit.remaining == 299U);
  CHECK(limit.reset_in == std::chrono::milliseconds(wait));
}

TEST_CASE("rate limit headers that are missing or garbage say nothing", "[net][rate]") {
  const auto none = read_rate_limit(headers({}), local);
  CHECK_FALSE(none.limit);
  CHECK_FALSE(none.remaining);
  CHECK_FALSE(none.reset_in);
  const auto garbage = read_rate_limit(headers({{"X-RateLimit-Limit", "many"},
                                                {"X-RateLimit-Remaining", "-1"},
                                                {"X-RateLimit-Reset", "9999-99-99"}}),
                                       local);
  CHECK_FALSE(garbage.limit);
  CHECK_FALSE(garbage.remaining);
  CHECK_FALSE(garbage.reset_in);
}
