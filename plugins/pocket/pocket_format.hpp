#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "common/csv_table.hpp"
#include "common/csv_writer.hpp"
#include "linkferry/bookmark.hpp"
#include "linkferry/sink.hpp"

/// Pocket's CSV, and what Pocket means by its columns.
///
///     title,url,time_added,tags,status
///     You Might Not Need jQuery,http://youmightnotneedjquery.com/,1600322788,,unread
///     https://example.org/no-title,https://example.org/no-title,1600322799,css|web design,archive
///
/// Source: Pocket's own exporter (github.com/Pocket/pocket-monorepo, account-data-deleter and
/// aws-utils), read 2026-11-22.
namespace linkferry::pocket {

/// Turns rows of Pocket's CSV into bookmarks.
class PocketRows : public common::CsvRows {
 public:
  explicit PocketRows(std::string endpoint) : endpoint_(std::move(endpoint)) {}

  /// Columns go by their names: the export of 2024 had one more, and the first ones had no status.
  void take_header(const common::CsvHeader& header, const std::string& name) override;
  void begin_batch(Batch& batch, std::stop_token stop) override;
  void take_row(const common::CsvRow& row, Batch& batch) override;

 private:
  std::string endpoint_;
  const Origin* origin_ = nullptr;  ///< of all rows of a batch
  std::size_t title_ = 0;
  std::size_t url_ = 0;
  std::size_t time_added_ = 0;
  std::size_t tags_ = 0;
  std::size_t status_ = 0;
  common::OtherColumns other_;
};

/// Whether the columns are those of Pocket's CSV.
bool is_pocket_header(const common::CsvHeader& header);

/// `title` tidied; absent when it is empty or only repeats the address.
Text title_of(Text title, Text url, Arena& arena);

/// Seconds since 1970; a text that says something else gets a notice and is unknown, like `0` and
/// the empty text.
Timestamp time_of(Text text, Batch& batch, std::uint64_t line);

/// Where the records of a batch come from; one for all of them, as Pocket's files have no ids.
const Origin* make_origin(const std::string& endpoint, Arena& arena);

/// What Pocket's CSV would hold of a bookmark. Pure. New texts go into `arena`.
Representation represent(const Bookmark& bookmark, Arena& arena);

/// Writes the header, and one bookmark as `represent` returned it.
void write_header(common::CsvWriter& writer);
void write_row(const Bookmark& bookmark, common::CsvWriter& writer);

}  // namespace linkferry::pocket
