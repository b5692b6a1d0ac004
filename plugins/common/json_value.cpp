#include "common/json_value.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "common/json_utf8.hpp"

namespace linkferry::common {

Text JsonValue::text(Arena& arena) const {
  if (!is_text()) return {};
  const std::string_view inside = raw_.substr(1, raw_.size() - 2);
  if (inside.empty()) return "";
  if (inside.find('\\') == std::string_view::npos) return inside;
  Text text;
  bool is_repaired = false;
  if (!unescape(inside, arena, text, is_repaired)) return {};
  return text;
}

std::string JsonValue::string() const {
  Arena arena;
  return std::string(text(arena));
}

Flag JsonValue::flag() const {
  if (raw_ == "true") return Flag::yes;
  return raw_ == "false" ? Flag::no : Flag::unknown;
}

std::optional<std::int64_t> JsonValue::number() const {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(raw_.data(), raw_.data() + raw_.size(), number);
  if (raw_.empty() || error != std::errc{} || end != raw_.data() + raw_.size()) return {};
  return number;
}

JsonValue JsonValue::member(std::string_view name) const {
  JsonValue found;
  for_each_member([&](std::string_view key, JsonValue value) {
    if (key == name) found = value;
  });
  return found;
}

JsonDocument::JsonDocument(std::string_view bytes) {
  Arena arena;
  const bool is_valid = is_valid_utf8(bytes);
  bytes_ = is_valid ? bytes : repair_utf8(bytes, arena);
  // A line feed ends a JsonLine; between tokens it is a blank like any other.
  std::ranges::replace(bytes_, '\n', ' ');
  bytes_.append(1, '\n').append(JsonLine::padding_bytes, ' ');
}

JsonValue JsonDocument::root() const {
  JsonLine line(bytes_.data());
  std::string_view raw;
  return line.take_value(raw) ? JsonValue(raw) : JsonValue();
}

JsonValue copy_of(JsonValue value, Arena& arena) {
  const std::size_t size = value.raw().size();
  const std::size_t room = size + JsonLine::padding_bytes;
  char* const copy = static_cast<char*>(arena.allocate(room, 1));
  if (size > 0) std::memcpy(copy, value.raw().data(), size);
  std::memset(copy + size, '\n', room - size);
  return JsonValue({copy, size});
}

}  // namespace linkferry::common
