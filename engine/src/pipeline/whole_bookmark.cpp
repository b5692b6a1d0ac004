#include "pipeline/whole_bookmark.hpp"

#include <algorithm>

#include "pipeline/compare.hpp"
#include "pipeline/merge.hpp"

namespace linkferry {
namespace {

constexpr std::size_t most_copies = 1024;

bool is_folder(Field field) { return field == Field::folders; }

}  // namespace

WholeBookmark with_copies(const SinkView& sink, Duplicates& duplicates, std::uint32_t ordinal,
                          const Bookmark& first, Arena& arena) {
  WholeBookmark whole{first, {}};
  if (!duplicates.has_later(ordinal)) return whole;
  std::vector<Duplicates::Later> later;
  duplicates.take_later(ordinal, most_copies, arena, later);
  std::vector<Bookmark> group{first};
  for (const Duplicates::Later& copy : later) {
    if (!std::ranges::all_of(differing_fields(first, copy.bookmark), is_folder)) continue;
    group.push_back(copy.bookmark);
    whole.copies.push_back(copy.ordinal);
  }
  const Bookmark merged = merge(group, arena).bookmark;
  whole.bookmark = sink.represent(merged, arena).bookmark;
  whole.bookmark.origin = merged.origin;
  return whole;
}

}  // namespace linkferry
