#include "memory/memory_source.hpp"

#include <charconv>

namespace linkferry::memory {

ReadResult MemorySource::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  for (; next_ < bookmarks_.size() && batch.bookmarks.size() < limit && !stop.stop_requested();
       ++next_) {
    const StoredBookmark& stored = *bookmarks_[next_];
    // A batch may live longer than this source, so everything in it is a copy in its own arena.
    Bookmark bookmark = copy_whole(stored.bookmark(), batch.arena);
    Origin& origin = batch.arena.make_array<Origin>(1)[0];
    origin.plugin = "memory";
    origin.endpoint = batch.arena.copy(std::string_view(endpoint_));
    origin.id = batch.arena.copy(std::string_view(stored.id()));
    bookmark.origin = &origin;
    batch.bookmarks.push_back(bookmark);
  }
  batch.checkpoint = std::to_string(next_);
  return next_ < bookmarks_.size() ? ReadResult::more : ReadResult::end;
}

bool MemorySource::rewind() {
  next_ = 0;
  return true;
}

bool MemorySource::resume(std::string_view checkpoint) {
  std::size_t next = 0;
  const char* const end = checkpoint.data() + checkpoint.size();
  const auto [rest, error] = std::from_chars(checkpoint.data(), end, next);
  if (error != std::errc{} || rest != end || next > bookmarks_.size()) return false;
  next_ = next;
  return true;
}

std::unique_ptr<Source> make_source(const Settings& settings, Host&) {
  return std::make_unique<MemorySource>(Store::named(*settings.text("name")).all(),
                                        settings.endpoint());
}

}  // namespace linkferry::memory
