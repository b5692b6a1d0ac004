#include "net/retry.hpp"

#include <algorithm>

namespace linkferry {

bool is_read(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

bool is_repeatable(const HttpRequest& request) {
  if (request.is_sent_once) return false;
  return request.is_repeatable || is_read(request.method) || request.method == "PUT" ||
         request.method == "DELETE";
}

bool is_temporary_status(int status) {
  return status == 408 || status == 425 || status == 429 || status == 500 || status == 502 ||
         status == 503 || status == 504;
}

std::chrono::milliseconds backoff(unsigned retry, std::minstd_rand& random) {
  constexpr int first_ms = 500;
  constexpr int longest_ms = 30'000;
  const int full = std::min(first_ms << std::min(retry, 10U), longest_ms);
  std::uniform_int_distribution<int> part(full / 2, full);
  return std::chrono::milliseconds(part(random));
}

}  // namespace linkferry
