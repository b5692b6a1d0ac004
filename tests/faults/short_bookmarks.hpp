#pragma once

#include <fmt/format.h>

#include <cctype>
#include <cstdint>
#include <string>
#include <vector>

namespace linkferry::test {

/// One of the bookmarks of a short text (World).
struct ShortBookmark {
  std::string name, title, description, folder;
  std::vector<std::string> tags;
  bool is_archived = false;
  int modified_day = 0;  ///< of January 2020; 0: not known

  bool is_post() const {
    return name.size() > 1 && (name[0] == 'p' || name[0] == 'q') && std::isdigit(name[1]) != 0;
  }
  /// Seconds since 1970; 0: not known.
  std::int64_t modified() const {
    constexpr std::int64_t january_2020 = 1'577'836'800;
    constexpr std::int64_t day = 86'400;
    return modified_day == 0 ? 0 : january_2020 + (modified_day - 1) * day;
  }
  int number() const { return 5000 + std::stoi(name.substr(1)); }
  std::string url() const {
    return is_post() ? fmt::format("https://origin.example/@bob/{}", number())
                     : "https://s.example/" + name;
  }
};

std::vector<ShortBookmark> parse_short(const std::string& text);

/// A bookmark as one line of a listing.
std::string show_bookmark(const std::string& url, const std::string& title,
                          std::vector<std::string> tags, bool is_archived,
                          const std::string& description = "", const std::string& folder = "");
std::string show_bookmark(const ShortBookmark& bookmark);

}  // namespace linkferry::test
