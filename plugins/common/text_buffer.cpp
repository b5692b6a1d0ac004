#include "common/text_buffer.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace linkferry::common {

void TextBuffer::grow(std::size_t bytes) {
  const auto used = static_cast<std::size_t>(at_ - begin_.get());
  const std::size_t size =
      std::max<std::size_t>({std::size_t{4096}, 2 * used, used + bytes + scan_padding});
  std::unique_ptr<char[]> larger(new char[size]);
  if (used != 0) std::memcpy(larger.get(), begin_.get(), used);
  begin_ = std::move(larger);
  at_ = begin_.get() + used;
  end_ = begin_.get() + size;
}

char* TextCursor::put_any_number(std::int64_t number, char* out) {
  return std::to_chars(out, out + number_bytes, number).ptr;
}

void TextBuffer::append_escaped_pieces(std::string_view text, bool is_attribute) {
  for (std::size_t from = 0; from < text.size(); from += piece_bytes)
    append_escaped(text.substr(from, piece_bytes), is_attribute);
}

namespace {

#if defined(__SSE2__)
/// Which of 16 bytes may need a reference: `&`, `'` and `"` differ in two bits from each other (as
/// `#` does, which then is found to need none), `<` and `>` in one.
template <bool is_attribute>
inline unsigned mask_of_special(__m128i bytes) {
  const auto is = [](__m128i values, char c) { return _mm_cmpeq_epi8(values, _mm_set1_epi8(c)); };
  __m128i hits = is(_mm_and_si128(bytes, _mm_set1_epi8(~5)), '"');
  hits = _mm_or_si128(hits, is(_mm_and_si128(bytes, _mm_set1_epi8(~2)), '<'));
  if (is_attribute) hits = _mm_or_si128(hits, is(bytes, '\n'));
  return static_cast<unsigned>(_mm_movemask_epi8(hits));
}
#endif

/// Writes a byte, as a reference where it needs one.
template <bool is_attribute>
inline char* put_escaped(char c, char* out) {
  const auto put = [out](std::string_view reference) {
    std::memcpy(out, reference.data(), reference.size());
    return out + reference.size();
  };
  switch (c) {
    case '&':
      return put("&amp;");
    case '<':
      return put("&lt;");
    case '>':
      return put("&gt;");
    case '"':
      return put("&quot;");
    case '\'':
      return put("&#39;");
    case '\n':
      return put(is_attribute ? "&#10;" : "\n");
    default:
      *out = c;
      return out + 1;
  }
}

}  // namespace

template <bool is_attribute>
char* TextCursor::escape(std::string_view text, char* out) {
  const char* p = text.data();
  const char* const end = p + text.size();
#if defined(__SSE2__)
  const auto escape_at = [&](unsigned mask) {
    p += __builtin_ctz(mask);
    out += __builtin_ctz(mask);
    out = put_escaped<is_attribute>(*p++, out);
  };
  if (text.size() >= 16) {
    const char* const last = end - 16;
    while (p <= last) {
      const __m128i bytes = detail::load(p);
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out), bytes);
      if (const unsigned mask = mask_of_special<is_attribute>(bytes); mask != 0) [[unlikely]] {
        escape_at(mask);
        continue;
      }
      p += 16;
      out += 16;
    }
    // Rationale: where none of the last 16 bytes needs a reference, to write those once more that
    // stand there already is cheaper than to load just what is left.
    const __m128i bytes = detail::load(last);
    if (mask_of_special<is_attribute>(bytes) == 0) [[likely]] {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out + (last - p)), bytes);
      return out + (end - p);
    }
  }
  while (p < end) {
    const auto left = static_cast<std::size_t>(end - p);
    const __m128i bytes = detail::load_part(p, left);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), bytes);
    if (const unsigned mask = mask_of_special<is_attribute>(bytes); mask != 0) [[unlikely]] {
      escape_at(mask);
      continue;
    }
    return out + left;
  }
#else
  while (p < end) out = put_escaped<is_attribute>(*p++, out);
#endif
  return out;
}

template char* TextCursor::escape<true>(std::string_view text, char* out);
template char* TextCursor::escape<false>(std::string_view text, char* out);

}  // namespace linkferry::common
