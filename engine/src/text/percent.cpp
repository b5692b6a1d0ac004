#include "text/percent.hpp"

#include <cstddef>

namespace linkferry {
namespace {

/// The byte that `%XX` at `at` stands for, or -1.
int encoded_byte(std::string_view text, std::size_t at) {
  if (text[at] != '%' || text.size() - at < 3) return -1;
  const int high = hex_value(text[at + 1]);
  const int low = hex_value(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

void append_encoded(unsigned char byte, std::string& out) {
  constexpr char digits[] = "0123456789ABCDEF";
  out.append({'%', digits[byte >> 4], digits[byte & 15]});
}

bool is_ordinary(char c) { return c != '%' && c != ' ' && static_cast<unsigned char>(c) < 0x80; }

}  // namespace

void percent_decode(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int byte = encoded_byte(text, i);
    out.push_back(byte < 0 ? text[i] : static_cast<char>(byte));
    if (byte >= 0) i += 2;
  }
}

void percent_normalise(std::string_view text, std::string& out) {
  constexpr std::size_t never = static_cast<std::size_t>(-1);
  std::size_t stray = never;  // where in `out` the last `%` stands that begins no %XX
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_ordinary(text[end])) ++end;
    out.append(text.substr(i, end - i));
    if (end == text.size()) return;
    i = end;
    const int byte = encoded_byte(text, i);
    if (byte < 0) {
      if (text[i] == '%') stray = out.size();
      if (text[i] == '%')
        out.push_back('%');
      else
        append_encoded(static_cast<unsigned char>(text[i]), out);
      ++i;
      continue;
    }
    const char c = static_cast<char>(byte);
    const bool would_complete = stray != never && out.size() - stray <= 2 && hex_value(c) >= 0;
    if (is_unreserved(c) && !would_complete)
      out.push_back(c);
    else
      append_encoded(static_cast<unsigned char>(byte), out);
    i += 3;
  }
}

}  // namespace linkferry
