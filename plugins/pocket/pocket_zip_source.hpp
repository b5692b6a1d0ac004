#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/csv_table.hpp"
#include "linkferry/source.hpp"
#include "pocket/pocket_format.hpp"
#include "pocket/pocket_json.hpp"
#include "pocket/zip_archive.hpp"

namespace linkferry::pocket {

/// Pocket's export of 2024 and 2025:
///
///     part_000000.csv  part_000001.csv  …     up to 10,000 rows each, each with its own header
///     annotations/part_000000.json  …         highlights, joined to the rows by their address
///     collections/<slug>.json  …              each becomes a folder
///
/// It gives the rows of all parts, then bookmarks for highlights whose address is in no row, then
/// the collections. Other members, and members in deeper folders, are not looked at. The whole zip
/// is held in memory. Thread: one thread at a time. Source: as pocket_format.hpp.
class PocketZipSource : public Source {
 public:
  static constexpr std::uint64_t max_zip_bytes = 256 * 1024 * 1024;
  static constexpr std::uint64_t max_json_bytes = 64 * 1024 * 1024;
  static constexpr std::uint64_t max_json_bytes_in_all = 256 * 1024 * 1024;

  /// Errors: Failure configuration when it is no zip, damaged, or not from Pocket.
  PocketZipSource(std::string bytes, const std::string& name, std::string endpoint);

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override;
  bool rewind() override;
  bool resume(std::string_view checkpoint) override;
  std::uint64_t total() const override;
  std::uint64_t progress() const override {
    return done_bytes_ + (table_ ? table_->position_bytes() : 0);
  }

 private:
  /// What is read, in this order.
  enum class Stage : std::uint8_t { parts, highlights, collections, end };

  void sort_members(const std::string& name);
  void load_highlights();
  void open_part();
  void close_part();
  bool read_part(Batch& batch, std::size_t limit, std::stop_token stop);
  bool read_unattached(Batch& batch, std::size_t limit);
  bool read_collection(Batch& batch, std::size_t limit);
  void read_stage(Batch& batch, std::size_t limit, std::stop_token stop);
  void open_collection();
  void skip_parts(std::size_t count, std::string_view last_checkpoint);
  std::string checkpoint() const;

  std::string endpoint_;
  std::string name_;
  ZipArchive archive_;
  std::vector<const ZipMember*> parts_;
  std::vector<const ZipMember*> annotations_;
  std::vector<const ZipMember*> collections_;
  HighlightIndex highlights_;
  bool has_highlights_ = false;
  std::uint64_t json_bytes_ = 0;

  Stage stage_ = Stage::parts;
  std::size_t index_ = 0;  ///< of the part or collection
  std::size_t item_ = 0;   ///< of the highlights or the collection
  std::optional<common::Utf8Input> input_;
  PocketRows rows_;
  std::optional<common::CsvTable> table_;
  std::unique_ptr<Collection> collection_;
  std::uint64_t done_bytes_ = 0;
  std::optional<Notice> cut_;  ///< of a part that ended inside a cell
};

/// Names in the order of the numbers in them: part_2 before part_10.
bool is_before_naturally(std::string_view a, std::string_view b);

}  // namespace linkferry::pocket
