#include "text/repair.hpp"

#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "text/utf8.hpp"

namespace linkferry {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0x20 && byte < 0x80) || c == '\n' || c == '\t';
}

#if defined(__SSE2__)
/// One bit for each of 16 bytes that is a control character to remove, or not ASCII.
std::uint32_t odd_bytes(__m128i block) {
  const __m128i low = _mm_cmplt_epi8(block, _mm_set1_epi8(0x20));
  const __m128i line_feed = _mm_cmpeq_epi8(block, _mm_set1_epi8('\n'));
  const __m128i tab = _mm_cmpeq_epi8(block, _mm_set1_epi8('\t'));
  return static_cast<std::uint32_t>(
      _mm_movemask_epi8(_mm_andnot_si128(_mm_or_si128(line_feed, tab), low)));
}

std::uint32_t odd_bytes(const char* bytes) {
  return odd_bytes(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)));
}

/// Whether a text of 8 to 16 bytes, such as a tag, is plain: its first and its last 8 at once.
bool is_plain_short(Text text) {
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::memcpy(&first, text.data(), 8);
  std::memcpy(&last, text.data() + text.size() - 8, 8);
  return odd_bytes(_mm_set_epi64x(last, first)) == 0;
}
#endif

/// The first byte from `at` on that is not plain.
std::size_t skip_plain(Text text, std::size_t at) {
#if defined(__SSE2__)
  for (; at + 16 <= text.size(); at += 16) {
    const std::uint32_t odd = odd_bytes(text.data() + at);
    if (odd != 0) return at + static_cast<std::size_t>(__builtin_ctz(odd));
  }
  if (at < text.size() && text.size() >= 16) {
    // The last bytes, together with some that were looked at already.
    const std::size_t last = text.size() - 16;
    const std::uint32_t odd = odd_bytes(text.data() + last) >> (at - last);
    return odd == 0 ? text.size() : at + static_cast<std::size_t>(__builtin_ctz(odd));
  }
  if (at == 0 && text.size() >= 8 && is_plain_short(text)) return text.size();
#endif
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

/// The first byte from `at` on that has to be repaired.
std::size_t skip_clean(Text text, std::size_t at) {
  while ((at = skip_plain(text, at)) < text.size()) {
    if (static_cast<unsigned char>(text[at]) < 0x80) return at;
    // Text in another script than Latin is one such sequence after the other: stay here as long as
    // it lasts.
    do {
      const std::size_t length = sequence_length(text.substr(at));
      if (length == 0) return at;
      at += length;
    } while (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80);
  }
  return at;
}

/// Counts what would be appended.
class Counter {
 public:
  void append(std::string_view bytes) { size_ += bytes.size(); }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_ = 0;
};

/// Appends to memory that is known to suffice.
class Writer {
 public:
  explicit Writer(char* end) : end_(end) {}
  void append(std::string_view bytes) {
    std::memcpy(end_, bytes.data(), bytes.size());
    end_ += bytes.size();
  }

 private:
  char* end_;
};

/// Repairs what stands at `at`, which is not clean, and returns where to go on.
template <class Output>
std::size_t repair_at(Text text, std::size_t at, Output& out) {
  const char c = text[at];
  if (static_cast<unsigned char>(c) >= 0x80) {
    out.append(replacement);
    return at + broken_length(text.substr(at));
  }
  if (c == '\r') {
    out.append("\n");
    if (at + 1 < text.size() && text[at + 1] == '\n') return at + 2;
  }
  return at + 1;
}

/// `clean` is where the first repair is due.
template <class Output>
void repair_into(Output& out, Text text, std::size_t clean) {
  std::size_t at = 0;
  while (true) {
    out.append(text.substr(at, clean - at));
    if (clean == text.size()) return;
    at = repair_at(text, clean, out);
    clean = skip_clean(text, at);
  }
}

}  // namespace

bool is_clean_text(Text text) { return skip_clean(text, 0) == text.size(); }

Text repair_text(Text text, Arena& arena, bool& changed) {
  const std::size_t clean = skip_clean(text, 0);
  if (clean == text.size()) return text;
  changed = true;
  Counter counter;
  repair_into(counter, text, clean);
  if (counter.size() == 0) return "";
  char* memory = static_cast<char*>(arena.allocate(counter.size(), 1));
  Writer writer(memory);
  repair_into(writer, text, clean);
  return {memory, counter.size()};
}

}  // namespace linkferry
