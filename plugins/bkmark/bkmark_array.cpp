#include "bkmark/bkmark_array.hpp"

#include "linkferry/failure.hpp"

namespace linkferry::bkmark {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_blank(char byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

[[noreturn]] void refuse(const char* problem) {
  throw Failure(FailureKind::failed, std::string("expected a JSON array of bookmarks: ") + problem);
}

}  // namespace

void ArrayItems::feed(std::string_view piece) {
  while (!piece.empty()) {
    if (state_ == State::in_item) {
      piece.remove_prefix(feed_item(piece));
    } else {
      feed_outside(piece.front());
      if (state_ != State::in_item) piece.remove_prefix(1);
    }
  }
}

void ArrayItems::feed_outside(char byte) {
  if (is_blank(byte)) return;
  if (state_ == State::before) {
    if (mark_bytes_ < byte_order_mark.size() && byte == byte_order_mark[mark_bytes_]) {
      ++mark_bytes_;
      return;
    }
    if (byte != '[') refuse("it does not begin with [");
    state_ = State::between;
  } else if (state_ == State::after) {
    refuse("something follows its end");
  } else if (byte == ']') {
    state_ = State::after;
  } else if (byte != ',') {
    state_ = State::in_item;
  }
}

/// Takes the bytes of an item off the front; returns how many.
std::size_t ArrayItems::feed_item(std::string_view piece) {
  std::size_t taken = 0;
  for (; taken < piece.size(); ++taken) {
    const char byte = piece[taken];
    if (is_in_text_) {
      if (is_escaped_) {
        is_escaped_ = false;
      } else if (byte == '\\') {
        is_escaped_ = true;
      } else if (byte == '"') {
        is_in_text_ = false;
      }
      continue;
    }
    const bool is_end = depth_ == 0 && (byte == ',' || byte == ']');
    if (is_end) break;
    if (byte == '"') is_in_text_ = true;
    if (byte == '{' || byte == '[') ++depth_;
    if (byte == '}' || byte == ']') --depth_;
    if (depth_ > deepest) refuse("an item is nested too deep");
  }
  item_.append(piece.substr(0, taken));
  if (item_.size() > largest_item_bytes) refuse("an item is larger than 64 MiB");
  if (taken < piece.size()) finish_item();
  return taken;
}

void ArrayItems::finish_item() {
  state_ = State::between;
  take_(item_);
  item_.clear();
}

}  // namespace linkferry::bkmark
