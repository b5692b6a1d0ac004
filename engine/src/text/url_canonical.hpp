#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace linkferry {

/// The two ways to the canonical text of a URL; `canonical_url` chooses. Both give the same text.

/// The quick one, for what nearly all URLs are: http or https, ASCII, no userinfo, no dot segments,
/// no percent-encoding that has to be changed. Returns what follows `canonical_scheme`; nothing for
/// any other URL. Lifetime: of `scratch` or `url`.
std::optional<std::string_view> canonical_plain_rest(std::string_view url, std::string& scratch);

/// With which every canonical text of a web address begins, but for `http://host:443`.
inline constexpr std::string_view canonical_scheme = "https://";

/// The one for every text. Lifetime: of `scratch` or `url`.
std::string_view canonical_any_url(std::string_view url, bool is_loose, std::string& scratch);

}  // namespace linkferry
