#pragma once

#include <memory>
#include <string>
#include <vector>

#include "linkferry/source.hpp"

namespace linkferry::test {

/// Everything a source gives, its batches one after the other.
struct ReadAll {
  std::vector<std::unique_ptr<Batch>> batches;
  std::vector<Bookmark> bookmarks;
  std::vector<Folder> folders;
  std::vector<std::size_t> folders_before;  ///< how many bookmarks stand before each folder
  std::vector<Rejection> rejections;
  std::vector<std::string> notices;
  ReadResult result = ReadResult::more;

  /// Errors: those of the source.
  explicit ReadAll(Source& source, std::size_t limit = 256) {
    while (result == ReadResult::more) {
      Batch& batch = *batches.emplace_back(std::make_unique<Batch>());
      result = source.read(batch, limit, {});
      for (const PlacedFolder& placed : batch.folders) {
        folders.push_back(placed.folder);
        folders_before.push_back(bookmarks.size() + placed.before);
      }
      bookmarks.insert(bookmarks.end(), batch.bookmarks.begin(), batch.bookmarks.end());
      rejections.insert(rejections.end(), batch.rejections.begin(), batch.rejections.end());
      for (const Notice& notice : batch.notices) {
        notices.push_back(std::string(notice.text) + " (" + std::to_string(notice.line) + ")");
      }
    }
  }
};

}  // namespace linkferry::test
