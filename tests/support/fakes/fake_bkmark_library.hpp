#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace linkferry::test {

/// A row of the fake's table of bookmarks. Moments are milliseconds since 1970.
struct BkmarkRow {
  std::string id;
  std::string url;  ///< empty: null
  std::string title;
  std::optional<std::string> description;
  std::string type = "link";
  std::string source = "api";
  bool is_favorite = false;
  bool is_archived = false;
  std::optional<std::int64_t> read;
  std::vector<std::string> tags;
  std::vector<std::string> groups;  ///< ids
  std::int64_t created = 0;
  std::int64_t updated = 0;
  bool is_in_trash = false;
};

/// The library of one user of the fake Bkmark. Written from the page of its API, apart from the
/// plugin, so that the two can disagree.
class BkmarkLibrary {
 public:
  /// Gives it an id and dates where it has none; the newest is last.
  BkmarkRow& add(BkmarkRow row);
  BkmarkRow* find(const std::string& id);
  /// Another one of this address, by the comparison of the service.
  BkmarkRow* find_url(const std::string& url, bool is_loose, bool looks_in_trash);
  void purge(const std::string& id);
  std::string add_group(const std::string& name);

  std::vector<BkmarkRow>& rows() { return rows_; }
  const std::map<std::string, std::string>& groups() const { return groups_; }  ///< names by id
  /// What is not in trash.
  std::vector<BkmarkRow> active() const;
  std::vector<BkmarkRow> trash() const;
  std::int64_t now();
  void touch(BkmarkRow& row) { row.updated = now(); }

  /// Colors of tags, by name.
  std::map<std::string, std::string> colors;

 private:
  std::vector<BkmarkRow> rows_;
  std::map<std::string, std::string> groups_;
  unsigned next_id_ = 1;
  std::int64_t last_now_ = 0;
};

/// `2025-03-15T09:22:11.000Z`.
std::string bkmark_date(std::int64_t milliseconds);
std::optional<std::int64_t> read_bkmark_date(const std::string& text);

}  // namespace linkferry::test
