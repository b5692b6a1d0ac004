#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <utility>

#include "linkding/linkding_api.hpp"
#include "linkding/linkding_format.hpp"

namespace linkferry::linkding {

inline constexpr std::string_view active_path = "/api/bookmarks/";
inline constexpr std::string_view archived_path = "/api/bookmarks/archived/";

/// Which bookmarks were met in the lists of one reading, and in which scan last.
class SeenIds {
 public:
  enum class Sighting { first_ever, first_in_scan, again };

  Sighting see(std::int64_t id, std::uint32_t scan) {
    const auto [entry, is_new] = scans_.try_emplace(id, scan);
    if (is_new) return Sighting::first_ever;
    return std::exchange(entry->second, scan) == scan ? Sighting::again : Sighting::first_in_scan;
  }
  bool is_in_scan(std::int64_t id, std::uint32_t scan) const {
    const auto found = scans_.find(id);
    return found != scans_.end() && found->second == scan;
  }
  std::uint32_t new_scan() { return ++scan_; }
  std::size_t size() const { return scans_.size(); }
  std::int64_t highest = 0;  ///< id

 private:
  std::unordered_map<std::int64_t, std::uint32_t> scans_;
  std::uint32_t scan_ = 0;
};

/// Reads one list to its end, each bookmark once, while others change it.
///
/// linkding pages by limit and offset, which is no snapshot: a deletion moves what follows to the
/// front, and at the border of two pages a bookmark is passed over. So the oldest come first (what
/// is added stands at the end), each page begins some rows before the end of the last one, and its
/// first row must be known already. In the end as many must have been met as the list says it has,
/// and it must have said so all the time. Where one of these fails the list is read again with
/// larger pages, in the end (up to 20,000 bookmarks) with a single one, and only what was not met
/// before is handed out. A quiet list takes one request a page. Source: linkding 1.46.2 (read
/// 2026-11-22).
class ListReader {
 public:
  /// `filter` is a parameter of the query such as `modified_since=…`, or empty.
  ListReader(Api& api, std::string_view path, std::string filter, std::size_t page_size,
             SeenIds& seen)
      : api_(api),
        path_(path),
        filter_(std::move(filter)),
        page_size_(page_size),
        seen_(seen),
        scan_(seen.new_scan()) {}

  /// The next bookmark that was not met before in this reading; false at the end. Asks for a page
  /// where it needs one. Lifetime of the record: until the next call; `arena` is for what is
  /// unescaped. Errors: Failure as Api; temporary, when the list changes faster than it can be
  /// read.
  bool next(Record& record, Arena& arena, std::stop_token stop);

  /// How many the list has, as its last page said.
  std::uint64_t count() const { return count_; }
  /// Whether all that was met came in one page, which is a snapshot.
  bool is_single_page() const { return pages_ == 1; }

 private:
  void load(std::stop_token stop);
  bool is_complete() const;
  void scan_again();

  Api& api_;
  std::string path_;
  std::string filter_;
  std::size_t page_size_;
  SeenIds& seen_;
  std::uint32_t scan_;

  std::unique_ptr<Page> page_;
  std::size_t left_ = 0;       ///< rows of the page that were not read yet
  bool is_first_row_ = false;  ///< of a page that must begin with a known row
  std::uint64_t end_ = 0;      ///< the offset behind the page
  std::uint64_t count_ = 0;
  std::uint64_t met_ = 0;  ///< different ones in this scan
  std::size_t pages_ = 0;  ///< in this scan
  unsigned scans_ = 1;
  bool is_stuck_ = false;     ///< the page brought nothing beyond the one before
  bool has_changed_ = false;  ///< the list, during this scan
};

/// How many bookmarks a list has.
std::uint64_t count_of(Api& api, std::string_view path, std::stop_token stop);

}  // namespace linkferry::linkding
