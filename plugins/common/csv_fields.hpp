#pragma once

#include <cstddef>
#include <new>
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

/// Names without a byte that their list or path uses as separator: `forbidden` becomes `instead`,
/// the ends are trimmed, and what is empty then is left out. Returns `names` itself where nothing
/// changes; equal `data()` tells.
std::span<const Text> without_byte(std::span<const Text> names, char forbidden, char instead,
                                   Arena& arena);

/// The losses of one record. It begins without touching its memory: most records lose nothing.
class Losses {
 public:
  Losses() = default;
  Losses(const Losses&) = delete;
  Losses& operator=(const Losses&) = delete;

  /// Names a loss; `reason` must outlive the representation, as literals do.
  void add(Field field, LossKind kind, Text reason) {
    if (count_ < most)
      ::new (static_cast<void*>(room_ + sizeof(Loss) * count_++)) Loss{field, kind, reason};
  }
  bool empty() const { return count_ == 0; }
  std::span<const Loss> in(Arena& arena) const {
    if (count_ == 0) return {};
    return arena.copy(
        std::span<const Loss>(std::launder(reinterpret_cast<const Loss*>(room_)), count_));
  }

 private:
  static constexpr std::size_t most = 2 * field_count;
  alignas(Loss) std::byte room_[sizeof(Loss) * most];
  std::size_t count_ = 0;
};

/// Takes a field off the record, and names the loss where it said something. A text that is empty
/// said nothing.
inline void drop(Text Bookmark::*member, Field field, Text reason, Bookmark& bookmark,
                 Losses& losses) {
  if (!(bookmark.*member).empty()) losses.add(field, LossKind::dropped, reason);
  bookmark.*member = {};
}

inline void drop(Timestamp Bookmark::*member, Field field, Text reason, Bookmark& bookmark,
                 Losses& losses) {
  if ((bookmark.*member).is_known()) losses.add(field, LossKind::dropped, reason);
  bookmark.*member = {};
}

/// `reason_for_no` is for a flag that was known to be off: nobody would miss it, but it is gone.
inline void drop(Flag Bookmark::*member, Field field, Text reason, Text reason_for_no,
                 Bookmark& bookmark, Losses& losses) {
  if (bookmark.*member == Flag::unknown) return;
  losses.add(field, LossKind::dropped, bookmark.*member == Flag::yes ? reason : reason_for_no);
  bookmark.*member = Flag::unknown;
}

template <class T>
void drop(std::span<const T> Bookmark::*member, Field field, Text reason, Bookmark& bookmark,
          Losses& losses) {
  if (!(bookmark.*member).empty()) losses.add(field, LossKind::dropped, reason);
  bookmark.*member = {};
}

inline void drop_post(Text reason, Bookmark& bookmark, Losses& losses) {
  if (bookmark.post != nullptr) losses.add(Field::post, LossKind::dropped, reason);
  bookmark.post = nullptr;
}

/// Makes a record of any kind a link.
inline void drop_kind(Text reason, Bookmark& bookmark, Losses& losses) {
  if (bookmark.kind != Kind::link) losses.add(Field::kind, LossKind::transformed, reason);
  bookmark.kind = Kind::link;
}

}  // namespace linkferry::common
