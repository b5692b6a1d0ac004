#include <algorithm>
#include <array>
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

constexpr std::size_t none = std::string_view::npos;
constexpr std::string_view https = "https://";

/// What a look at every byte tells.
struct Outline {
  /// No blank, no control character, ASCII only, no segment begins with a dot.
  bool is_plain = true;
  bool has_percent = false;
  std::size_t question_mark = none;
  std::size_t number_sign = none;
};

#if defined(__SSE2__)
void look_at_block(const char* bytes, std::size_t at, bool is_after_slash, Outline& outline) {
  const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
  const auto where = [&block](char c) {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8(c))));
  };
  const __m128i odd = _mm_or_si128(_mm_cmplt_epi8(block, _mm_set1_epi8(0x21)),
                                   _mm_cmpeq_epi8(block, _mm_set1_epi8(0x7F)));
  const std::uint32_t after_slash = where('/') << 1 | (is_after_slash ? 1u : 0u);
  if (_mm_movemask_epi8(odd) != 0 || (after_slash & where('.')) != 0) outline.is_plain = false;
  if (where('%') != 0) outline.has_percent = true;
  const std::uint32_t question = where('?');
  const std::uint32_t number = where('#');
  if (question != 0 && outline.question_mark == none)
    outline.question_mark = at + static_cast<std::size_t>(__builtin_ctz(question));
  if (number != 0 && outline.number_sign == none)
    outline.number_sign = at + static_cast<std::size_t>(__builtin_ctz(number));
}

Outline look_at(std::string_view url) {
  Outline outline;
  if (url.size() < 16) {
    char padded[16];
    std::memset(padded, 'a', sizeof(padded));
    std::memcpy(padded, url.data(), url.size());
    look_at_block(padded, 0, false, outline);
    return outline;
  }
  for (std::size_t at = 0; at + 16 <= url.size(); at += 16) {
    look_at_block(url.data() + at, at, at > 0 && url[at - 1] == '/', outline);
  }
  if (const std::size_t last = url.size() - 16; url.size() % 16 != 0) {
    look_at_block(url.data() + last, last, url[last - 1] == '/', outline);
  }
  return outline;
}
#else
Outline look_at(std::string_view url) {
  Outline outline;
  for (std::size_t i = 0; i < url.size(); ++i) {
    const char c = url[i];
    if (c <= 0x20 || c == 0x7F || c == '%' || static_cast<unsigned char>(c) >= 0x80)
      outline.is_plain = false;
    if (c == '.' && i > 0 && url[i - 1] == '/') outline.is_plain = false;
    if (c == '?' && outline.question_mark == none) outline.question_mark = i;
    if (c == '#' && outline.number_sign == none) outline.number_sign = i;
  }
  return outline;
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

/// Where the host begins, and 0 where the URL is neither http nor https.
std::size_t scheme_length(std::string_view url, bool& is_https) {
  if (url.size() < https.size()) return 0;
  std::array<char, 8> head;
  for (std::size_t i = 0; i < head.size(); ++i) head[i] = static_cast<char>(url[i] | 0x20);
  is_https = std::string_view(head.data(), 8) == https;
  return is_https ? 8 : std::string_view(head.data(), 7) == "http://" ? 7 : 0;
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

void put_query(std::string_view query, Writer& out) {
  const std::size_t begin = out.size();
  while (true) {
    const std::size_t size = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, size);
    if (!is_tracking_parameter(part.substr(0, part.find('=')))) {
      out.put(out.size() == begin ? '?' : '&');
      out.put(part);
    }
    if (size == query.size()) break;
    query.remove_prefix(size + 1);
  }
  if (out.size() == begin + 1) out.cut(begin);
}

}  // namespace

std::optional<std::string_view> canonical_plain_url(std::string_view url, std::string& scratch) {
  bool is_https = false;
  std::size_t at = scheme_length(url, is_https);
  if (at == 0) return {};
  const Outline outline = look_at(url);
  if (!outline.is_plain || (outline.has_percent && !is_normalised(url))) return {};
  if (scratch.size() < url.size() + 1) scratch.resize(url.size() + 1);
  Writer out(scratch.data());
  out.put(https);
  at = put_authority(url, at, is_https, out);
  if (at == none) return {};

  const std::size_t fragment = std::min(outline.number_sign, url.size());
  const std::size_t query = std::min(outline.question_mark, fragment);
  std::string_view path = url.substr(at, query - at);
  if (path.ends_with('/') && !path.ends_with("//")) path.remove_suffix(1);
  out.put(path);
  if (query + 1 < fragment) put_query(url.substr(query + 1, fragment - query - 1), out);
  if (fragment + 1 < url.size() && (url[fragment + 1] == '!' || url[fragment + 1] == '/'))
    out.put(url.substr(fragment));
  return out.text();
}

}  // namespace linkferry
