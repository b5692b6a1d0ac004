#include "text/utf8.hpp"

#include <algorithm>

namespace linkferry {
namespace {

unsigned char byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

bool is_continuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

struct Lead {
  std::size_t length;  ///< of the whole sequence; 0 where no sequence begins so
  unsigned char low;   ///< the smallest and the largest second byte
  unsigned char high;
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xC2) return {0, 0, 0};
  if (byte < 0xE0) return {2, 0x80, 0xBF};
  if (byte < 0xF0)
    return {3, static_cast<unsigned char>(byte == 0xE0 ? 0xA0 : 0x80),
            static_cast<unsigned char>(byte == 0xED ? 0x9F : 0xBF)};
  if (byte < 0xF5)
    return {4, static_cast<unsigned char>(byte == 0xF0 ? 0x90 : 0x80),
            static_cast<unsigned char>(byte == 0xF4 ? 0x8F : 0xBF)};
  return {0, 0, 0};
}

/// How many bytes in front belong to one sequence, whole or not; 0 where none begins.
std::size_t matching_bytes(std::string_view text, const Lead& lead) {
  if (lead.length <= 1) return lead.length;
  std::size_t count = 1;
  if (text.size() > 1 && byte_at(text, 1) >= lead.low && byte_at(text, 1) <= lead.high) {
    for (++count;
         count < lead.length && count < text.size() && is_continuation(byte_at(text, count));)
      ++count;
  }
  return count;
}

}  // namespace

std::size_t sequence_length(std::string_view text) {
  if (text.empty()) return 0;
  const Lead lead = lead_of(byte_at(text, 0));
  return matching_bytes(text, lead) == lead.length ? lead.length : 0;
}

std::size_t broken_length(std::string_view text) {
  return std::max<std::size_t>(1, matching_bytes(text, lead_of(byte_at(text, 0))));
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return !is_continuation(static_cast<unsigned char>(c));
  }));
}

std::string_view cut_code_points(std::string_view text, std::size_t count) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_continuation(byte_at(text, i))) continue;
    if (count-- == 0) return text.substr(0, i);
  }
  return text;
}

std::string_view cut_bytes(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && is_continuation(byte_at(text, bytes))) --bytes;
  return text.substr(0, bytes);
}

}  // namespace linkferry
