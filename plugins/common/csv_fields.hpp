#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "linkferry/arena.hpp"
#include "linkferry/bookmark.hpp"
#include "linkferry/sink.hpp"

/// What cells mean, and what a sink of few columns says about the fields it has no column for.
namespace linkferry::common {

/// The parts of a list, trimmed, empty ones left out. The parts are views of `list`.
std::span<const Text> split_list(Text list, char separator, Arena& arena);

/// The same for tags: the one word `no_tag`, which some services write, means that there is none.
std::span<const Text> split_tags(Text list, char separator, Arena& arena);

/// Names without a byte that their list or path uses as separator: `forbidden` becomes `instead`, the ends are trimmed,
/// and what is empty then is left out. Returns `names` itself where nothing changes; equal `data()` tells.
std::span<const Text> without_byte(std::span<const Text> names, char forbidden, char instead,
                                   Arena& arena);

/// The losses of one record.
class Losses {
 public:
  /// Names a loss; `reason` must outlive the representation, as literals do.
  void add(Field field, LossKind kind, Text reason) {
    if (count_ < losses_.size()) losses_[count_++] = {field, kind, reason};
  }
  bool empty() const { return count_ == 0; }
  std::span<const Loss> in(Arena& arena) const {
    return arena.copy(std::span<const Loss>(losses_.data(), count_));
  }

 private:
  std::array<Loss, 2 * field_count> losses_;
  std::size_t count_ = 0;
};

/// Takes one field off the record and names the loss where it said something. `reason` is for what a person would miss,
/// `reason_for_no` for a flag that was known to be off. A kind other than link becomes a link.
/// `field` is none of those that every format has: url, title, tags and created_at.
void drop(Field field, Text reason, Text reason_for_no, Bookmark& bookmark, Losses& losses);

}  // namespace linkferry::common
