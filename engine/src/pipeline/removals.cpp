#include "pipeline/removals.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/job_names.hpp"
#include "linkferry/failure.hpp"
#include "pipeline/compare.hpp"

namespace linkferry {

Bookmark put_in_quarantine(const Bookmark& present, Quarantine quarantine, const SinkView& sink,
                           Arena& arena) {
  Bookmark marked = present;
  if (quarantine == Quarantine::archive) {
    marked.archived = Flag::yes;
  } else if (std::ranges::find(present.tags, quarantine_tag) == present.tags.end()) {
    const std::span<Text> tags = arena.make_array<Text>(present.tags.size() + 1);
    std::ranges::copy(present.tags, tags.begin());
    tags.back() = quarantine_tag;
    marked.tags = tags;
  }
  Bookmark held = sink.represent(marked, arena).bookmark;
  held.origin = present.origin;
  return held;
}

std::vector<Field> fields_of_quarantine(const Bookmark& marked, const Bookmark& present,
                                        const Job& job, std::string_view endpoint) {
  std::vector<Field> differing = differing_fields(marked, present);
  const bool is_archive = job.deletion.quarantine == Quarantine::archive;
  const bool is_marked =
      is_archive ? present.archived == Flag::yes
                 : std::ranges::find(present.tags, quarantine_tag) != present.tags.end();
  if (differing.empty() && !is_marked) {
    throw Failure(
        FailureKind::configuration,
        fmt::format("{0} cannot {1} a bookmark, so `delete: quarantine: {1}` of the job {2} "
                    "does nothing; use `quarantine: {3}`, or none",
                    endpoint, name_of(job.deletion.quarantine), job.name,
                    name_of(is_archive ? Quarantine::tag : Quarantine::archive)));
  }
  return differing;
}

}  // namespace linkferry
