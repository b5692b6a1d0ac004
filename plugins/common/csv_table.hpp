#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/csv_reader.hpp"
#include "linkferry/batch.hpp"
#include "linkferry/source.hpp"

namespace linkferry::common {

/// Thrown by `CsvRows::take_row` when asked to stop before it could say what the row is: the row
/// will come again.
struct RowUndecided {};

/// What turns rows into records.
class CsvRows {
 public:
  virtual ~CsvRows() = default;

  /// Finds its columns. Errors: Failure configuration when they are not those of the format; `name`
  /// is what to call the file in the message.
  virtual void take_header(const CsvHeader& header, const std::string& name) = 0;

  /// Called before the rows that go into this batch, for what they share. `stop` is for rows that
  /// take long to decide.
  virtual void begin_batch(Batch& /*batch*/, std::stop_token /*stop*/) {}

  /// Adds what the row holds to the batch: one bookmark. The cells live in the arena of the batch.
  virtual void take_row(const CsvRow& row, Batch& batch) = 0;
};

/// A CSV file with a header, read in batches. It counts and reports what breaks a limit or is cut
/// off. Thread: one thread at a time.
class CsvTable {
 public:
  /// A batch ends when it holds about this much text.
  static constexpr std::size_t batch_bytes = 256 * 1024;

  /// Both must outlive the table.
  CsvTable(Utf8Input& input, CsvRows& rows) : input_(input), rows_(rows), reader_(input) {}

  /// Adds up to `limit` records to the batch. It does not set the checkpoint. An empty file has no
  /// rows and is no error. Errors: those of the file, and of `take_header`.
  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop);

  /// Where the next row begins, as text for a checkpoint.
  std::string checkpoint() const { return checkpoint_at(reader_.position()); }
  static std::string checkpoint_at(const CsvPosition& position);

  /// In a new table only: goes forward to such a checkpoint. False when it is none, or lies behind
  /// the end.
  bool resume(std::string_view checkpoint);

  /// Where the row that was taken last begins.
  CsvPosition row_position() const { return row_.position; }

  /// How many bytes were read so far.
  std::uint64_t position_bytes() const { return reader_.position().offset_bytes; }

 private:
  bool read_header(Batch& batch);
  ReadResult report_cut(Batch& batch) const;

  Utf8Input& input_;
  CsvRows& rows_;
  CsvReader reader_;
  CsvRow row_;
  bool has_header_ = false;
};

/// A source that is one CSV file. Checkpoints are positions in it, so it can be resumed where the
/// file can be rewound.
class CsvSource : public Source {
 public:
  CsvSource(std::unique_ptr<InputFile> file, std::unique_ptr<CsvRows> rows)
      : input_(std::move(file)), rows_(std::move(rows)), table_(std::in_place, input_, *rows_) {}

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override;
  bool rewind() override;
  bool resume(std::string_view checkpoint) override;
  std::uint64_t total() const override { return input_.size_bytes(); }
  std::uint64_t progress() const override { return table_->position_bytes(); }

 private:
  Utf8Input input_;
  std::unique_ptr<CsvRows> rows_;
  std::optional<CsvTable> table_;
};

/// The columns that a format does not know, and the attributes their cells become.
class OtherColumns {
 public:
  /// All columns but `known`; the attributes are called `prefix.column`.
  OtherColumns(const CsvHeader& header, std::span<const std::string_view> known,
               std::string_view prefix);
  OtherColumns() = default;

  /// The cells of those columns that are not empty, and the cells behind the last column, which the
  /// batch also gets a notice about.
  std::span<const Attribute> attributes(const CsvRow& row, Batch& batch) const {
    if (columns_.empty() && row.cells.size() <= column_count_) return {};
    return collect(row, batch);
  }

 private:
  std::span<const Attribute> collect(const CsvRow& row, Batch& batch) const;

  std::vector<std::pair<std::size_t, std::string>> columns_;
  std::size_t column_count_ = 0;
  std::string prefix_;
};

/// The text of a cell; absent where the row has no such column, or an empty cell: CSV cannot tell
/// the two apart.
inline Text cell_at(const CsvRow& row, std::size_t column) {
  return column < row.cells.size() && !row.cells[column].empty() ? row.cells[column] : Text();
}

}  // namespace linkferry::common
