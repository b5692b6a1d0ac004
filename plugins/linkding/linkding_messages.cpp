#include <charconv>

#include "common/json_line.hpp"
#include "linkding/linkding_format.hpp"
#include "linkding/linkding_text.hpp"

namespace linkferry::linkding {
namespace {

/// Collects the messages of an error answer, whatever their nesting: a list of texts for a field,
/// or for the items of a list a list for each index. Source: linkding 1.46.2 (observed, read
/// 2026-11-22).
class Messages {
 public:
  bool read(common::JsonLine& line, const std::string& field, int depth) {
    constexpr int deepest = 8;
    if (depth > deepest) return false;
    const char opening = line.peek();
    if (opening == '"') return read_text(line, field);
    if (opening != '{' && opening != '[') {
      std::string_view skipped;
      return line.take_value(skipped);
    }
    const char closing = opening == '{' ? '}' : ']';
    line.take(opening);
    while (!line.take(closing)) {
      line.take(',');
      std::string name = field;
      if (opening == '{' && !read_name(line, name)) return false;
      if (!read(line, name, depth + 1)) return false;
    }
    return true;
  }

  std::string text;

 private:
  bool read_text(common::JsonLine& line, const std::string& field) {
    std::string message;
    if (!take(line, message)) return false;
    if (!text.empty()) text += "; ";
    if (!field.empty()) text.append(field).append(": ");
    text += message;
    return true;
  }

  /// The index of an item, counted from 0, becomes its number, counted from 1.
  bool read_name(common::JsonLine& line, std::string& field) {
    std::string name;
    if (!take(line, name) || !line.take(':')) return false;
    int index = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
    if (error == std::errc{} && end == name.data() + name.size()) name = std::to_string(index + 1);
    if (name == "detail" || name == "error" || name == "non_field_errors") return true;
    field = field.empty() ? name : field + " " + name;
    return true;
  }

  static bool take(common::JsonLine& line, std::string& text) {
    common::JsonText json;
    if (!line.take_text(json)) return false;
    Arena arena;
    Text unescaped = json.raw;
    bool is_repaired = false;
    if (json.is_escaped && !common::unescape(json.raw, arena, unescaped, is_repaired)) return false;
    text = unescaped;
    return true;
  }
};

}  // namespace

std::string messages_of(std::string_view body) {
  const JsonBody json(body);
  common::JsonLine line(json.begin());
  if (line.peek() != '{') return {};
  Messages messages;
  messages.read(line, {}, 0);
  constexpr std::size_t longest = 500;
  return std::string(first_characters(messages.text, longest));
}

}  // namespace linkferry::linkding
