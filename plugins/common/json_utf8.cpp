#include "common/json_utf8.hpp"

#include <simdjson.h>

#include <cstring>

#include "common/json_line.hpp"

namespace linkferry::common {

Utf8Sequence sequence_at(std::string_view text) {
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {1, true};
  if (lead < 0xc2 || lead > 0xf4) return {1, false};
  const std::size_t wanted = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const unsigned lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const unsigned highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (text.size() < 2 || byte(1) < lowest || byte(1) > highest) return {1, false};
  for (std::size_t i = 2; i < wanted; ++i) {
    if (text.size() <= i || (byte(i) & 0xc0) != 0x80) return {i, false};
  }
  return {wanted, true};
}

bool is_valid_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

std::string_view repair_utf8(std::string_view text, Arena& arena) {
  constexpr std::string_view replacement = "\xef\xbf\xbd";
  const std::size_t room = text.size() * replacement.size() + JsonLine::padding_bytes;
  char* const start = static_cast<char*>(arena.allocate(room, 1));
  char* out = start;
  while (!text.empty()) {
    const Utf8Sequence sequence = sequence_at(text);
    const std::string_view piece = sequence.is_valid ? text.substr(0, sequence.size) : replacement;
    std::memcpy(out, piece.data(), piece.size());
    out += piece.size();
    text.remove_prefix(sequence.size);
  }
  std::memset(out, '\n', JsonLine::padding_bytes);
  const std::size_t size = static_cast<std::size_t>(out - start);
  arena.shrink_last(room, size + JsonLine::padding_bytes);
  return {start, size};
}

}  // namespace linkferry::common
