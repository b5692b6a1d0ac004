#include <algorithm>

#include "common/csv_reader.hpp"
#include "common/html_text.hpp"

namespace linkferry::common {
namespace {

constexpr std::size_t described_bytes = 200;

/// Bytes in memory as a file, for reading a header.
class MemoryInput : public InputFile {
 public:
  explicit MemoryInput(std::string_view bytes) : rest_(bytes) {}
  std::size_t read(std::span<char> buffer) override {
    const std::size_t count = rest_.copy(buffer.data(), buffer.size());
    rest_.remove_prefix(count);
    return count;
  }
  bool rewind() override { return false; }
  std::uint64_t size_bytes() const override { return 0; }
  const std::string& name() const override { return name_; }

 private:
  std::string_view rest_;
  std::string name_;
};

}  // namespace

CsvHeader::CsvHeader(std::span<const Text> cells) {
  for (const Text cell : cells) {
    std::string name(trimmed(cell));
    std::transform(name.begin(), name.end(), name.begin(), to_lower);
    names_.push_back(std::move(name));
  }
}

std::size_t CsvHeader::find(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  return found == names_.end() ? none : static_cast<std::size_t>(found - names_.begin());
}

std::string CsvHeader::describe() const {
  std::string text;
  for (const std::string& name : names_) {
    if (!text.empty()) text += ',';
    if (text.size() + name.size() > described_bytes) return text + "…";
    text += name;
  }
  return text;
}

CsvHeader read_csv_header(std::string_view head, bool is_whole) {
  if (!is_whole && head.find('\n') == std::string_view::npos) return {};
  Utf8Input input(std::make_unique<MemoryInput>(head));
  CsvReader reader(input);
  CsvRow row;
  Arena arena;
  if (reader.next(row, arena) != CsvResult::row) return {};
  return CsvHeader(row.cells);
}

}  // namespace linkferry::common
