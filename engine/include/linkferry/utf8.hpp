#pragma once

#include <cstddef>

#include "linkferry/bookmark.hpp"

namespace linkferry {

/// Whether a text is well-formed UTF-8, as every text that a source hands over must be. Simple
/// rather than fast. Source: Unicode 15, table 3-7.
inline bool is_valid_utf8(Text text) {
  constexpr unsigned least_code[] = {0, 0, 0x80, 0x800, 0x10000};
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[i + k]); };
    const unsigned first = byte(0);
    const unsigned size = first < 0x80   ? 1
                          : first < 0xC2 ? 0
                          : first < 0xE0 ? 2
                          : first < 0xF0 ? 3
                          : first < 0xF5 ? 4
                                         : 0;
    if (size == 0 || size > text.size() - i) return false;
    unsigned code = size == 1 ? first : first & (0x7FU >> size);
    for (unsigned k = 1; k < size; ++k) {
      if ((byte(k) & 0xC0U) != 0x80) return false;
      code = code << 6 | (byte(k) & 0x3FU);
    }
    const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (code < least_code[size] || code > 0x10FFFF || is_surrogate) return false;
    i += size;
  }
  return true;
}

}  // namespace linkferry
