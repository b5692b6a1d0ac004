#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/csv_table.hpp"
#include "common/csv_writer.hpp"
#include "linkferry/bookmark.hpp"
#include "linkferry/sink.hpp"

/// Raindrop.io's CSV, as it is exported, and as it may be imported there.
///
///     id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite
///     815,Qt Wiki,,,https://wiki.qt.io/,Work / C++,"gui, qt",2024-09-03T20:06:53.347Z,,,false
///     816,Rust,"On **two**
///     lines",An
///     excerpt,https://rust-lang.org/,Unsorted,rust,2024-09-03T20:07:10.001Z,https://e.org/c.png,Highlight:fast,true
///
///     url,folder,title,note,tags,created
///     https://wiki.qt.io/,Work/C++,Qt Wiki,,"gui, qt",2024-09-03T20:06:53.347Z
///
/// Source: exports seen in public repositories; for the import, help.raindrop.io/import; read
/// 2026-11-22.
namespace linkferry::raindrop {

/// The columns that are written.
enum class Layout {
  export_columns,  ///< those of Raindrop's own export
  import_columns,  ///< those its import understands
};

/// What separates the names of a folder path.
enum class FolderSeparator { automatic, blank_slash_blank, slash };

/// Turns rows of Raindrop's CSV into bookmarks.
class RaindropRows : public common::CsvRows {
 public:
  /// Says whether any folder of the file holds ` / `; nothing where it cannot be read twice. Called
  /// at most once, unless it throws RowUndecided.
  using HasBlankSlash = std::function<std::optional<bool>(const std::stop_token& stop)>;

  RaindropRows(std::string endpoint, FolderSeparator separator, HasBlankSlash look_ahead)
      : endpoint_(std::move(endpoint)), separator_(separator), look_ahead_(std::move(look_ahead)) {}

  void take_header(const common::CsvHeader& header, const std::string& name) override;
  void begin_batch(Batch& batch, std::stop_token stop) override;
  void take_row(const common::CsvRow& row, Batch& batch) override;

 private:
  std::span<const FolderPath> folders_of(Text cell, Batch& batch, std::uint64_t line);
  std::span<const FolderPath> split_folders(Text cell, Batch& batch, std::uint64_t line);
  std::string_view separator_for(Text cell, Batch& batch, std::uint64_t line);
  void take_highlights(Text cell, Bookmark& bookmark, Arena& arena) const;

  std::string endpoint_;
  FolderSeparator separator_;
  HasBlankSlash look_ahead_;
  std::stop_token stop_;
  bool is_export_ = false;
  std::size_t id_ = 0;
  std::size_t title_ = 0;
  std::size_t note_ = 0;
  std::size_t excerpt_ = 0;
  std::size_t url_ = 0;
  std::size_t folder_ = 0;
  std::size_t tags_ = 0;
  std::size_t created_ = 0;
  std::size_t cover_ = 0;
  std::size_t highlights_ = 0;
  std::size_t favorite_ = 0;
  common::OtherColumns other_;
  Text batch_endpoint_;
  Text last_folder_;  ///< the last row's cell, in this batch: neighbours often share it
  std::span<const FolderPath> last_folders_;
};

/// How surely the columns are those of a Raindrop CSV: 0 no, 100 certain.
int certainty_of(const common::CsvHeader& header);

/// What a cell of highlights holds: entries that begin a line with `Highlight:`, and what stands
/// before the first. Source: exports with one highlight; how several are laid out is not
/// documented.
struct HighlightCell {
  std::span<const Highlight> highlights;
  Text rest;
};
HighlightCell parse_highlights(Text cell, Arena& arena);

/// Dates as the export has them, `2024-09-03T20:06:53.347Z`, or counts of seconds as the import
/// takes them.
Timestamp parse_created(Text text);

/// What Raindrop's CSV would hold of a bookmark. Pure. New texts go into `arena`.
Representation represent(const Bookmark& bookmark, Layout layout, Arena& arena);

/// Writes the header, and one bookmark as `represent` returned it. `id` is Raindrop's, absent when
/// there is none.
void write_header(Layout layout, common::CsvWriter& writer);
void write_row(const Bookmark& bookmark, Text id, Layout layout, common::CsvWriter& writer);

}  // namespace linkferry::raindrop
