#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry {

/// A folder record and its place: it stands before `bookmarks[before]` of its batch (or after the
/// last one).
struct PlacedFolder {
  Folder folder;
  std::size_t before = 0;
};

/// An entry that was there but could not become a bookmark. It counts as read and skipped, and the
/// report names it.
struct Rejection {
  Text reason;   ///< what was found, what was expected
  Text excerpt;  ///< enough of the entry to recognise it; at most some 200 bytes
  std::uint64_t line = 0;
  std::size_t before = 0;  ///< its place, as in PlacedFolder
};

/// Something the reader did that a person should know: a date it could not read, a charset it had
/// to guess, an attribute it dropped. Equal texts are counted, not repeated; so keep values out of
/// `text`.
struct Notice {
  Text text;
  std::uint64_t line = 0;
};

/// Some hundreds of records and the arena that holds their text.
///
/// The engine owns batches and recycles them. Lifetime: every view in a batch is valid until
/// `clear()`.
struct Batch {
  Arena arena;
  std::vector<Bookmark> bookmarks;
  std::vector<PlacedFolder> folders;
  std::vector<Rejection> rejections;
  std::vector<Notice> notices;
  /// One for each bookmark while the source is skimmed (`Source::skim`), else none.
  std::vector<Text> rests;
  /// The source vouches that no text has a control character but tab and LF, so the engine need not
  /// look: worth it only where the source knows anyway.
  bool are_texts_clean = false;
  /// Opaque text from which reading can resume after these records; empty where the source cannot
  /// resume.
  std::string checkpoint;

  void clear() {
    arena.clear();
    bookmarks.clear();
    folders.clear();
    rejections.clear();
    notices.clear();
    rests.clear();
    are_texts_clean = false;
    checkpoint.clear();
  }
};

}  // namespace linkferry
