#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Scanning of bytes, 16 at a time where the processor can. "Padded" functions may read, not use,
/// `scan_padding` bytes after `end`: they must be readable.
namespace linkferry::common {

inline constexpr std::size_t scan_padding = 64;

/// HTML's blanks: space, tab, line feed, form feed, carriage return.
constexpr bool is_blank(char c) {
  constexpr std::uint64_t blanks =
      1ULL << ' ' | 1ULL << '\t' | 1ULL << '\n' | 1ULL << '\f' | 1ULL << '\r';
  const auto byte = static_cast<unsigned char>(c);
  return byte <= ' ' && (blanks >> byte & 1) != 0;
}

constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

#if defined(__SSE2__)

namespace detail {

/// Unsigned, so that it adds to a pointer as it is.
inline unsigned lowest_bit(unsigned mask) { return static_cast<unsigned>(__builtin_ctz(mask)); }

template <char... wanted>
inline unsigned mask_of(__m128i bytes) {
  __m128i hits = _mm_setzero_si128();
  ((hits = _mm_or_si128(hits, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(wanted)))), ...);
  return static_cast<unsigned>(_mm_movemask_epi8(hits));
}

inline __m128i load(const char* p) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); }

/// Up to 15 bytes; what follows them is 0. Nothing else is read.
inline __m128i load_part(const char* p, std::size_t size) {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  if (size >= 8) {
    __builtin_memcpy(&low, p, 8);
    __builtin_memcpy(&high, p + size - 8, 8);
    high = high >> 8 * (15 - size) >> 8;  // in two steps, since all of it may go
  } else if (size >= 4) {
    std::uint32_t front = 0;
    std::uint32_t back = 0;
    __builtin_memcpy(&front, p, 4);
    __builtin_memcpy(&back, p + size - 4, 4);
    low = front | std::uint64_t{back} << 8 * (size - 4);
  } else {
    for (std::size_t i = 0; i < size; ++i)
      low |= std::uint64_t{static_cast<unsigned char>(p[i])} << 8 * i;
  }
  return _mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low));
}

}  // namespace detail

/// The first of `wanted` in [p, end), or `end`. Padded.
template <char... wanted>
inline const char* find_any(const char* p, const char* end) {
  for (; p < end; p += 16) {
    if (const unsigned mask = detail::mask_of<wanted...>(detail::load(p))) {
      p += detail::lowest_bit(mask);
      return p < end ? p : end;
    }
  }
  return end;
}

/// What scans came across on their way.
class ScanNotes {
 public:
  /// False: surely no `&`.
  bool may_have_reference() const { return _mm_movemask_epi8(references_) != 0; }
  /// Whether there was a byte below 0x20: a line end, a tab, or what no text should hold.
  bool has_control() const {
    return _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(least_, _mm_set1_epi8(0x1F)), least_)) !=
           0;
  }
  void forget_references() { references_ = _mm_setzero_si128(); }
  /// Nobody looked: everything is possible.
  void set_all() { references_ = _mm_set1_epi8(-1), least_ = _mm_setzero_si128(); }

  void add(__m128i block) {
    references_ = _mm_or_si128(references_, _mm_cmpeq_epi8(block, _mm_set1_epi8('&')));
    least_ = _mm_min_epu8(least_, block);
  }
  /// Only the first `count` bytes, at most 15.
  void add(__m128i block, unsigned count) {
    alignas(16) static constexpr unsigned char raise[32] = {
        0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
    add(_mm_or_si128(block, detail::load(reinterpret_cast<const char*>(raise) + 16 - count)));
  }

 private:
  __m128i references_ = _mm_setzero_si128();
  __m128i least_ = _mm_set1_epi8(-1);
};

/// The first of `wanted` in [p, end), or `end`; notes what stands before it. Padded, with zeros.
template <char... wanted>
inline const char* find_noting(const char* p, const char* end, ScanNotes& notes) {
  for (; p < end; p += 16) {
    const __m128i block = detail::load(p);
    if (const unsigned mask = detail::mask_of<wanted...>(block)) {
      const unsigned count = detail::lowest_bit(mask);
      notes.add(block, count);
      return p + count;
    }
    notes.add(block);
  }
  return end;
}

