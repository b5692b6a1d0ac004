#pragma once

#include <span>

#include "common/html_text.hpp"
#include "linkferry/sink.hpp"
#include "netscape/netscape_format.hpp"

/// How single values change on their way through a file. Used by `represent` and
/// `represent_folder`.
namespace linkferry::netscape {

/// The losses of one record. Costs nothing while there are none.
class LossList {
 public:
  explicit LossList(Arena& arena) : arena_(arena) {}

  /// `reason` is a constant; the same loss is kept once.
  void add(Field field, LossKind kind, std::string_view reason) {
    // Some fields can lose in two ways, none in more than four.
    if (losses_.empty()) losses_ = arena_.make_array<Loss>(2 * field_count);
    for (std::size_t i = 0; i < count_; ++i) {
      if (losses_[i].field == field && losses_[i].reason.data() == reason.data()) return;
    }
    if (count_ < losses_.size()) losses_[count_++] = {field, kind, reason};
  }
  /// Lifetime: the arena's.
  std::span<const Loss> all() const { return losses_.first(count_); }

 private:
  Arena& arena_;
  std::span<Loss> losses_;
  std::size_t count_ = 0;
};

inline constexpr std::string_view reason_blanks =
    "blanks and blank lines at the ends of a text are not kept, and an empty text is none";
inline constexpr std::string_view reason_no_folders =
    "files of this dialect have no folders; the job's tags: from_folders keeps their names";
inline constexpr std::string_view reason_reserved = "the attribute has a field of its own";
inline constexpr std::string_view reason_line_ends =
    "a title or name is one line: line ends became blanks";

/// A text of one line: as `common::one_line`, and in a raw dialect without what would be read as a
/// tag.
Text one_line_text(Text text, Field field, const Style& style, Arena& arena, LossList& losses);

/// A text of several lines, trimmed at both ends.
Text long_text(Text text, Field field, const Style& style, Arena& arena, LossList& losses);

/// A date in whole seconds, as far as the file can say it.
Timestamp date(const Timestamp& time, Field field, const Style& style, LossList& losses);

/// A folder's path with names of one line, not deeper and longer than readers take; `is_cut` when
/// it was.
FolderPath folder_path(FolderPath path, Arena& arena, LossList& losses, bool& is_cut);

/// Whether `folder_path` would return this path, which is not the root, as it is.
bool is_plain_path(FolderPath path);

/// Attributes of other names than those that have a field here, each name once. `is_kept` says of a
/// name that has a field whether it may stand in `extra` all the same.
std::span<const Attribute> kept_attributes(std::span<const Attribute> extra,
                                           bool (*is_kept)(Text name), Arena& arena,
                                           LossList& losses);

}  // namespace linkferry::netscape
