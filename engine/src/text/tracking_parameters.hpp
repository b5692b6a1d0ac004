#pragma once

#include <cstdint>
#include <string_view>

namespace linkferry {

/// The query parameters that tell where a visitor came from and not which page is meant. Names
/// match without regard to case. A new one goes into this list and nowhere else. Source: the help
/// pages of the services that add them, and the lists of Firefox and Brave (read 2026-11-22).
inline constexpr std::string_view tracking_parameters[] = {
    "fbclid", "gclid",  "dclid",   "gbraid",      "wbraid",     "msclkid",
    "mc_cid", "mc_eid", "igshid",  "yclid",       "twclid",     "ttclid",
    "_hsenc", "_hsmi",  "vero_id", "oly_anon_id", "oly_enc_id", "ref_src",
};

/// Every parameter whose name begins so (without regard to case) is one too.
inline constexpr std::string_view tracking_prefix = "utm_";

namespace detail {

constexpr char to_lower_ascii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

constexpr bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (to_lower_ascii(text[i]) != lower[i]) return false;
  }
  return true;
}

/// One bit for each first character of the list, by its low five bits: most names are told apart by
/// this alone.
constexpr std::uint32_t first_characters() {
  std::uint32_t bits = 1u << (tracking_prefix.front() & 31);
  for (const auto name : tracking_parameters) bits |= 1u << (name.front() & 31);
  return bits;
}

}  // namespace detail

/// Whether the first character of a text is that of a tracking parameter: false for most.
constexpr bool may_begin_tracking_parameter(std::string_view text) {
  return !text.empty() && (detail::first_characters() >> (text.front() & 31) & 1) != 0;
}

/// Whether a parameter of this name (percent-decoded as far as it may be) is left out of the match
/// key.
constexpr bool is_tracking_parameter(std::string_view name) {
  if (name.size() < 4 || !may_begin_tracking_parameter(name)) return false;
  if (detail::equals_ignoring_case(name.substr(0, tracking_prefix.size()), tracking_prefix))
    return true;
  for (const auto known : tracking_parameters) {
    if (detail::equals_ignoring_case(name, known)) return true;
  }
  return false;
}

}  // namespace linkferry
