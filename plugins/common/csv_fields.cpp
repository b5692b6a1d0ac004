#include "common/csv_fields.hpp"

#include <algorithm>
#include <cstring>

#include "common/html_text.hpp"

namespace linkferry::common {
namespace {

bool has_byte(Text text, char byte) {
  return !text.empty() && std::memchr(text.data(), byte, text.size()) != nullptr;
}

}  // namespace

std::span<const Text> split_list(Text list, char separator, Arena& arena) {
  if (list.empty()) return {};
  const auto separators = std::count(list.begin(), list.end(), separator);
  const auto parts = arena.make_array<Text>(static_cast<std::size_t>(separators) + 1);
  std::size_t count = 0;
  while (true) {
    const std::size_t end = list.find(separator);
    const Text part = trimmed(list.substr(0, end));
    if (!part.empty()) parts[count++] = part;
    if (end == Text::npos) break;
    list.remove_prefix(end + 1);
  }
  return parts.first(count);
}

std::span<const Text> split_tags(Text list, char separator, Arena& arena) {
  const auto tags = split_list(list, separator, arena);
  return tags.size() == 1 && tags.front() == "no_tag" ? std::span<const Text>() : tags;
}

std::span<const Text> without_byte(std::span<const Text> names, char forbidden, char instead,
                                   Arena& arena) {
  const bool is_clean = std::none_of(names.begin(), names.end(), [forbidden](Text name) {
    return name.empty() || is_blank(name.front()) || is_blank(name.back()) ||
           has_byte(name, forbidden);
  });
  if (is_clean) return names;
  const auto changed = arena.make_array<Text>(names.size());
  std::size_t count = 0;
  for (const Text name : names) {
    Text kept = trimmed(name);
    if (has_byte(kept, forbidden)) {
      char* const copy = static_cast<char*>(arena.allocate(kept.size(), 1));
      std::replace_copy(kept.begin(), kept.end(), copy, forbidden, instead);
      kept = trimmed({copy, kept.size()});
    }
    if (!kept.empty()) changed[count++] = kept;
  }
  return changed.first(count);
}

}  // namespace linkferry::common
