#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/csv_reader.hpp"
#include "common/csv_writer.hpp"
#include "fuzz/require.hpp"
#include "linkferry/failure.hpp"
#include "pocket/pocket_source.hpp"
#include "raindrop/raindrop_source.hpp"
#include "support/map_settings.hpp"
#include "support/memory_host.hpp"

namespace {

using namespace linkferry;
using Rows = std::vector<std::vector<std::string>>;

Rows read_rows(const std::string& bytes, std::size_t read_size) {
  test::MemoryHost host(std::map<std::string, std::string>{{"a.csv", bytes}});
  if (read_size != 0) host.read_sizes = {read_size};
  common::Utf8Input input(host.open_file("a.csv"));
  common::CsvReader reader(input);
  common::CsvRow row;
  Arena arena;
  Rows rows;
  for (;;) {
    const auto result = reader.next(row, arena);
    if (result == common::CsvResult::end || result == common::CsvResult::cut_off) return rows;
    if (result != common::CsvResult::row) continue;
    // One empty cell, in quotes, would be written as a blank line.
    if (row.cells.size() > 1 || !row.cells[0].empty())
      rows.emplace_back(row.cells.begin(), row.cells.end());
  }
}

std::string write_rows(const Rows& rows) {
  test::MemoryHost host;
  const auto file = host.stage_file("b.csv");
  common::CsvWriter writer(*file);
  for (const auto& row : rows) {
    for (const auto& cell : row) writer.cell(cell);
    writer.end_row();
  }
  writer.flush();
  file->commit();
  return host.files["b.csv"];
}

void check_reader(const std::string& bytes) {
  const Rows rows = read_rows(bytes, 0);
  require(read_rows(bytes, 3) == rows, "the size of reads means nothing");
  const std::string written = write_rows(rows);
  // Bytes that look like a charset declaration may be read as another charset the second time.
  if (written.find("charset") == std::string::npos && !written.starts_with("\xEF\xBB\xBF")) {
    require(read_rows(written, 0) == rows, "what is written is read back");
  }
}

void check_source(std::unique_ptr<Source> source) {
  Batch batch;
  try {
    for (ReadResult result = ReadResult::more; result == ReadResult::more;) {
      batch.clear();
      result = source->read(batch, 16, {});
    }
  } catch (const Failure&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  check_reader(bytes);
  test::MemoryHost host(std::map<std::string, std::string>{{"a.csv", bytes}});
  const test::MapSettings settings{{"path", "a.csv"}};
  pocket::recognize(bytes, true);
  raindrop::recognize(bytes, true);
  check_source(pocket::make_source(settings, host));
  check_source(raindrop::make_source(settings, host));
  return 0;
}
