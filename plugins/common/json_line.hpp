#pragma once

#include <bit>
#include <cstddef>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry::common {

/// A text of a JSON line as it stands there, without its quotes.
struct JsonText {
  std::string_view raw;
  bool is_escaped =
      false;  ///< has a backslash: `unescape` tells what it says; otherwise `raw` does
};

/// Takes one line of JSON apart, from left to right, without a tree and without a copy.
///
/// Strict: what it takes is RFC 8259 JSON (UTF-8 is the caller's business). Every function skips
/// blanks first. A false answer of anything but `take` means that the line is not JSON; `column`
/// says where and `is_cut` whether the line simply ended too early. Rationale: simdjson's On Demand
/// needs 3,300 instructions for a record of 330 bytes (its first pass alone 1,160), 4 bytes of
/// index for each byte of a line, and its builds for a plain x86-64 fall back to byte-wise reading
/// of texts. Source: RFC 8259 (read 2026-11-22). Lifetime: the line, which must outlive the texts
/// taken from it.
class JsonLine {
 public:
  /// The line ends with a line feed, which stops every loop; it and the bytes behind it, this many
  /// in all, must be readable.
  static constexpr std::size_t padding_bytes = 16;
  /// Values nested deeper are refused.
  static constexpr std::size_t max_depth = 1000;

  explicit JsonLine(const char* line) : begin_(line), at_(line) {}

  /// The byte that the next token begins with; a line feed at the end.
  char peek() {
    if (static_cast<unsigned char>(*at_) <= ' ') skip_blanks();
    return *at_;
  }

  bool is_at_end() { return peek() == '\n'; }

  /// Takes this punctuation mark when it is next.
  bool take(char wanted) {
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }

  bool take_text(JsonText& text) {
    if (!take('"')) return false;
    const char* const start = at_;
    text.is_escaped = false;
    for (;;) {
      at_ = find_special(at_);
      if (*at_ == '"') break;
      if (*at_ != '\\') return false;
      text.is_escaped = true;
      at_ += at_[1] == '\n' ? 1 : 2;
    }
    text.raw = {start, static_cast<std::size_t>(at_ - start)};
    ++at_;
    return true;
  }

  /// Takes `true`, `false` or `null`.
  bool take_word(std::string_view word) {
    peek();
    if (std::memcmp(at_, word.data(), word.size()) != 0) return fail_in_word(word);
    at_ += word.size();
    return true;
  }

  /// Takes any value, with all that is in it; `raw` is how it stands in the line.
  bool take_value(std::string_view& raw);

  /// Where it stopped, in bytes from 1.
  std::size_t column() const { return static_cast<std::size_t>(at_ - begin_) + 1; }
  /// After a false answer: the line ended where a value was not yet complete.
  bool is_cut() const { return *at_ == '\n'; }
  bool is_too_deep() const { return is_too_deep_; }
  /// The first byte not taken.
  const char* position() const { return at_; }

 private:
  static const char* find_special(const char* text) {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i last_control = _mm_set1_epi8(0x1f);
    for (;; text += 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
      const __m128i found =
          _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)),
                       _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes));
      const int mask = _mm_movemask_epi8(found);
      if (mask != 0) return text + std::countr_zero(static_cast<unsigned>(mask));
    }
#else
    while (*text != '"' && *text != '\\' && static_cast<unsigned char>(*text) > 0x1f) ++text;
    return text;
#endif
  }

  void skip_blanks() {
    while (*at_ == ' ' || *at_ == '\t' || *at_ == '\r') ++at_;
  }
  bool fail_in_word(std::string_view word);
  bool take_number();
  bool take_valid_text();
  bool take_scalar();

  const char* begin_;
  const char* at_;
  bool is_too_deep_ = false;
};

/// What a text with escapes says. False when an escape is none. Half a surrogate pair becomes
/// U+FFFD and sets `is_repaired`. Lifetime: the arena.
bool unescape(std::string_view raw, Arena& arena, Text& text, bool& is_repaired);

}  // namespace linkferry::common
