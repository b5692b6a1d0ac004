#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/json_line.hpp"
#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry::common {

/// A value of a JSON document, as a view into it; missing where there is none. What is asked of a
/// value of another type is answered with nothing, since servers differ in what they send.
/// Lifetime: of the document.
class JsonValue {
 public:
  JsonValue() = default;
  /// The bytes behind `raw` must be readable: what follows in the document, or its padding.
  explicit JsonValue(std::string_view raw) : raw_(raw) {}

  bool is_object() const { return raw_.starts_with('{'); }
  bool is_array() const { return raw_.starts_with('['); }
  bool is_text() const { return raw_.starts_with('"'); }
  std::string_view raw() const { return raw_; }

  /// Of a text, what it says; absent for everything else. New texts are in `arena`.
  Text text(Arena& arena) const;
  /// The same, owned; empty for everything else.
  std::string string() const;
  Flag flag() const;
  /// A whole number that fits; nothing for everything else.
  std::optional<std::int64_t> number() const;

  /// `visit(std::string_view name, JsonValue value)`; names as they are written.
  template <class Visit>
  void for_each_member(Visit visit) const {
    if (!is_object()) return;
    JsonLine line(raw_.data());
    line.take('{');
    JsonText name;
    std::string_view value;
    while (line.take_text(name) && line.take(':') && line.take_value(value)) {
      visit(name.raw, JsonValue(value));
      if (!line.take(',')) return;
    }
  }

  /// `visit(JsonValue item)`.
  template <class Visit>
  void for_each_item(Visit visit) const {
    if (!is_array()) return;
    JsonLine line(raw_.data());
    line.take('[');
    std::string_view value;
    while (line.peek() != ']' && line.take_value(value)) {
      visit(JsonValue(value));
      if (!line.take(',')) return;
    }
  }

  /// The last member of this name; missing where there is none.
  JsonValue member(std::string_view name) const;

 private:
  std::string_view raw_;
};

/// An answer's JSON in memory: one line of valid UTF-8 with room behind it. Its values stay valid
/// when it is moved: with the padding it is longer than what a std::string holds in itself.
class JsonDocument {
 public:
  JsonDocument() : JsonDocument(std::string_view{}) {}
  /// Takes a copy. What is no UTF-8 becomes U+FFFD.
  explicit JsonDocument(std::string_view bytes);
  JsonDocument(JsonDocument&&) = default;
  JsonDocument& operator=(JsonDocument&&) = default;

  /// Missing where the bytes are no JSON.
  JsonValue root() const;

 private:
  std::string bytes_;
};

/// A copy of `value` that lives as long as `arena`.
JsonValue copy_of(JsonValue value, Arena& arena);

}  // namespace linkferry::common
