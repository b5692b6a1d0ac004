#include "common/json_line.hpp"

#include <bitset>
#include <cstdint>

namespace linkferry::common {
namespace {

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

int hex_value(char byte) {
  if (is_digit(byte)) return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

/// The four digits after `\u`, taken off the front; -1 when they are not there.
std::int32_t take_hex(std::string_view& raw) {
  if (raw.size() < 4) return -1;
  std::int32_t unit = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const int value = hex_value(raw[i]);
    if (value < 0) return -1;
    unit = unit * 16 + value;
  }
  raw.remove_prefix(4);
  return unit;
}

char* put_utf8(std::int32_t code, char* out) {
  const auto put = [&out](std::int32_t byte) { *out++ = static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | (code >> 6)), put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | (code >> 12)), put(0x80 | ((code >> 6) & 0x3f)), put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | (code >> 18)), put(0x80 | ((code >> 12) & 0x3f));
    put(0x80 | ((code >> 6) & 0x3f)), put(0x80 | (code & 0x3f));
  }
  return out;
}

/// The code point after `\u`, both halves of a surrogate pair; -1 when it is no escape.
std::int32_t take_code_point(std::string_view& raw, bool& is_repaired) {
  constexpr std::int32_t replacement = 0xfffd;
  const std::int32_t first = take_hex(raw);
  if (first < 0xd800 || first > 0xdfff) return first;
  if (first < 0xdc00 && raw.starts_with("\\u")) {
    std::string_view rest = raw.substr(2);
    const std::int32_t second = take_hex(rest);
    if (second < 0) return -1;
    if (second >= 0xdc00 && second <= 0xdfff) {
      raw = rest;
      return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
    }
  }
  is_repaired = true;
  return replacement;
}

/// The byte that `\` and this letter stand for; 0 for `u` and for what is no escape.
char short_escape(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/':
      return letter;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

bool has_valid_escapes(std::string_view raw) {
  for (std::size_t at = raw.find('\\'); at != std::string_view::npos; at = raw.find('\\', at + 2)) {
    std::string_view digits = raw.substr(at + 2);
    if (short_escape(raw[at + 1]) == 0 && (raw[at + 1] != 'u' || take_hex(digits) < 0))
      return false;
  }
  return true;
}

}  // namespace

bool JsonLine::fail_in_word(std::string_view word) {
  while (!word.empty() && *at_ == word.front()) ++at_, word.remove_prefix(1);
  return false;
}

bool JsonLine::take_number() {
  if (*at_ == '-') ++at_;
  if (!is_digit(*at_)) return false;
  if (*at_++ != '0') {
    while (is_digit(*at_)) ++at_;
  }
  if (*at_ == '.') {
    if (!is_digit(*++at_)) return false;
    while (is_digit(*at_)) ++at_;
  }
  if (*at_ != 'e' && *at_ != 'E') return true;
  ++at_;
  if (*at_ == '+' || *at_ == '-') ++at_;
  if (!is_digit(*at_)) return false;
  while (is_digit(*at_)) ++at_;
  return true;
}

bool JsonLine::take_valid_text() {
  JsonText text;
  return take_text(text) && (!text.is_escaped || has_valid_escapes(text.raw));
}

bool JsonLine::take_scalar() {
  switch (peek()) {
    case '"':
      return take_valid_text();
    case 't':
      return take_word("true");
    case 'f':
      return take_word("false");
    case 'n':
      return take_word("null");
    default:
      return take_number();
  }
}

bool JsonLine::take_value(std::string_view& raw) {
  std::bitset<max_depth> is_object;
  std::size_t depth = 0;
  peek();
  const char* const start = at_;
  for (;;) {
    const char opening = peek();
    if (opening == '{' || opening == '[') {
      if (depth == max_depth) {
        is_too_deep_ = true;
        return false;
      }
      ++at_;
      is_object[depth++] = opening == '{';
      if (!take(opening == '{' ? '}' : ']')) {
        if (opening == '{' && !(take_valid_text() && take(':'))) return false;
        continue;
      }
      --depth;
    } else if (!take_scalar()) {
      return false;
    }
    while (depth > 0 && take(is_object[depth - 1] ? '}' : ']')) --depth;
    if (depth == 0) break;
    if (!take(',')) return false;
    if (is_object[depth - 1] && !(take_valid_text() && take(':'))) return false;
  }
  raw = {start, static_cast<std::size_t>(at_ - start)};
  return true;
}

bool unescape(std::string_view raw, Arena& arena, Text& text, bool& is_repaired) {
  const std::size_t room = raw.size();  // no escape is shorter than what it says
  char* const start = static_cast<char*>(arena.allocate(room, 1));
  char* out = start;
  while (!raw.empty()) {
    const std::size_t plain = std::min(raw.find('\\'), raw.size());
    std::memcpy(out, raw.data(), plain);
    out += plain;
    raw.remove_prefix(plain);
    if (raw.empty()) break;
    const char letter = raw.size() < 2 ? '\0' : raw[1];
    raw.remove_prefix(std::min<std::size_t>(raw.size(), 2));
    if (const char byte = short_escape(letter); byte != 0) {
      *out++ = byte;
      continue;
    }
    const std::int32_t code = letter == 'u' ? take_code_point(raw, is_repaired) : -1;
    if (code < 0) return false;
    out = put_utf8(code, out);
  }
  const std::size_t size = static_cast<std::size_t>(out - start);
  arena.shrink_last(room, size);
  text = {start, size};
  return true;
}

}  // namespace linkferry::common
