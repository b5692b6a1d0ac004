#include "mastodon/mastodon_archive_source.hpp"

#include <charconv>
#include <unordered_set>

#include "mastodon/status_bookmarks.hpp"

namespace linkferry::mastodon {

ReadResult MastodonArchiveSource::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  batch.checkpoint = std::to_string(next_);
  if (!load(stop)) return ReadResult::more;
  const Shared bookmarks = share(ArchiveList::bookmarks, batch.arena);
  const Shared favourites = share(ArchiveList::favourites, batch.arena);
  if (next_ == 0) {
    for (const Text notice : lists_->notices) batch.notices.push_back({notice, 0});
  }
  constexpr std::size_t items_between_checks = 64;
  while (next_ < lists_->items.size() && batch.bookmarks.size() < limit) {
    if (next_ % items_between_checks == 0 && stop.stop_requested()) break;
    const ArchiveItem& item = lists_->items[next_++];
    take_item(item, item.list == ArchiveList::bookmarks ? bookmarks : favourites, batch);
  }
  batch.checkpoint = std::to_string(next_);
  return next_ < lists_->items.size() ? ReadResult::more : end(batch);
}

/// False when it was asked to stop first.
bool MastodonArchiveSource::load(const std::stop_token& stop) {
  while (loader_) {
    if (stop.stop_requested()) return false;
    if (loader_->step()) continue;
    loader_.reset();
    mark_favourites_only();
  }
  return true;
}

/// Nothing is known of the others where only one list was read.
void MastodonArchiveSource::mark_favourites_only() {
  std::unordered_set<std::string_view> bookmarked;
  for (const ArchiveItem& item : lists_->items) {
    if (item.list == ArchiveList::bookmarks) bookmarked.insert(item.uri);
  }
  if (!lists_->has_bookmarks) return;
  for (ArchiveItem& item : lists_->items) {
    item.is_favourite_only = item.list == ArchiveList::favourites && !bookmarked.contains(item.uri);
  }
}

MastodonArchiveSource::Shared MastodonArchiveSource::share(ArchiveList list, Arena& arena) const {
  const bool is_bookmarks = list == ArchiveList::bookmarks;
  Origin& origin = arena.make_array<Origin>(1).front();
  origin = make_origin(rules_.endpoint, name_of(is_bookmarks ? List::bookmarks : List::favourites),
                       arena);
  return {&origin, one_tag(is_bookmarks ? rules_.bookmark_tag : rules_.favourite_tag, arena)};
}

void MastodonArchiveSource::take_item(const ArchiveItem& item, const Shared& shared,
                                      Batch& batch) const {
  if (is_present(item.problem)) {
    batch.rejections.push_back(
        {item.problem, batch.arena.copy(item.uri), 0, batch.bookmarks.size()});
    return;
  }
  Bookmark& bookmark =
      batch.bookmarks.emplace_back(make_post(batch.arena.copy(item.uri), batch.arena));
  bookmark.origin = shared.origin;
  bookmark.tags = shared.tags;
  if (item.is_favourite_only) {
    const Attribute mark{bookmarked_attribute, "false"};
    bookmark.extra = batch.arena.copy(std::span<const Attribute>(&mark, 1));
  }
  if (item.list == ArchiveList::favourites) bookmark.favorite = Flag::yes;
}

ReadResult MastodonArchiveSource::end(Batch& batch) const {
  if (is_absent(lists_->cut)) return ReadResult::end;
  batch.notices.push_back({lists_->cut, 0});
  return ReadResult::incomplete;
}

bool MastodonArchiveSource::rewind() {
  next_ = 0;
  return true;
}

bool MastodonArchiveSource::resume(std::string_view checkpoint) {
  std::size_t next = 0;
  const char* const last = checkpoint.data() + checkpoint.size();
  const auto [end, error] = std::from_chars(checkpoint.data(), last, next);
  if (error != std::errc{} || end != last) return false;
  load({});
  if (next > lists_->items.size()) return false;
  next_ = next;
  return true;
}

std::uint64_t MastodonArchiveSource::progress() const {
  return loader_ ? loader_->bytes_read() : file_bytes_;
}

}  // namespace linkferry::mastodon
