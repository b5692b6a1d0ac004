#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "text/percent.hpp"
#include "text/tracking_parameters.hpp"
#include "text/url_canonical.hpp"

namespace linkferry {
namespace {

/// The lower case of what an ordinary host consists of; 0 for all else.
constexpr std::array<char, 256> host_characters = [] {
  std::array<char, 256> table{};
  for (int c = 'a'; c <= 'z'; ++c)
    table[static_cast<std::size_t>(c)] = table[static_cast<std::size_t>(c - 32)] =
        static_cast<char>(c);
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = static_cast<char>(c);
  for (const char c : {'-', '.', '_'}) table[static_cast<std::size_t>(c)] = c;
  return table;
}();

bool is_lower_host_character(char c) {
  return host_characters[static_cast<unsigned char>(c)] == c && c != 0;
}

constexpr std::size_t none = std::string_view::npos;

/// What a look at every byte tells.
struct Outline {
  /// No blank, no control character, ASCII only, no segment begins with a dot.
  bool is_plain = true;
  bool has_percent = false;
  std::size_t question_mark = none;
  std::size_t number_sign = none;

  void note(char c, std::size_t at) {
    if (c == '?' && question_mark == none) question_mark = at;
    if (c == '#' && number_sign == none) number_sign = at;
  }
};

#if defined(__SSE2__)
__m128i load(const char* bytes) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)); }
__m128i is_equal(__m128i block, char c) { return _mm_cmpeq_epi8(block, _mm_set1_epi8(c)); }
std::uint32_t mask_of(__m128i block) {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(block));
}

/// Looks at the bytes from `at`, which is not 0, on; there are at least 16.
Outline look_at(std::string_view url, std::size_t at) {
  Outline outline;
  __m128i odd = _mm_setzero_si128();
  __m128i percent = odd;
  const auto look = [&](std::size_t i) {
    const __m128i block = load(url.data() + i);
    // One more makes DEL negative, as what is not ASCII is.
    odd = _mm_or_si128(odd,
                       _mm_cmplt_epi8(_mm_add_epi8(block, _mm_set1_epi8(1)), _mm_set1_epi8(0x22)));
    odd = _mm_or_si128(
        odd, _mm_and_si128(is_equal(block, '.'), is_equal(load(url.data() + i - 1), '/')));
    percent = _mm_or_si128(percent, is_equal(block, '%'));
    std::uint32_t marks = mask_of(_mm_or_si128(is_equal(block, '?'), is_equal(block, '#')));
    for (; marks != 0; marks &= marks - 1) {
      const std::size_t mark = i + static_cast<std::size_t>(__builtin_ctz(marks));
      outline.note(url[mark], mark);
    }
  };
  for (; at + 16 <= url.size(); at += 16) look(at);
  if (at < url.size()) look(url.size() - 16);
  outline.is_plain = mask_of(odd) == 0;
  outline.has_percent = mask_of(percent) != 0;
  return outline;
}

/// Where the lower-case letters, digits, hyphens, dots and underscores end that begin at `at`.
std::size_t end_of_lower_host(std::string_view url, std::size_t at) {
  const auto is_within = [](__m128i block, char first, char last) {
    const __m128i from_first = _mm_sub_epi8(block, _mm_set1_epi8(first));
    const __m128i limit = _mm_set1_epi8(static_cast<char>(last - first));
    return _mm_cmpeq_epi8(_mm_min_epu8(from_first, limit), from_first);
  };
  for (; at + 16 <= url.size(); at += 16) {
    const __m128i block = load(url.data() + at);
    const __m128i good =
        _mm_or_si128(_mm_or_si128(is_within(block, 'a', 'z'), is_within(block, '0', '9')),
                     _mm_or_si128(is_within(block, '-', '.'), is_equal(block, '_')));
    if (const std::uint32_t bad = mask_of(good) ^ 0xFFFF; bad != 0)
      return at + static_cast<std::size_t>(__builtin_ctz(bad));
  }
  while (at < url.size() && is_lower_host_character(url[at])) ++at;
  return at;
}
#else
Outline look_at(std::string_view url, std::size_t at) {
  Outline outline;
  for (; at < url.size(); ++at) {
    const char c = url[at];
    if (c <= 0x20 || c == 0x7F || static_cast<unsigned char>(c) >= 0x80) outline.is_plain = false;
    if (c == '.' && url[at - 1] == '/') outline.is_plain = false;
    if (c == '%') outline.has_percent = true;
    outline.note(c, at);
  }
  return outline;
}

