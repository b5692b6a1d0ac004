#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "config/job.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry {

/// What stands for a match key: XXH3-128 of its text. Two different texts share one with a chance
/// below 1e-24 among ten million.
/// Keys are stored with the version of the rules that made them.
struct Key {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend bool operator==(const Key&, const Key&) = default;
};

/// Goes up with every change of what `match_key` or `content_key` give; a test holds it to that.
inline constexpr int stored_key_version = 1;

/// The text that two URLs must share to be the same bookmark (README, "Sameness"). Never shown,
/// stored or sent.
///
/// - `exact`: the URL as it is.
/// - `standard`, for http, https and ftp: scheme and host in lower case, IDN by UTS #46
/// (non-transitional), the default
///   port, an empty port and an empty userinfo gone. For http and https further: both are `https`
///   (a literal `http://host:443` is a port of its own and stays); `.` and `..` resolved;
///   percent-encoding in capitals, unreserved characters decoded, blanks and non-ASCII encoded; one
///   trailing slash of the path, an empty query, the parameters of tracking_parameters.hpp and a
///   fragment that begins with neither `!` nor `/` gone.
/// - `loose`: `standard` without leading `www.`, and with parameters in the order of their names.
///
/// Everything else (other schemes, no scheme, no host) is left as it is. `url` is any bytes of any
/// length. Stable: the canonical text of a canonical text is that text. Takes time in proportion to
/// the length (n log n for `loose`). Lifetime: the view points into `url` or `scratch`, and is
/// valid until either changes. `scratch` is workspace: lend the same one again and again, and there
/// is no allocation. Thread: any, each with its own `scratch`. Source: RFC 3986 sections 5.2.4
/// and 6.2 (read 2026-11-22), UTS #46.
std::string_view canonical_url(std::string_view url, MatchPreset preset, std::string& scratch);

/// The key of the canonical text. About 50 ns for an ordinary URL.
Key match_key(std::string_view url, MatchPreset preset, std::string& scratch);

/// The key of a bookmark that has no URL (a note, a piece of code): of its kind, title, description
/// and notes. Never equal to the key of a URL, but for chance. Absent and empty texts are the same.
Key content_key(const Bookmark& bookmark, std::string& scratch);

/// `match_key` where there is a URL, else `content_key`.
Key key_of(const Bookmark& bookmark, MatchPreset preset, std::string& scratch);

/// The key of any bytes.
Key hash_of(std::string_view bytes);

}  // namespace linkferry