/// The first byte in [p, end) that is none of `skipped`. Padded, with zeros.
template <char... skipped>
inline const char* skip_any(const char* p, const char* end) {
  for (; p < end; p += 16) {
    const unsigned mask = detail::mask_of<skipped...>(detail::load(p)) ^ 0xFFFF;
    if (mask != 0) return p + detail::lowest_bit(mask);
  }
  return end;
}

/// The first byte in [p, end) that is no blank, or `end`. Padded, with zeros.
inline const char* skip_blanks(const char* p, const char* end) {
  while (p < end) {
    // Rationale: line ends and indentation are nearly all; the others are stepped over one by one.
    const unsigned mask = detail::mask_of<' ', '\n'>(detail::load(p)) ^ 0xFFFF;
    if (mask == 0) {
      p += 16;
      continue;
    }
    p += detail::lowest_bit(mask);
    if (!is_blank(*p)) break;
    ++p;
  }
  return p < end ? p : end;
}

/// Where the last blanks of [begin, end) begin, or nearly: some may be left.
inline const char* skip_blanks_back(const char* begin, const char* end) {
  if (end - begin < 16) return end;
  const unsigned blanks = detail::mask_of<' ', '\n'>(detail::load(end - 16));
  return end - __builtin_clz(~(blanks << 16));
}

/// How many `wanted` are in [p, end). Padded.
inline std::uint64_t count_byte(const char* p, const char* end, char wanted) {
  const __m128i pattern = _mm_set1_epi8(wanted);
  std::uint64_t count = 0;
  while (end - p >= 64) {
    // Each step adds at most 4 to a lane, so 32 steps cannot overflow it.
    __m128i lanes = _mm_setzero_si128();
    for (int step = 0; step < 32 && end - p >= 64; ++step, p += 64) {
      const __m128i a = _mm_add_epi8(_mm_cmpeq_epi8(detail::load(p), pattern),
                                     _mm_cmpeq_epi8(detail::load(p + 16), pattern));
      const __m128i b = _mm_add_epi8(_mm_cmpeq_epi8(detail::load(p + 32), pattern),
                                     _mm_cmpeq_epi8(detail::load(p + 48), pattern));
      lanes = _mm_sub_epi8(lanes, _mm_add_epi8(a, b));
    }
    const __m128i sums = _mm_sad_epu8(lanes, _mm_setzero_si128());
    count += static_cast<std::uint64_t>(_mm_cvtsi128_si64(sums)) +
             static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_srli_si128(sums, 8)));
  }
  for (; p < end; p += 16) {
    auto mask = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(detail::load(p), pattern)));
    if (end - p < 16) mask &= (1U << (end - p)) - 1;
    for (; mask != 0; mask &= mask - 1) ++count;  // mostly none or one
  }
  return count;
}

#else

class ScanNotes {
 public:
  bool may_have_reference() const { return has_reference_; }
  bool has_control() const { return has_control_; }
  void forget_references() { has_reference_ = false; }
  void set_all() { has_reference_ = has_control_ = true; }
  void add(char c) {
    has_reference_ = has_reference_ || c == '&';
    has_control_ = has_control_ || static_cast<unsigned char>(c) < 0x20;
  }

 private:
  bool has_reference_ = false;
  bool has_control_ = false;
};

template <char... wanted>
inline const char* find_noting(const char* p, const char* end, ScanNotes& notes) {
  for (; p < end && !((*p == wanted) || ...); ++p) notes.add(*p);
  return p;
}

inline const char* skip_blanks(const char* p, const char* end) {
  while (p < end && is_blank(*p)) ++p;
  return p;
}

inline const char* skip_blanks_back(const char*, const char* end) { return end; }

template <char... skipped>
inline const char* skip_any(const char* p, const char* end) {
  while (p < end && ((*p == skipped) || ...)) ++p;
  return p;
}

template <char... wanted>
inline const char* find_any(const char* p, const char* end) {
  while (p < end && !((*p == wanted) || ...)) ++p;
  return p;
}

inline std::uint64_t count_byte(const char* p, const char* end, char wanted) {
  std::uint64_t count = 0;
  for (; p < end; ++p) count += *p == wanted;
  return count;
}

#endif

}  // namespace linkferry::common
