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
                          std::vector<std::string> tags, bool is_archived) {
  std::ranges::sort(tags);
  return fmt::format("{} {} [{}]{}", url, title, fmt::join(tags, ","), is_archived ? "!" : "");
}

std::vector<std::string> expected_listing(const std::string& bookmarks, Target target) {
  std::vector<std::string> all;
  for (const ShortBookmark& b : parse_short(bookmarks)) {
    all.push_back(target == Target::mastodon
                      ? "p" + b.name.substr(1)
                      : show_bookmark(b.url(), b.title, b.tags, b.is_archived));
  }
  std::ranges::sort(all);
  return all;
}

}  // namespace linkferry::test
