#include "common/html_text.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace linkferry::common {
namespace {

struct Entity {
  std::uint16_t offset;
  std::uint8_t size;
  std::uint8_t is_known_without_end;
  std::uint32_t first;
  std::uint16_t second;

  std::string_view name() const;
};

#include "common/html_entities.inc"

std::string_view Entity::name() const { return {entity_names + offset, size}; }

constexpr std::size_t longest_name = 31;
constexpr std::size_t longest_name_without_end = 6;
constexpr std::uint32_t replacement = 0xFFFD;

const Entity* find_entity(std::string_view name) {
  const auto* found =
      std::lower_bound(std::begin(entities), std::end(entities), name,
                       [](const Entity& e, std::string_view wanted) { return e.name() < wanted; });
  return found != std::end(entities) && found->name() == name ? found : nullptr;
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (to_lower(c) >= 'a' && to_lower(c) <= 'z');
}

char* put_code_point(char* out, std::uint32_t c) {
  const auto put = [&out](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6), put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F)),
        put(0x80 | (c & 0x3F));
  }
  return out;
}

/// Source: WHATWG HTML, section 13.2.5.80 "Numeric character reference end state", read 2026-11-22.
std::uint32_t repaired(std::uint32_t c) {
  constexpr std::uint16_t windows_1252[32] = {
      0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
      0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
  if (c >= 0x80 && c < 0xA0) return windows_1252[c - 0x80];
  // HTML lets references to other control characters be; no format that we know wants them.
  if (c < 0x20 && c != '\t' && c != '\n') return c == '\r' ? '\n' : replacement;
  if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return replacement;
  return c;
}

/// Decodes `&#…` at `p`; false when it is literal text. On success `p` is behind it.
bool decode_number(const char*& p, const char* end, References rule, char*& out) {
  const char* q = p + 2;
  const bool is_hex = q < end && (*q == 'x' || *q == 'X');
  if (is_hex) ++q;
  const char* digits = q;
  std::uint32_t value = 0;
  for (; q < end; ++q) {
    const char c = to_lower(*q);
    std::uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if (is_hex && c >= 'a' && c <= 'f') {
      digit = static_cast<std::uint32_t>(c - 'a') + 10;
    } else {
      break;
    }
    if (value <= 0x10FFFF) value = value * (is_hex ? 16 : 10) + digit;
  }
  if (q == digits) return false;
  const bool has_end = q < end && *q == ';';
  if (!has_end && rule == References::with_end) return false;
  out = put_code_point(out, repaired(value));
  p = q + (has_end ? 1 : 0);
  return true;
}

bool decode_name(const char*& p, const char* end, References rule, char*& out) {
  const char* name = p + 1;
  const char* q = name;
  while (q < end && q - name <= static_cast<std::ptrdiff_t>(longest_name) && is_alphanumeric(*q))
    ++q;
  const Entity* found = nullptr;
  if (q < end && *q == ';') {
    found = find_entity({name, static_cast<std::size_t>(q - name)});
    if (found != nullptr) ++q;
  }
  if (found == nullptr) {
    if (rule == References::with_end) return false;
    auto size = std::min(static_cast<std::size_t>(q - name), longest_name_without_end);
    for (; size >= 2; --size) {
      found = find_entity({name, size});
      if (found != nullptr && found->is_known_without_end != 0) break;
      found = nullptr;
    }
    if (found == nullptr) return false;
    q = name + size;
    if (rule == References::attribute && q < end && (*q == '=' || is_alphanumeric(*q)))
      return false;
  }
  out = put_code_point(out, found->first);
  if (found->second != 0) out = put_code_point(out, found->second);
  p = q;
  return true;
}

/// The four that nearly all references are.
bool decode_common(const char*& p, const char* end, char*& out) {
  const auto take = [&](std::string_view name, char c) {
    if (static_cast<std::size_t>(end - p) < name.size() ||
        std::memcmp(p, name.data(), name.size()) != 0)
      return false;
    *out++ = c;
    p += name.size();
    return true;
  };
  return take("&amp;", '&') || take("&#39;", '\'') || take("&quot;", '"') || take("&lt;", '<') ||
         take("&gt;", '>');
}

bool decode_one(const char*& p, const char* end, References rule, char*& out) {
  if (decode_common(p, end, out)) return true;
  if (p + 1 < end && p[1] == '#') return decode_number(p, end, rule, out);
  return decode_name(p, end, rule, out);
}

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

}  // namespace

Text decode_references(Text raw, References rule, Arena& arena) {
  if (rule == References::none || raw.empty()) return raw;
  const char* p = static_cast<const char*>(std::memchr(raw.data(), '&', raw.size()));
  if (p == nullptr) return raw;
  // Most addresses with a `&` have no `;`.
  const char* const end = raw.data() + raw.size();
  if (rule == References::with_end &&
      std::memchr(p, ';', static_cast<std::size_t>(end - p)) == nullptr) {
    return raw;
  }
  // `&nGt;` and `&nLt;` grow from 5 bytes to 6; nothing else grows.
  const std::size_t room = raw.size() + raw.size() / 5 + 4;
  char* const begin = static_cast<char*>(arena.allocate(room, 1));
  char* out = begin;
  const char* from = raw.data();
  while (p != nullptr) {
    std::memcpy(out, from, static_cast<std::size_t>(p - from));
    out += p - from;
    from = p;
    if (!decode_one(from, end, rule, out)) *out++ = *from++;
    p = from == end ? nullptr
                    : static_cast<const char*>(
                          std::memchr(from, '&', static_cast<std::size_t>(end - from)));
  }
  std::memcpy(out, from, static_cast<std::size_t>(end - from));
  out += end - from;
  const auto size = static_cast<std::size_t>(out - begin);
  arena.shrink_last(room, size);
  return {begin, size};
}

Text padded(Text text, Arena& arena) {
  char* bytes = static_cast<char*>(arena.allocate(text.size() + scan_padding, 1));
  std::memcpy(bytes, text.data(), text.size());
  std::memset(bytes + text.size(), 0, scan_padding);
  return {bytes, text.size()};
}

Text one_line(Text text, Arena& arena) {
  text = trimmed(text);
  if (is_one_line(text)) return text;
  char* const begin = static_cast<char*>(arena.allocate(text.size(), 1));
  char* out = begin;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_blank(text[i])) {
      *out++ = text[i++];
      continue;
    }
    const std::size_t start = i;
    bool is_broken = false;
    for (; is_blank(text[i]); ++i) is_broken = is_broken || is_line_end(text[i]);
    if (is_broken) {
      *out++ = ' ';
    } else {
      out = std::copy(text.begin() + start, text.begin() + i, out);
    }
  }
  const auto size = static_cast<std::size_t>(out - begin);
  arena.shrink_last(text.size(), size);
  return {begin, size};
}

std::size_t find_lower(std::string_view text, std::string_view lower, std::size_t from) {
  for (; from + lower.size() <= text.size(); ++from) {
    if (starts_with_lower(text.substr(from), lower)) return from;
  }
  return std::string_view::npos;
}

}  // namespace linkferry::common
