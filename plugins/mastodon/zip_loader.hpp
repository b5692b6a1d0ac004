#pragma once

#include <memory>

#include "mastodon/archive_lists.hpp"

namespace linkferry::mastodon {

/// Reads the lists of a zip of any size: the file is walked to its end, where the directory is, and
/// a second time only for lists that stand before its last 16 MiB (Mastodon writes them last).
///
/// Rationale: a file of the host is read from the front, and an archive with its media may have
/// many gigabytes. What is read from a pipe can be walked once. Memory: 16 MiB, then the lists.
/// Errors: as ArchiveLoader.
std::unique_ptr<ArchiveLoader> make_zip_loader(std::unique_ptr<InputFile> file, WantedLists wanted,
                                               ArchiveLists& lists);

}  // namespace linkferry::mastodon
