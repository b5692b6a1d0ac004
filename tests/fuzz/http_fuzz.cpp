#include <simdjson.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/require.hpp"
#include "linkferry/failure.hpp"
#include "net/address.hpp"
#include "net/decompressor.hpp"
#include "net/http_message.hpp"
#include "net/json_scan.hpp"
#include "net/rate_headers.hpp"
#include "net/transport_error.hpp"

namespace {

using namespace linkferry;

constexpr std::size_t max_json_depth = 100;

void check_head(std::string_view text) {
  try {
    const ResponseHead head = parse_response_head(text);
    require(head.status >= 100 && head.status <= 999, "a status has three digits");
    (void)head.keeps_alive();
    const auto now = std::chrono::system_clock::time_point{std::chrono::hours(490'000)};
    const auto wait = read_retry_after(head.headers, now);
    require(!wait || wait->count() >= 0, "a wait is never negative");
    const auto limit = read_rate_limit(head.headers, now);
    require(!limit.reset_in ||
                (limit.reset_in->count() >= 0 && *limit.reset_in <= RateLimit::longest_reset),
            "a reset lies within the longest window");
  } catch (const TransportError&) {
  }
}

void check_json(std::string_view text) {
  const bool is_good = find_json_problem(text, max_json_depth).empty();
  simdjson::dom::parser parser(1 << 20);
  if (parser.allocate(text.size(), max_json_depth) != simdjson::SUCCESS) return;
  const bool is_json = parser.parse(text.data(), text.size()).error() == simdjson::SUCCESS;
  require(is_good || !is_json, "what a JSON parser takes, the scan takes");
}

void check_stream(std::string_view bytes) {
  std::size_t size = 0;
  try {
    Decompressor decompressor;
    decompressor.put(bytes, [&size](std::string_view piece) {
      size += piece.size();
      if (size > (1U << 20)) throw Failure(FailureKind::failed, "too large");
    });
    decompressor.finish();
  } catch (const TransportError&) {
  } catch (const Failure&) {
  }
}

void check_address(std::string_view text) {
  static const Address from = parse_address("https://links.example:9443/base/", "url");
  if (const auto target = resolve_redirect(from, "/base/a?b", text)) {
    require(target->path.empty() || target->path.front() == '/', "a redirect has a path");
  }
  try {
    const Address address = parse_address(text, "url");
    require(!address.host.empty() && address.port != 0, "an address has a host and a port");
    require(address.path.empty() || (address.path.front() == '/' && address.path.back() != '/'),
            "a path begins with a slash and does not end in one");
  } catch (const Failure&) {
  }
}

}  // namespace

/// What servers send, as far as it is read without a connection.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_head(input);
  check_json(input);
  check_stream(input);
  check_address(input);
  return 0;
}
