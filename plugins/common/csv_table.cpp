#include "common/csv_table.hpp"

#include <algorithm>
#include <charconv>

#include "linkferry/failure.hpp"

namespace linkferry::common {
namespace {

constexpr Text cut_off = "the file ends inside a quoted cell";
constexpr std::size_t rows_between_checks = 64;

/// Takes a number off the front; nothing when there is none.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return {};
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

}  // namespace

ReadResult CsvTable::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  if (!has_header_ && !read_header(batch)) return ReadResult::end;
  rows_.begin_batch(batch, stop);
  const std::uint64_t start = position_bytes();
  for (std::size_t turn = 0; batch.bookmarks.size() < limit; ++turn) {
    if (turn % rows_between_checks == 0) {
      if (stop.stop_requested() || position_bytes() - start >= batch_bytes) break;
    }
    switch (reader_.next(row_, batch.arena)) {
      case CsvResult::row:
        rows_.take_row(row_, batch);
        break;
      case CsvResult::rejected:
        batch.rejections.push_back(
            {row_.problem, row_.excerpt, row_.position.line, batch.bookmarks.size()});
        break;
      case CsvResult::end:
        return ReadResult::end;
      case CsvResult::cut_off:
        return report_cut(batch);
    }
  }
  return ReadResult::more;
}

/// False when there is nothing in the file.
bool CsvTable::read_header(Batch& batch) {
  const CsvResult result = reader_.next(row_, batch.arena);
  if (result == CsvResult::end) return false;
  if (result != CsvResult::row) {
    throw Failure(FailureKind::configuration,
                  input_.name() + ": this is no CSV file: its first row has no end");
  }
  rows_.take_header(CsvHeader(row_.cells), input_.name());
  has_header_ = true;
  return true;
}

/// The row that is cut off was read, and cannot become a record.
ReadResult CsvTable::report_cut(Batch& batch) const {
  batch.rejections.push_back({cut_off, row_.excerpt, row_.position.line, batch.bookmarks.size()});
  batch.notices.push_back({cut_off, row_.position.line});
  return ReadResult::incomplete;
}

std::string CsvTable::checkpoint_at(const CsvPosition& position) {
  return std::to_string(position.offset_bytes) + ":" + std::to_string(position.line);
}

bool CsvTable::resume(std::string_view checkpoint) {
  const auto offset = take_number(checkpoint);
  if (!offset || !checkpoint.starts_with(':')) return false;
  checkpoint.remove_prefix(1);
  const auto line = take_number(checkpoint);
  if (!line || !checkpoint.empty()) return false;
  Batch scratch;
  if (*offset == 0 || !read_header(scratch)) return *offset == 0;
  return reader_.skip_to({*offset, *line});
}

ReadResult CsvSource::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  if (!input_.open(stop)) return ReadResult::more;
  ReadResult result = ReadResult::more;
  try {
    result = table_->read(batch, limit, stop);
  } catch (const RowUndecided&) {
    resume(CsvTable::checkpoint_at(table_->row_position()));
  }
  // The last notice of an input that is cut off says where.
  const std::size_t kept = result == ReadResult::incomplete ? 1 : 0;
  for (auto text = input_.take_notice(); !text.empty(); text = input_.take_notice()) {
    batch.notices.insert(batch.notices.end() - static_cast<std::ptrdiff_t>(kept), Notice{text, 0});
  }
  batch.checkpoint = table_->checkpoint();
  return result;
}

bool CsvSource::rewind() {
  if (!input_.rewind()) return false;
  table_.emplace(input_, *rows_);
  return true;
}

/// A checkpoint that leads nowhere leaves the source at its beginning: the whole file is read
/// again, and nothing is lost.
bool CsvSource::resume(std::string_view checkpoint) {
  if (!rewind()) return false;
  if (table_->resume(checkpoint)) return true;
  rewind();
  return false;
}

OtherColumns::OtherColumns(const CsvHeader& header, std::span<const std::string_view> known,
                           std::string_view prefix)
    : column_count_(header.names().size()), prefix_(prefix) {
  for (std::size_t i = 0; i < header.names().size(); ++i) {
    const std::string& name = header.names()[i];
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    columns_.emplace_back(i,
                          prefix_ + "." + (name.empty() ? "column" + std::to_string(i + 1) : name));
  }
}

std::span<const Attribute> OtherColumns::collect(const CsvRow& row, Batch& batch) const {
  std::vector<Attribute> found;
  for (const auto& [column, name] : columns_) {
    const Text cell = cell_at(row, column);
    if (is_present(cell)) found.push_back({batch.arena.copy(name), cell});
  }
  if (row.cells.size() > column_count_) {
    batch.notices.push_back(
        {"a row has more cells than the header; they are kept as extra attributes",
         row.position.line});
  }
  for (std::size_t i = column_count_; i < row.cells.size(); ++i) {
    if (row.cells[i].empty()) continue;
    found.push_back({batch.arena.copy(prefix_ + ".column" + std::to_string(i + 1)), row.cells[i]});
  }
  return batch.arena.copy(std::span<const Attribute>(found));
}

}  // namespace linkferry::common
