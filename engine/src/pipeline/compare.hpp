#pragma once

#include <cstdint>
#include <vector>

#include "linkferry/bookmark.hpp"

namespace linkferry {

/// The fields in which two bookmarks differ, in the order of the schema. Folders are compared as
/// sets; where a record came from is not compared.
std::vector<Field> differing_fields(const Bookmark& a, const Bookmark& b);

/// Whether two texts, lists of texts, … say the same; absent and empty differ.
bool is_equal(Text a, Text b);
bool is_equal(std::span<const Text> a, std::span<const Text> b);

/// Two hashes of what a bookmark says: of its folders, which add up, and of everything else. So a
/// record that stands in two folders compares as one: its copies agree in `content`, and their
/// `folders` are summed.
struct Fingerprint {
  std::uint64_t content = 0;
  std::uint64_t folders = 0;
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
  /// Both in one; these add up to what a whole side says, in any order.
  std::uint64_t whole() const;
};

Fingerprint fingerprint(const Bookmark& bookmark);

/// What a field says, as a number; 0 when it says nothing, which an empty text does too. Of tags
/// and folders nothing: they are sets. Stored between runs, so it stays as it is.
std::uint64_t field_hash(const Bookmark& bookmark, Field field);

/// The same without the date of change, which a service may set itself: what the journal notes of
/// what a write leaves behind.
Fingerprint lasting_fingerprint(const Bookmark& bookmark);

/// Whether the creation of what has this lasting content may have left `held`: as it was sent, or
/// without its flags, which some services take by a request of their own, or with a date of
/// creation that the service has given to what had none.
bool may_be_left_by(std::uint64_t content, const Bookmark& held);

/// Identifies a folder path; stored between runs, too.
std::uint64_t path_hash(FolderPath path);

}  // namespace linkferry
