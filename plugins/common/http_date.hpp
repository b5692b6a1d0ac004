#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace linkferry::common {

/// The date of an answer in seconds since 1970. Source: RFC 9110 section 5.6.7, the form that is
/// sent (read 2026-11-22).
std::optional<std::int64_t> parse_http_date(std::string_view text);

}  // namespace linkferry::common
