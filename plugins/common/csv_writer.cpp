#include "common/csv_writer.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace linkferry::common {
namespace {

constexpr bool is_special(char byte) {
  return byte == '"' || byte == ',' || byte == '\n' || byte == '\r';
}

}  // namespace

bool needs_quotes(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
#if defined(__SSE2__)
  for (; end - at >= 16; at += 16) {
    const __m128i part = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i separators = _mm_or_si128(_mm_cmpeq_epi8(part, _mm_set1_epi8('"')),
                                            _mm_cmpeq_epi8(part, _mm_set1_epi8(',')));
    const __m128i breaks = _mm_or_si128(_mm_cmpeq_epi8(part, _mm_set1_epi8('\n')),
                                        _mm_cmpeq_epi8(part, _mm_set1_epi8('\r')));
    if (_mm_movemask_epi8(_mm_or_si128(separators, breaks)) != 0) return true;
  }
#endif
  for (; at != end; ++at) {
    if (is_special(*at)) return true;
  }
  return false;
}

void append_csv_cell(std::string& out, std::string_view text) {
  if (!needs_quotes(text)) {
    out.append(text);
    return;
  }
  out.push_back('"');
  for (std::size_t quote = text.find('"'); quote != std::string_view::npos; quote = text.find('"')) {
    out.append(text.substr(0, quote + 1));
    out.push_back('"');
    text.remove_prefix(quote + 1);
  }
  out.append(text);
  out.push_back('"');
}

void CsvWriter::cell(Text text) {
  if (!is_row_empty_) buffer_.push_back(',');
  is_row_empty_ = false;
  if (!text.empty()) append_csv_cell(buffer_, text);
}

void CsvWriter::joined_cell(std::span<const Text> parts, std::string_view separator) {
  if (parts.size() < 2) return cell(parts.empty() ? Text() : parts.front());
  joined_ = parts.front();
  for (const Text part : parts.subspan(1)) joined_.append(separator).append(part);
  cell(joined_);
}

void CsvWriter::end_row() {
  buffer_.push_back('\n');
  is_row_empty_ = true;
  if (buffer_.size() >= block_bytes) flush();
}

void CsvWriter::flush() {
  if (buffer_.empty()) return;
  file_.write(buffer_);
  buffer_.clear();
}

}  // namespace linkferry::common
