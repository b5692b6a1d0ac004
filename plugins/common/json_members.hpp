#pragma once

#include <span>
#include <string_view>

#include "common/json_writer.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry::common {

/// Writes the members of an object, with commas between them. Dates that are not known are left
/// out.
class JsonMembers {
 public:
  explicit JsonMembers(JsonWriter& out) : out_(out) { out_.raw("{"); }

  JsonWriter& value_of(std::string_view name) {
    if (!is_first_) out_.raw(",");
    is_first_ = false;
    out_.text(name);
    out_.raw(":");
    return out_;
  }
  void add(std::string_view name, Text text) { value_of(name).text(text); }
  void add(std::string_view name, Flag flag) {
    value_of(name).raw(flag == Flag::yes ? "true" : "false");
  }
  void add(std::string_view name, const Timestamp& time) {
    if (time.is_known()) value_of(name).date(time);
  }
  void add(std::string_view name, std::span<const Text> texts) {
    value_of(name).raw("[");
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (i != 0) out_.raw(",");
      out_.text(texts[i]);
    }
    out_.raw("]");
  }
  void end() { out_.raw("}"); }

 private:
  JsonWriter& out_;
  bool is_first_ = true;
};

}  // namespace linkferry::common
