#include "config/nearest.hpp"

#include <algorithm>
#include <array>

namespace linkferry {

namespace {

constexpr std::size_t longest_compared = 64;

}  // namespace

std::size_t typing_distance(std::string_view a, std::string_view b) {
  if (a.size() > longest_compared || b.size() > longest_compared) {
    return a == b ? 0 : std::max(a.size(), b.size());
  }
  using Row = std::array<std::size_t, longest_compared + 1>;
  Row before{}, above{}, row{};
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before = above;
    above = row;
  }
  return above[b.size()];
}

std::optional<std::string> nearest(std::string_view text, std::span<const std::string> candidates) {
  const std::size_t allowed = std::clamp<std::size_t>((text.size() + 2) / 3, 1, 4);
  const std::string* best = nullptr;
  std::size_t best_distance = allowed + 1;
  for (const auto& candidate : candidates) {
    const std::size_t distance = typing_distance(text, candidate);
    if (distance >= best_distance || distance >= candidate.size()) continue;
    best = &candidate;
    best_distance = distance;
  }
  if (best == nullptr) return {};
  return *best;
}

std::string did_you_mean(std::string_view text, std::span<const std::string> candidates) {
  const auto found = nearest(text, candidates);
  return found ? "; did you mean \"" + *found + "\"?" : std::string();
}

}  // namespace linkferry
