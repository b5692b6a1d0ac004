#include "linkding/linkding_features.hpp"

#include <charconv>

namespace linkferry::linkding {
namespace {

/// `1.46.2` as 1'046; 0 for what is no version.
int number_of(std::string_view version) {
  int major = 0;
  int minor = 0;
  const char* const end = version.data() + version.size();
  const auto first = std::from_chars(version.data(), end, major);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '.') return 0;
  const auto second = std::from_chars(first.ptr + 1, end, minor);
  if (second.ec != std::errc{} || major < 0 || major > 1000 || minor < 0 || minor > 999) return 0;
  return major * 1000 + minor;
}

}  // namespace

Features features_of(std::string_view version) {
  const int number = number_of(version);
  return {
      .version = std::string(version),
      .keeps_dates = number >= 1045,
      .normalizes_urls = number >= 1043,
      .has_date_filter = number >= 1041,
      .has_assets = number >= 1039,
      .can_skip_scraping = number >= 1035,
      .has_notes = number >= 1019,
  };
}

std::vector<std::string> lacking(const Features& features) {
  std::vector<std::string> sentences;
  const auto say = [&sentences](bool has, const char* sentence) {
    if (!has) sentences.emplace_back(sentence);
  };
  say(features.keeps_dates,
      "it dates what it stores itself: dates of creation and change are lost (1.45 keeps them)");
  say(features.normalizes_urls,
      "it takes addresses that differ in a slash or the order of a query for two (1.43 does not)");
  say(features.has_date_filter,
      "it cannot list what has changed since a date: each run reads all (1.41 can)");
  say(features.has_assets, "it has no files beside bookmarks (1.39 has)");
  say(features.can_skip_scraping,
      "it fetches every page that it stores, which is slow, and fills in empty titles (1.35 can "
      "leave that)");
  say(features.has_notes, "it has no notes (1.19 has)");
  return sentences;
}

}  // namespace linkferry::linkding
