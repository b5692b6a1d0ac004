#include "common/json_writer.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace linkferry::common {
namespace {

/// One byte as it must be written inside quotes.
char* put_byte(unsigned char byte, char* out) {
  constexpr char digits[] = "0123456789abcdef";
  if (byte >= 0x20 && byte != '"' && byte != '\\') {
    *out++ = static_cast<char>(byte);
    return out;
  }
  *out++ = '\\';
  switch (byte) {
    case '"':
    case '\\':
      *out++ = static_cast<char>(byte);
      return out;
    case '\b':
      *out++ = 'b';
      return out;
    case '\f':
      *out++ = 'f';
      return out;
    case '\n':
      *out++ = 'n';
      return out;
    case '\r':
      *out++ = 'r';
      return out;
    case '\t':
      *out++ = 't';
      return out;
    default:
      break;
  }
  std::memcpy(out, "u00", 3);
  out[3] = digits[byte >> 4];
  out[4] = digits[byte & 15];
  return out + 5;
}

/// Whether one of eight bytes needs an escape.
bool has_special(std::uint64_t bytes) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t highs = 0x8080808080808080;
  const std::uint64_t quotes = bytes ^ (ones * '"');
  const std::uint64_t backslashes = bytes ^ (ones * '\\');
  return ((((bytes - ones * 0x20) & ~bytes) | ((quotes - ones) & ~quotes) |
           ((backslashes - ones) & ~backslashes)) &
          highs) != 0;
}

/// Fewer than 16 bytes: two overlapping words where nothing needs an escape, byte by byte
/// otherwise.
char* put_tail(const char* text, std::size_t size, char* out) {
  if (size >= 8) {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::memcpy(&first, text, 8);
    std::memcpy(&last, text + size - 8, 8);
    if (!has_special(first) && !has_special(last)) {
      std::memcpy(out, &first, 8);
      std::memcpy(out + size - 8, &last, 8);
      return out + size;
    }
  } else if (size >= 4) {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::memcpy(&first, text, 4);
    std::memcpy(&last, text + size - 4, 4);
    if (!has_special(first | (static_cast<std::uint64_t>(last) << 32))) {
      std::memcpy(out, &first, 4);
      std::memcpy(out + size - 4, &last, 4);
      return out + size;
    }
  }
  for (std::size_t i = 0; i < size; ++i) out = put_byte(static_cast<unsigned char>(text[i]), out);
  return out;
}

/// `out` has room for six bytes each, and 16 more.
char* put_escaped(std::string_view text, char* out) {
  const char* at = text.data();
  const char* const end = at + text.size();
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i last_control = _mm_set1_epi8(0x1f);
  while (end - at >= 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i special =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)),
                     _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), bytes);
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(special));
    if (mask == 0) {
      at += 16, out += 16;
      continue;
    }
    const int plain = std::countr_zero(mask);
    at += plain, out += plain;
    out = put_byte(static_cast<unsigned char>(*at++), out);
  }
#else
  while (end - at >= 16) out = put_byte(static_cast<unsigned char>(*at++), out);
#endif
  return put_tail(at, static_cast<std::size_t>(end - at), out);
}

char* put_number(unsigned value, int width, char* out) {
  for (int i = width - 1; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
  return out + width;
}

char* put_fraction(const Timestamp& time, char* out) {
  *out++ = '.';
  if (time.precision == Precision::millisecond)
    return put_number(time.nanoseconds / 1'000'000, 3, out);
  if (time.precision == Precision::microsecond) return put_number(time.nanoseconds / 1'000, 6, out);
  return put_number(time.nanoseconds, 9, out);
}

}  // namespace

void JsonWriter::text(std::string_view text) {
  reserve(std::min(text.size(), piece_bytes) * 6 + 18);
  *end_++ = '"';
  while (text.size() > piece_bytes) {
    end_ = put_escaped(text.substr(0, piece_bytes), end_);
    text.remove_prefix(piece_bytes);
    reserve(std::min(text.size(), piece_bytes) * 6 + 18);
  }
  end_ = put_escaped(text, end_);
  *end_++ = '"';
}

void JsonWriter::date(const Timestamp& time) {
  using namespace std::chrono;
  reserve(40);
  std::int64_t day = time.seconds / 86'400;
  std::int64_t second = time.seconds % 86'400;
  if (second < 0) second += 86'400, --day;
  const year_month_day date{sys_days{days{day}}};
  char* out = end_;
  *out++ = '"';
  out = put_number(static_cast<unsigned>(static_cast<int>(date.year())), 4, out);
  *out++ = '-';
  out = put_number(static_cast<unsigned>(date.month()), 2, out);
  *out++ = '-';
  out = put_number(static_cast<unsigned>(date.day()), 2, out);
  if (time.precision != Precision::day) {
    const auto rest = static_cast<unsigned>(second);
    *out++ = 'T';
    out = put_number(rest / 3600, 2, out);
    *out++ = ':';
    out = put_number(rest / 60 % 60, 2, out);
    *out++ = ':';
    out = put_number(rest % 60, 2, out);
    if (time.precision >= Precision::millisecond) out = put_fraction(time, out);
    *out++ = 'Z';
  }
  *out++ = '"';
  end_ = out;
}

void JsonWriter::grow(std::size_t bytes) {
  const std::size_t used = size();
  const std::size_t capacity = std::max<std::size_t>((used + bytes) * 2, 64 * 1024);
  auto larger = std::unique_ptr<char[]>(new char[capacity]);
  if (used != 0) std::memcpy(larger.get(), start_.get(), used);
  start_ = std::move(larger);
  end_ = start_.get() + used;
  limit_ = start_.get() + capacity;
}

}  // namespace linkferry::common
