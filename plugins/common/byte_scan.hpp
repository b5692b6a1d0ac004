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

template <char... wanted>
inline unsigned mask_of(__m128i bytes) {
  __m128i hits = _mm_setzero_si128();
  ((hits = _mm_or_si128(hits, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(wanted)))), ...);
  return static_cast<unsigned>(_mm_movemask_epi8(hits));
}

inline __m128i load(const char* p) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); }

/// Up to 15 bytes; what follows them is 0. Nothing else is read.
inline __m128i load_part(const char* p, std::size_t size) {
  alignas(16) char bytes[16] = {};
  if (size >= 8) {
    __builtin_memcpy(bytes, p, 8);
    __builtin_memcpy(bytes + size - 8, p + size - 8, 8);
  } else if (size >= 4) {
    __builtin_memcpy(bytes, p, 4);
    __builtin_memcpy(bytes + size - 4, p + size - 4, 4);
  } else {
    for (std::size_t i = 0; i < size; ++i) bytes[i] = p[i];
  }
  return load(bytes);
}

}  // namespace detail

/// The first of `wanted` in [p, end), or `end`. Padded.
template <char... wanted>
inline const char* find_any(const char* p, const char* end) {
  for (; p < end; p += 16) {
    if (const unsigned mask = detail::mask_of<wanted...>(detail::load(p))) {
      p += __builtin_ctz(mask);
      return p < end ? p : end;
    }
  }
  return end;
}

/// A set of bytes to look for.
template <char... bytes>
struct Bytes {
  static __m128i match(__m128i block) {
    __m128i hits = _mm_setzero_si128();
    ((hits = _mm_or_si128(hits, _mm_cmpeq_epi8(block, _mm_set1_epi8(bytes)))), ...);
    return hits;
  }
};

/// The first of `Wanted` in [p, end), or `end`; sets `is_noted` when one of `Noted` stands before
/// it. Padded.
template <class Wanted, class Noted>
inline const char* find_noting(const char* p, const char* end, bool& is_noted) {
  __m128i noted = _mm_setzero_si128();
  for (; p < end; p += 16) {
    const __m128i block = detail::load(p);
    const __m128i notes = Noted::match(block);
    if (const auto mask = static_cast<unsigned>(_mm_movemask_epi8(Wanted::match(block)))) {
      const unsigned before = (mask & (0U - mask)) - 1;
      const unsigned hits = (static_cast<unsigned>(_mm_movemask_epi8(notes)) & before) |
                            static_cast<unsigned>(_mm_movemask_epi8(noted));
      is_noted = is_noted || hits != 0;
      p += __builtin_ctz(mask);
      return p < end ? p : end;
    }
    noted = _mm_or_si128(noted, notes);
  }
  is_noted = is_noted || _mm_movemask_epi8(noted) != 0;
  return end;
}

/// The first byte in [p, end) that is no blank, or `end`. Padded.
inline const char* skip_blanks(const char* p, const char* end) {
  for (; p < end; p += 16) {
    const unsigned mask = detail::mask_of<' ', '\n', '\t', '\r', '\f'>(detail::load(p)) ^ 0xFFFF;
    if (mask != 0) {
      p += __builtin_ctz(mask);
      return p < end ? p : end;
    }
  }
  return end;
}

/// How many `wanted` are in [p, end). Padded.
inline std::uint64_t count_byte(const char* p, const char* end, char wanted) {
  const __m128i pattern = _mm_set1_epi8(wanted);
  std::uint64_t count = 0;
  const auto sum = [](__m128i bytes) {
    const __m128i sums = _mm_sad_epu8(bytes, _mm_setzero_si128());
    return static_cast<std::uint64_t>(_mm_cvtsi128_si64(sums)) +
           static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_srli_si128(sums, 8)));
  };
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
    count += sum(lanes);
  }
  __m128i lanes = _mm_setzero_si128();
  for (; end - p >= 16; p += 16)
    lanes = _mm_sub_epi8(lanes, _mm_cmpeq_epi8(detail::load(p), pattern));
  if (p < end) {
    alignas(16) static constexpr unsigned char keep[32] = {
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0};
    const __m128i kept = detail::load(reinterpret_cast<const char*>(keep) + 16 - (end - p));
    lanes = _mm_sub_epi8(lanes, _mm_and_si128(_mm_cmpeq_epi8(detail::load(p), pattern), kept));
  }
  return count + sum(lanes);
}

#else

template <char... bytes>
struct Bytes {
  static bool has(char c) { return ((c == bytes) || ...); }
};

template <class Wanted, class Noted>
inline const char* find_noting(const char* p, const char* end, bool& is_noted) {
  for (; p < end && !Wanted::has(*p); ++p) is_noted = is_noted || Noted::has(*p);
  return p;
}

inline const char* skip_blanks(const char* p, const char* end) {
  while (p < end && is_blank(*p)) ++p;
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
