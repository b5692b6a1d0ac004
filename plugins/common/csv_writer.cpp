#include "common/csv_writer.hpp"

#include <cstring>

#include "common/byte_scan.hpp"

namespace linkferry::common {

namespace {

/// Returns the end of what was written.
char* append_quoted(char* out, std::string_view text) {
  *out++ = '"';
  for (std::size_t quote = text.find('"'); quote != std::string_view::npos;
       quote = text.find('"')) {
    std::memcpy(out, text.data(), quote + 1);
    out += quote + 1;
    *out++ = '"';
    text.remove_prefix(quote + 1);
  }
  if (!text.empty()) std::memcpy(out, text.data(), text.size());
  out += text.size();
  *out++ = '"';
  return out;
}

}  // namespace

void CsvWriter::grow(std::size_t bytes) { buffer_.resize((size_ + bytes) * 2); }

/// Rationale: the text is copied first and looked at in the copy, where the scan may read beyond
/// its end.
void CsvWriter::cell(Text text) {
  ensure(2 * text.size() + 3 + scan_padding);
  char* out = buffer_.data() + size_;
  if (!is_row_empty_) *out++ = ',';
  is_row_empty_ = false;
  if (!text.empty()) {
    std::memcpy(out, text.data(), text.size());
    char* const end = out + text.size();
    if (find_any<'"', ',', '\n', '\r'>(out, end) == end) {
      out = end;
    } else {
      out = append_quoted(out, text);
    }
  }
  size_ = static_cast<std::size_t>(out - buffer_.data());
}

void CsvWriter::joined_cell(std::span<const Text> parts, std::string_view separator) {
  if (parts.size() < 2) return cell(parts.empty() ? Text() : parts.front());
  joined_ = parts.front();
  for (const Text part : parts.subspan(1)) joined_.append(separator).append(part);
  cell(joined_);
}

void CsvWriter::end_row() {
  ensure(1);
  buffer_[size_++] = '\n';
  is_row_empty_ = true;
  if (size_ >= block_bytes) flush();
}

void CsvWriter::flush() {
  if (size_ != 0) file_.write({buffer_.data(), size_});
  size_ = 0;
  if (buffer_.size() > 8 * block_bytes) buffer_ = std::vector<char>();
}

}  // namespace linkferry::common
