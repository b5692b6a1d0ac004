#include "pipeline/match_policy.hpp"

#include "pipeline/merge.hpp"

namespace linkferry {
namespace {

/// Takes every field from `first` where it says something, else from `second`; identity stays that
/// of `present`.
Bookmark prefer(const Bookmark& first, const Bookmark& second, const Bookmark& present) {
  Bookmark result = first;
  const auto text = [&](Text Bookmark::*field) {
    if ((first.*field).empty() && is_present(second.*field)) result.*field = second.*field;
  };
  for (const auto field :
       {&Bookmark::title, &Bookmark::description, &Bookmark::notes, &Bookmark::language,
        &Bookmark::icon, &Bookmark::cover_url, &Bookmark::keyword}) {
    text(field);
  }
  for (const auto field :
       {&Bookmark::created_at, &Bookmark::modified_at, &Bookmark::read_at, &Bookmark::visited_at}) {
    if (!(first.*field).is_known()) result.*field = second.*field;
  }
  for (const auto field :
       {&Bookmark::unread, &Bookmark::favorite, &Bookmark::archived, &Bookmark::shared}) {
    if (first.*field == Flag::unknown) result.*field = second.*field;
  }
  if (first.tags.empty()) result.tags = second.tags;
  if (first.folders.empty()) result.folders = second.folders;
  if (first.highlights.empty()) result.highlights = second.highlights;
  if (first.media.empty()) result.media = second.media;
  if (first.extra.empty()) result.extra = second.extra;
  if (first.post == nullptr) result.post = second.post;
  if (first.kind == Kind::link) result.kind = second.kind;
  result.url = present.url;
  result.origin = present.origin;
  result.line = present.line;
  return result;
}

bool is_dated(const Bookmark& bookmark) {
  return bookmark.origin != nullptr && bookmark.origin->changed_at.is_known();
}

bool is_newer(const Bookmark& wanted, const Bookmark& present) {
  if (is_dated(wanted) && is_dated(present))
    return is_before(present.origin->changed_at, wanted.origin->changed_at);
  const Timestamp& ours = changed_or_created_at(wanted);
  const Timestamp& theirs = changed_or_created_at(present);
  return ours.is_known() && theirs.is_known() && is_before(theirs, ours);
}

}  // namespace

const Timestamp& changed_or_created_at(const Bookmark& bookmark) {
  return bookmark.modified_at.is_known() ? bookmark.modified_at : bookmark.created_at;
}

Bookmark apply_policy(OnMatch policy, const Bookmark& present, const Bookmark& wanted,
                      Arena& arena) {
  switch (policy) {
    case OnMatch::skip:
      return present;
    case OnMatch::fill:
      return prefer(present, wanted, present);
    case OnMatch::merge: {
      const Bookmark both[] = {present, wanted};
      return merge(both, arena).bookmark;
    }
    case OnMatch::newer:
      return is_newer(wanted, present) ? prefer(wanted, present, present) : present;
    case OnMatch::overwrite:
      return prefer(wanted, present, present);
  }
  return present;
}

}  // namespace linkferry
