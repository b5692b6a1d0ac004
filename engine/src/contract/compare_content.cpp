#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "contract/contract_run.hpp"
#include "contract/wording.hpp"
#include "pipeline/compare.hpp"

namespace linkferry::contract {
namespace {

/// What tells the records of a set apart: no two have the same address, and those without one have
/// their title.
std::string key_of(const Bookmark& bookmark) {
  return is_present(bookmark.url) ? fmt::format("u{}", bookmark.url)
                                  : fmt::format("t{}", in_quotes(bookmark.title));
}

/// A record and the folders of all its copies.
struct Merged {
  Bookmark bookmark;
  std::vector<FolderPath> folders;
};

bool has_path(const std::vector<FolderPath>& folders, FolderPath path) {
  return std::ranges::any_of(folders, [&](FolderPath other) { return is_equal(other, path); });
}

std::string merge(std::map<std::string, Merged>& records, const Bookmark& bookmark) {
  const auto [place, is_new] = records.try_emplace(key_of(bookmark), Merged{bookmark, {}});
  Merged& merged = place->second;
  if (!is_new) {
    Bookmark copy = bookmark;
    copy.folders = merged.bookmark.folders;
    const auto difference = describe_difference(merged.bookmark, copy);
    if (!difference.empty())
      return fmt::format("{}, whose copies differ: {}", in_quotes(bookmark.url), difference);
  }
  for (const auto path : bookmark.folders) {
    if (!has_path(merged.folders, path)) merged.folders.push_back(path);
  }
  return "";
}

std::string compare_bookmarks(const Expected& expected,
                              const std::map<std::string, Merged>& found) {
  std::string missing;
  for (const auto& bookmark : expected.bookmarks) {
    const auto place = found.find(key_of(bookmark));
    if (place == found.end()) {
      if (missing.empty())
        missing = fmt::format("{} {} was not read back", in_quotes(bookmark.url),
                              in_quotes(bookmark.title));
      continue;
    }
    Bookmark merged = place->second.bookmark;
    merged.folders = place->second.folders;
    const auto difference = describe_difference(bookmark, merged);
    if (!difference.empty())
      return fmt::format("{} {}: {}", in_quotes(bookmark.url), in_quotes(bookmark.title),
                         difference);
  }
  if (!missing.empty()) return missing;
  if (found.size() == expected.bookmarks.size()) return "";
  return fmt::format("{} records were read back, {} were written", found.size(),
                     expected.bookmarks.size());
}

/// Records that stand in one folder and no other, in their order.
std::map<std::string, std::vector<std::string>> orders(std::span<const Bookmark* const> bookmarks) {
  std::map<std::string, std::vector<std::string>> by_folder;
  for (const Bookmark* bookmark : bookmarks) {
    if (bookmark->folders.size() > 1) continue;
    std::string folder;
    if (!bookmark->folders.empty()) {
      for (const Text name : bookmark->folders.front()) folder += fmt::format("{}\x01", name);
    }
    by_folder[folder].push_back(key_of(*bookmark));
  }
  return by_folder;
}

std::string compare_order(const Expected& expected, const Listing& found) {
  std::vector<const Bookmark*> written;
  for (const auto& bookmark : expected.bookmarks) written.push_back(&bookmark);
  const auto wanted = orders(written);
  auto read = orders(found.bookmarks());
  for (const auto& [folder, in_folder] : wanted) {
    const auto& keys = in_folder;  // clang 14 lets no lambda see a structured binding
    // A copy of a record that stands in several folders looks like one of this folder: it is passed
    // over.
    auto& present = read[folder];
    std::erase_if(present,
                  [&](const auto& key) { return std::ranges::find(keys, key) == keys.end(); });
    const auto [is, was] = std::ranges::mismatch(present, keys);
    if (was != keys.end() && is != present.end())
      return fmt::format("the order changed: {} came where {} was", *is, *was);
  }
  return "";
}

/// Each folder record that was written must be there; readers may tell of more folders, since every
/// path has some.
std::string compare_folders(const Expected& expected, const Listing& found) {
  std::vector<const Folder*> present;
  for (const auto& item : found.items) {
    if (item.type == Item::Type::folder) present.push_back(&item.folder);
  }
  for (const auto& placed : expected.folders) {
    std::string nearest;
    const auto is_it = [&](const Folder* folder) {
      const auto difference = describe_difference(placed.folder, *folder);
      if (describe(placed.folder) == describe(*folder)) nearest = difference;
      return difference.empty();
    };
    const auto place = std::ranges::find_if(present, is_it);
    if (place == present.end()) {
      return nearest.empty() ? fmt::format("{} was not read back", describe(placed.folder))
                             : nearest;
    }
    present.erase(place);
  }
  return "";
}

}  // namespace

std::string compare_content(const Expected& expected, const Listing& found) {
  for (const auto& item : found.items) {
    if (item.type == Item::Type::rejection)
      return fmt::format("a record was not read back: {}", item.reason);
  }
  if (found.result != ReadResult::end)
    return fmt::format("what was written is read as cut off: {}", found.last_notice);
  std::map<std::string, Merged> records;
  for (const Bookmark* bookmark : found.bookmarks()) {
    if (auto difference = merge(records, *bookmark); !difference.empty()) return difference;
  }
  if (auto difference = compare_bookmarks(expected, records); !difference.empty())
    return difference;
  if (expected.keeps_order) {
    if (auto difference = compare_order(expected, found); !difference.empty()) return difference;
  }
  return compare_folders(expected, found);
}

}  // namespace linkferry::contract
