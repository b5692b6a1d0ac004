#include "common/csv_writer.hpp"

#include <cstring>

#include "common/byte_scan.hpp"

namespace linkferry::common {

void CsvWriter::ensure(std::size_t bytes) {
  if (buffer_.size() - size_ < bytes) buffer_.resize((size_ + bytes) * 2);
}

/// Rationale: the text is copied first and looked at in the copy, where the scan may read beyond its end.
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
      *out++ = '"';
      for (const char byte : text) {
        if (byte == '"') *out++ = '"';
        *out++ = byte;
      }
      *out++ = '"';
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
}

}  // namespace linkferry::common
