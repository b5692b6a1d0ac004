#include "mastodon/json_list.hpp"

#include "common/json_utf8.hpp"
#include "linkferry/utf8.hpp"

namespace linkferry::mastodon {
namespace {

constexpr Text no_address = "an entry of the list is no address";
constexpr Text too_long = "an address of the list is larger than 64 KiB";
constexpr std::uint32_t replacement = 0xFFFD;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

int hexadecimal(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

void JsonList::feed(std::string_view bytes) {
  for (const char c : bytes) {
    if (!is_json_ || is_complete()) return;
    if (is_in_string_) {
      take_in_string(c);
    } else if (!is_blank(c)) {
      take(c);
    } else if (is_bare_) {
      is_bare_ = false;
    }
  }
}

bool JsonList::is_in_list() const {
  return depth_ == 2 && is_list_ && containers_[1] == '{' && containers_[2] == '[';
}

bool JsonList::is_item_object() const {
  return depth_ == 3 && is_list_ && containers_[2] == '[' && containers_[3] == '{';
}

void JsonList::take(char c) {
  if (!has_begun_) {
    is_json_ = c == '{';
    if (is_json_) open(c);
    has_begun_ = true;
    return;
  }
  switch (c) {
    case '{':
    case '[':
      return open(c);
    case '}':
    case ']':
      return close();
    case '"':
      is_bare_ = false;
      is_in_string_ = true;
      string_.clear();
      is_too_long_ = false;
      high_surrogate_ = 0;
      return;
    case ',':
      is_bare_ = false;
      expects_key_ = depth_ <= known_depth && containers_[depth_] == '{';
      return;
    case ':':
      expects_key_ = false;
      return;
    default:
      // A number, or a word like null.
      if (is_in_list() && !is_bare_) {
        string_.assign(1, c);
        end_item(no_address);
      }
      is_bare_ = true;
  }
}

void JsonList::open(char bracket) {
  if (is_in_list()) {
    has_id_ = false;
    is_id_ = false;
  }
  ++depth_;
  is_bare_ = false;
  if (depth_ <= known_depth) containers_[depth_] = bracket;
  expects_key_ = bracket == '{';
}

void JsonList::close() {
  const bool was_item = depth_ == 3 && is_list_ && containers_[2] == '[';
  if (was_item && !has_id_) {
    string_.clear();
    end_item(no_address);
  }
  --depth_;
  is_bare_ = false;
  expects_key_ = false;
  if (depth_ == 1) is_list_ = false;
}

void JsonList::take_in_string(char c) {
  if (escape_ != Escape::none) return take_escape(c);
  if (c == '\\') {
    escape_ = Escape::begun;
    return;
  }
  if (high_surrogate_ != 0) {
    append_code(replacement);
    high_surrogate_ = 0;
  }
  if (c == '"') return end_string();
  append(c);
}

void JsonList::take_escape(char c) {
  if (escape_ == Escape::unicode) {
    const int digit = hexadecimal(c);
    unit_ = unit_ << 4U | static_cast<std::uint32_t>(digit < 0 ? 0 : digit);
    if (++digits_ == 4) take_code_unit();
    return;
  }
  escape_ = Escape::none;
  if (c == 'u') {
    escape_ = Escape::unicode;
    digits_ = 0;
    unit_ = 0;
    return;
  }
  if (high_surrogate_ != 0) append_code(replacement);
  high_surrogate_ = 0;
  constexpr std::string_view names = "bfnrt";
  constexpr std::string_view meanings = "\b\f\n\r\t";
  const std::size_t found = names.find(c);
  append(found == std::string_view::npos ? c : meanings[found]);
}

void JsonList::take_code_unit() {
  escape_ = Escape::none;
  const bool is_high = unit_ >= 0xD800 && unit_ < 0xDC00;
  const bool is_low = unit_ >= 0xDC00 && unit_ < 0xE000;
  if (high_surrogate_ != 0 && is_low) {
    append_code(0x10000 + ((high_surrogate_ - 0xD800) << 10U) + (unit_ - 0xDC00));
    high_surrogate_ = 0;
    return;
  }
  if (high_surrogate_ != 0) append_code(replacement);
  high_surrogate_ = is_high ? unit_ : 0;
  if (!is_high) append_code(is_low ? replacement : unit_);
}

void JsonList::append_code(std::uint32_t code) {
  const auto tail = [&](unsigned shift) {
    append(static_cast<char>(0x80U | ((code >> shift) & 0x3FU)));
  };
  if (code < 0x80) {
    append(static_cast<char>(code));
  } else if (code < 0x800) {
    append(static_cast<char>(0xC0U | code >> 6U));
    tail(0);
  } else if (code < 0x10000) {
    append(static_cast<char>(0xE0U | code >> 12U));
    tail(6);
    tail(0);
  } else {
    append(static_cast<char>(0xF0U | code >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

void JsonList::append(char c) {
  if (string_.size() < max_item_bytes) {
    string_ += c;
  } else {
    is_too_long_ = true;
  }
}

void JsonList::end_string() {
  is_in_string_ = false;
  if (expects_key_) {
    if (depth_ == 1) is_list_ = string_ == "orderedItems";
    if (is_item_object()) is_id_ = string_ == "id";
    return;
  }
  if (is_in_list()) {
    end_item(is_too_long_ ? too_long : Text());
  } else if (is_item_object() && is_id_ && !has_id_) {
    has_id_ = true;
    end_item(is_too_long_ ? too_long : Text());
  }
}

void JsonList::end_item(Text problem) {
  if (is_valid_utf8(string_)) return on_item_(string_, problem);
  Arena arena;
  on_item_(common::repair_utf8(string_, arena), problem);
}

}  // namespace linkferry::mastodon
