#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace linkferry::bkmark {

/// Takes a JSON array apart while it arrives, item by item, in little memory. Finds the ends of
/// items only; whether an item is JSON is for its reader to say.
///
///     [{"id":"3f7a…",…},{"id":"4c1b…",…}]
class ArrayItems {
 public:
  static constexpr std::size_t largest_item_bytes = 64 * 1024 * 1024;
  static constexpr int deepest = 128;

  /// `take` gets each item as it stands there.
  explicit ArrayItems(std::function<void(std::string_view)> take) : take_(std::move(take)) {}

  /// Takes the next piece of the document, however it was cut. Errors: Failure failed, for what is
  /// no array, and for items that are too large or too deep.
  void feed(std::string_view piece);

  /// Whether the array has come to its end.
  bool is_whole() const { return state_ == State::after; }

 private:
  enum class State { before, between, in_item, after };

  std::size_t feed_item(std::string_view piece);
  void feed_outside(char byte);
  void finish_item();

  std::function<void(std::string_view)> take_;
  State state_ = State::before;
  std::string item_;
  int depth_ = 0;
  bool is_in_text_ = false;
  bool is_escaped_ = false;
  std::size_t mark_bytes_ = 0;  ///< of a byte order mark
};

}  // namespace linkferry::bkmark
