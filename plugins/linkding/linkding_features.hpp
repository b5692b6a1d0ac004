#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace linkferry::linkding {

/// What a linkding of some version can do. Source: the tags of its repository in which each feature
/// first stands (read 2026-11-22); older servers pass over what they do not know without an error.
struct Features {
  std::string version;          ///< as the server says it; empty where it says none
  bool keeps_dates = true;      ///< dates can be set (1.45)
  bool normalizes_urls = true;  ///< addresses are compared by `normalized_url` (1.43), not exactly
  bool has_date_filter = true;  ///< modified_since and added_since (1.41)
  bool has_assets = true;       ///< files of a bookmark (1.39)
  bool can_skip_scraping = true;  ///< `disable_scraping` (1.35)
  bool has_notes = true;          ///< (1.19)
};

/// The features of a version such as `1.46.2`; those of the oldest for what is no version.
Features features_of(std::string_view version);

/// What a server lacks, a sentence each; none for a new one.
std::vector<std::string> lacking(const Features& features);

}  // namespace linkferry::linkding