std::size_t end_of_lower_host(std::string_view url, std::size_t at) {
  while (at < url.size() && is_lower_host_character(url[at])) ++at;
  return at;
}
#endif

/// Whether every `%XX` stands as percent_normalise would leave it, which is how browsers write
/// them.
bool is_normalised(std::string_view url) {
  const auto is_capital_digit = [](char c) { return hex_value(c) >= 0 && !(c >= 'a' && c <= 'f'); };
  for (std::size_t at = url.find('%'); at != none; at = url.find('%', at + 3)) {
    if (url.size() - at < 3 || !is_capital_digit(url[at + 1]) || !is_capital_digit(url[at + 2]))
      return false;
    if (is_unreserved(static_cast<char>(hex_value(url[at + 1]) * 16 + hex_value(url[at + 2]))))
      return false;
  }
  return true;
}

using Word = std::array<char, 8>;
constexpr std::uint64_t word(const Word& text) { return std::bit_cast<std::uint64_t>(text); }

/// Where the host begins, and 0 where the URL is neither http nor https, or too short to be looked
/// at in blocks.
std::size_t scheme_length(std::string_view url, bool& is_https) {
  if (url.size() < 17) return 0;
  constexpr char any = 0x20;  // the bit in which capitals differ
  constexpr char all = '\xFF';
  std::uint64_t head = 0;
  std::memcpy(&head, url.data(), sizeof head);
  is_https = (head | word({any, any, any, any, any, 0, 0, 0})) ==
             word({'h', 't', 't', 'p', 's', ':', '/', '/'});
  if (is_https) return 8;
  const std::uint64_t seven = (head | word({any, any, any, any, 0, 0, 0, 0})) &
                              word({all, all, all, all, all, all, all, 0});
  return seven == word({'h', 't', 't', 'p', ':', '/', '/', 0}) ? 7 : 0;
}

/// Copies to where there is room for it.
class Writer {
 public:
  explicit Writer(char* begin) : begin_(begin), end_(begin) {}
  void put(char c) { *end_++ = c; }
  void put(std::string_view text) {
    std::memcpy(end_, text.data(), text.size());
    end_ += text.size();
  }
  /// Takes back everything from the `size`th byte on.
  void cut(std::size_t size) { end_ = begin_ + size; }
  std::size_t size() const { return static_cast<std::size_t>(end_ - begin_); }
  std::string_view text() const { return {begin_, size()}; }

 private:
  char* begin_;
  char* end_;
};

