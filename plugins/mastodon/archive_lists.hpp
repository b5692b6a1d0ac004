#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "linkferry/arena.hpp"
#include "linkferry/batch.hpp"
#include "linkferry/host.hpp"

namespace linkferry::mastodon {

/// The lists of an account that an archive holds.
enum class ArchiveList : std::uint8_t { bookmarks, favourites };

/// Which of them to read.
struct WantedLists {
  bool bookmarks = true;
  bool favourites = true;

  bool has(ArchiveList list) const {
    return list == ArchiveList::bookmarks ? bookmarks : favourites;
  }
};

struct ArchiveItem {
  ArchiveList list = ArchiveList::bookmarks;
  Text uri;
  Text problem;  ///< present: it is no address; why
  bool is_favourite_only = false;
};

/// What was read of an archive. Memory: the addresses, at most `max_bytes`.
struct ArchiveLists {
  static constexpr std::size_t max_bytes = 256 * 1024 * 1024;

  Arena texts;
  std::vector<ArchiveItem> items;
  std::vector<Text> notices;  ///< fixed texts
  Text cut;                   ///< present: the archive ends inside a list; how to say it
  std::size_t size_bytes = 0;
  bool has_bookmarks = false;  ///< bookmarks.json was there, and was read
};

/// What an archive is, by its first bytes.
enum class ArchiveForm : std::uint8_t { unknown, zip, tar_gz, tar, json };
ArchiveForm archive_form_of(std::string_view head);

/// How surely the first bytes of a file are an account archive of Mastodon's, or a list taken out
/// of one; see `Recognize`.
int recognize_archive(std::string_view head, bool is_whole);

/// Reads an archive a bit at a time, so that it can be interrupted anywhere and go on.
class ArchiveLoader {
 public:
  virtual ~ArchiveLoader() = default;

  /// Reads on for some milliseconds at most; false when all is read.
  /// Errors: Failure input, configuration (naming the file): no archive, damaged, over a limit.
  virtual bool step() = 0;

  /// How much of the file was read, in bytes.
  virtual std::uint64_t bytes_read() const = 0;
};

/// Makes a loader that adds to `lists`, which must outlive it. `file` stands at its first byte, and
/// `head` are its first bytes; null when these are no archive. A bare list is read whatever is
/// wanted.
std::unique_ptr<ArchiveLoader> make_archive_loader(std::unique_ptr<InputFile> file,
                                                   std::string_view head, WantedLists wanted,
                                                   ArchiveLists& lists);

}  // namespace linkferry::mastodon
