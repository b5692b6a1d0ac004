#pragma once

#include <string>
#include <vector>

#include "linkferry/arena.hpp"
#include "linkferry/batch.hpp"

namespace linkferry::contract {

/// A bookmark that tests something, and what to call it in a finding.
struct NamedRecord {
  std::string name;
  Bookmark bookmark;
};

/// Records to write, the same each time. Their texts are as the engine hands them to a sink: valid
/// UTF-8, no control characters but tab and LF. No two have the same URL.
struct RecordSet {
  Arena arena;
  std::vector<NamedRecord> records;
  std::vector<PlacedFolder> folders;

  RecordSet() = default;
  RecordSet(RecordSet&&) = default;
  RecordSet& operator=(RecordSet&&) = default;
};

/// The word in the last record of `ordinary_records`, to find where to cut a file inside a text.
inline constexpr std::string_view cut_mark = "CUTMARK";

/// `count` bookmarks as people have them: title, address, tags, folders up to three deep, a date.
/// The last one stands in no folder, and its title has quotes, a comma and `cut_mark`.
RecordSet ordinary_records(std::size_t count);

/// One record for each thing that breaks readers and writers: every field set, none set, texts
/// empty, markup, separators inside tags and folder names, dates before 1970 and in year 9999, odd
/// addresses, …
RecordSet hostile_records();

/// Folder records beside a few bookmarks: described, dated, empty and special folders, separators.
RecordSet folder_records();

/// What is too large for a careless plugin; one set each, since one may fail without the others.
RecordSet megabyte_title();
RecordSet ten_thousand_tags();
RecordSet deep_folder(std::size_t levels);

}  // namespace linkferry::contract
