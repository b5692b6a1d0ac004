#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "linkferry/bookmark.hpp"

namespace linkferry::test {

/// Moments as the fake keeps them: microseconds since 1970.
using Microseconds = std::int64_t;

/// A file of a bookmark.
struct LinkdingFile {
  std::int64_t id = 0;  ///< given by `attach`
  std::string name;
  std::string content{};
  std::string type = "image/png";
  std::string status = "complete";
  std::string created = "2026-01-02T03:04:05.678901Z";
  bool is_upload = true;  ///< else a snapshot
};

/// A row of the fake's table of bookmarks.
struct LinkdingRow {
  std::int64_t id = 0;
  std::string url;
  std::string title;
  std::string description;
  std::string notes;
  std::vector<std::string> tags;  ///< sorted
  bool is_archived = false;
  bool is_unread = false;
  bool is_shared = false;
  Microseconds added = 0;
  Microseconds modified = 0;
  std::vector<LinkdingFile> files;
};

/// The library of one user of linkding, with its rules. Written from the contract, apart from the
/// plugin, so that the two can disagree. Source: linkding 1.46.2 (observed, read 2026-11-22).
class LinkdingLibrary {
 public:
  /// Fields of a request; what is not there was not sent.
  struct Fields {
    std::optional<std::string> url, title, description, notes;
    std::optional<bool> is_archived, is_unread, is_shared;
    std::optional<std::vector<std::string>> tags;
    std::optional<Microseconds> added, modified;
  };

  explicit LinkdingLibrary(int minor_version = 46) : version_(minor_version) {}

  /// Creates a bookmark, or overwrites the one of the same address and resets what was not sent.
  LinkdingRow& post(const Fields& fields);
  /// The first half of `post`: the row without its tags, as a database fault leaves it.
  LinkdingRow& post_without_tags(const Fields& fields);
  void patch(LinkdingRow& row, const Fields& fields);
  bool remove(std::int64_t id);
  LinkdingRow* find(std::int64_t id);
  LinkdingRow* find_url(const std::string& url);
  /// Whether another row has exactly this address.
  bool has_other(const LinkdingRow& row, const std::string& url) const;
  void set_archived(LinkdingRow& row, bool is_archived);
  /// Gives a bookmark a file, which changes its date; ids are of the whole server.
  LinkdingFile& attach(LinkdingRow& row, LinkdingFile file);

  /// The ids of a list in the wanted order; ties in the order of the ids.
  struct Query {
    bool is_archived = false;
    std::optional<Microseconds> modified_since, added_since;
    std::string sort = "added_desc";
  };
  std::vector<const LinkdingRow*> list(const Query& query) const;

  const std::map<std::int64_t, LinkdingRow>& rows() const { return rows_; }
  const std::map<std::string, std::string>& tags() const { return tags_; }  ///< by lower case

  /// Added to every bookmark whose address holds the text: the user's rules for tagging.
  std::map<std::string, std::string> auto_tags;
  /// What the clock of the server says; 0: the real one.
  Microseconds fixed_now = 0;

 private:
  Microseconds now() const;
  void set_tags(LinkdingRow& row, const std::vector<std::string>& names);
  void index(const LinkdingRow& row);
  void unindex(const LinkdingRow& row);
  std::string key_of(const std::string& url) const;
  bool keeps_dates() const { return version_ >= 45; }

  int version_;
  std::int64_t next_id_ = 1;
  std::int64_t next_file_ = 1;
  std::map<std::int64_t, LinkdingRow> rows_;
  std::unordered_multimap<std::string, std::int64_t> by_key_;
  std::unordered_multimap<std::string, std::int64_t> by_url_;
  std::map<std::string, std::string> tags_;
};

/// The form in which linkding compares addresses.
std::string linkding_key(std::string_view url);
/// Whether its check of addresses lets one pass. The address is trimmed.
bool is_linkding_url(const std::string& url);
/// Without white space at both ends.
std::string linkding_trim(std::string_view text);

}  // namespace linkferry::test
