#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace linkferry {

/// How many typing errors (a letter too much, too few, wrong, or two swapped) lie between two
/// texts, in bytes. Texts over 64 bytes are not compared: the length of the longer one is returned.
/// Source: the optimal string alignment form of the Damerau-Levenshtein distance.
std::size_t typing_distance(std::string_view a, std::string_view b);

/// The candidate that `text` was probably meant to be; nothing when none is near enough (within a
/// third of its letters, rounded up, and at most 4).
std::optional<std::string> nearest(std::string_view text, std::span<const std::string> candidates);

/// `; did you mean "x"?`, or the empty text when no candidate is near.
std::string did_you_mean(std::string_view text, std::span<const std::string> candidates);

}  // namespace linkferry
