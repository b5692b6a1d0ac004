#include "short_bookmarks.hpp"

#include <algorithm>
#include <sstream>

#include "world.hpp"

namespace linkferry::test {

std::vector<ShortBookmark> parse_short(const std::string& text) {
  std::vector<ShortBookmark> all;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    ShortBookmark bookmark;
    if (word.ends_with('!')) {
      bookmark.is_archived = true;
      word.pop_back();
    }
    std::istringstream parts(word);
    std::getline(parts, bookmark.name, '+');
    for (std::string tag; std::getline(parts, tag, '+');) bookmark.tags.push_back(tag);
    const auto cut_off = [&bookmark](char sign) {
      const std::size_t at = bookmark.name.find(sign);
      if (at == std::string::npos) return std::string();
      const std::string behind = bookmark.name.substr(at + 1);
      bookmark.name.resize(at);
      return behind;
    };
    if (const std::string day = cut_off('@'); !day.empty()) bookmark.modified_day = std::stoi(day);
    bookmark.description = cut_off('~');
    if (const std::size_t bar = bookmark.description.find("//"); bar != std::string::npos)
      bookmark.description.replace(bar, 2, "\n\n");
    bookmark.folder = cut_off('/');
    const std::size_t equals = bookmark.name.find('=');
    if (equals != std::string::npos) {
      bookmark.title = bookmark.name.substr(equals + 1);
      bookmark.name.resize(equals);
    } else {
      bookmark.title = "Title of " + bookmark.name;
    }
    all.push_back(std::move(bookmark));
  }
  return all;
}

std::string show_bookmark(const std::string& url, const std::string& title,
                          std::vector<std::string> tags, bool is_archived,
                          const std::string& description, const std::string& folder) {
  std::ranges::sort(tags);
  return fmt::format("{} {} [{}]{}{}{}{}{}", url, title, fmt::join(tags, ","),
                     is_archived ? "!" : "", description.empty() ? "" : " ", description,
                     folder.empty() ? "" : " in ", folder);
}

std::string show_bookmark(const ShortBookmark& b) {
  return show_bookmark(b.url(), b.title, b.tags, b.is_archived, b.description, b.folder);
}

std::vector<std::string> expected_listing(const std::string& bookmarks, Target target) {
  std::vector<std::string> all;
  for (const ShortBookmark& b : parse_short(bookmarks)) {
    all.push_back(target == Target::mastodon ? "p" + b.name.substr(1) : show_bookmark(b));
  }
  std::ranges::sort(all);
  return all;
}

}  // namespace linkferry::test
