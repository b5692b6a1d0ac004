#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace linkferry {

/// A time span as people write it: a number and `s`, `m`, `h` or `d`, like 90s or 30m; at most
/// 1,000,000 of them. Nothing for everything else, zero too.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

/// The same in the largest unit that fits: 90s, 30m, 1d.
std::string format_duration(std::chrono::seconds duration);

}  // namespace linkferry