/// Writes host and port and returns where they end; `none` where they are not ordinary.
std::size_t put_authority(std::string_view url, std::size_t at, bool is_https, Writer& out) {
  const std::size_t begin = at;
  while (at < url.size()) {
    const char c = host_characters[static_cast<unsigned char>(url[at])];
    if (c == 0) break;
    out.put(c);
    ++at;
  }
  if (at == begin) return none;
  if (at == url.size() || url[at] == '/' || url[at] == '?' || url[at] == '#') return at;
  if (url[at] != ':') return none;
  const std::size_t end = std::min(url.find_first_of("/?#", at), url.size());
  const std::string_view port = url.substr(at + 1, end - at - 1);
  if (port.empty() || port.size() > 5 || port.front() == '0') return none;
  if (!std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return none;
  if (port == (is_https ? "443" : "80")) return end;
  if (port == "443") return none;
  out.put(url.substr(at, end - at));
  return end;
}

/// Whether a part of a query, up to its `&`, names a tracking parameter.
bool is_tracking_part(std::string_view part) {
  return is_tracking_parameter(part.substr(0, part.find('=')));
}

bool has_tracking_parameter(std::string_view query) {
  while (true) {
    if (may_begin_tracking_parameter(query) && is_tracking_part(query.substr(0, query.find('&'))))
      return true;
    const std::size_t end = query.find('&');
    if (end == none) return false;
    query.remove_prefix(end + 1);
  }
}

void put_query(std::string_view query, Writer& out) {
  const std::size_t begin = out.size();
  while (true) {
    const std::size_t size = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, size);
    if (!is_tracking_part(part)) {
      out.put(out.size() == begin ? '?' : '&');
      out.put(part);
    }
    if (size == query.size()) break;
    query.remove_prefix(size + 1);
  }
  if (out.size() == begin + 1) out.cut(begin);
}

/// The parts of a URL whose host is cut off. `query` and `fragment` begin with their delimiters;
/// what does not count is empty.
struct Tail {
  std::string_view path;
  std::string_view query;
  std::string_view fragment;
};

/// A path without the one slash at its end that is ignored.
std::string_view without_slash(std::string_view path) {
  if (path.ends_with('/') && !path.ends_with("//")) path.remove_suffix(1);
  return path;
}

Tail tail_of(std::string_view url, std::size_t at, const Outline& outline) {
  const std::size_t fragment = std::min(outline.number_sign, url.size());
  const std::size_t query = std::min(outline.question_mark, fragment);
  Tail tail{without_slash(url.substr(at, query - at)), {}, {}};
  if (query + 1 < fragment) tail.query = url.substr(query, fragment - query);
  if (fragment + 1 < url.size() && (url[fragment + 1] == '!' || url[fragment + 1] == '/'))
    tail.fragment = url.substr(fragment);
  return tail;
}

/// Where the canonical text ends in `url` if it stands there as it is; `none` if it does not.
/// The host ends at `at`.
std::size_t end_in_place(std::string_view url, std::size_t at, const Outline& outline) {
  if (outline.question_mark == none && outline.number_sign == none)
    return at + without_slash(url.substr(at)).size();
  const Tail tail = tail_of(url, at, outline);
  std::size_t end = static_cast<std::size_t>(tail.path.data() - url.data()) + tail.path.size();
  for (const std::string_view part : {tail.query, tail.fragment}) {
    if (part.empty()) continue;
    if (part.data() != url.data() + end) return none;
    end += part.size();
  }
  return !tail.query.empty() && has_tracking_parameter(tail.query.substr(1)) ? none : end;
}

}  // namespace

std::optional<std::string_view> canonical_plain_rest(std::string_view url, std::string& scratch) {
  bool is_https = false;
  const std::size_t host = scheme_length(url, is_https);
  if (host == 0) return {};
  const Outline outline = look_at(url, host);
  if (!outline.is_plain || (outline.has_percent && !is_normalised(url))) return {};
  std::size_t at = end_of_lower_host(url, host);
  if (at != host && (at == url.size() || url[at] == '/' || url[at] == '?' || url[at] == '#')) {
    // Rationale: most URLs are canonical but for their scheme, and then nothing need be copied.
    const std::size_t end = end_in_place(url, at, outline);
    if (end != none) return url.substr(host, end - host);
  }
  if (scratch.size() < url.size()) scratch.resize(url.size());
  Writer out(scratch.data());
  at = put_authority(url, host, is_https, out);
  if (at == none) return {};
  const Tail tail = tail_of(url, at, outline);
  out.put(tail.path);
  if (!tail.query.empty()) put_query(tail.query.substr(1), out);
  if (!tail.fragment.empty()) out.put(tail.fragment);
  return out.text();
}

}  // namespace linkferry
