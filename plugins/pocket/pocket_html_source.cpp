#include "pocket/pocket_html_source.hpp"

#include "common/html_text.hpp"
#include "pocket/pocket_format.hpp"

namespace linkferry::pocket {
namespace {

constexpr std::string_view unread_heading = "unread";
constexpr std::string_view archive_heading = "read archive";

bool is_status(FolderPath path) {
  return path.size() == 1 && (common::equals_lower(path[0], unread_heading) ||
                              common::equals_lower(path[0], archive_heading));
}

void turn_folder_into_status(Bookmark& bookmark) {
  if (bookmark.folders.size() != 1 || !is_status(bookmark.folders[0])) return;
  const bool is_unread = common::equals_lower(bookmark.folders[0][0], unread_heading);
  bookmark.unread = to_flag(is_unread);
  bookmark.archived = to_flag(!is_unread);
  bookmark.folders = {};
}

}  // namespace

ReadResult PocketHtmlSource::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  const ReadResult result = reader_.read(batch, limit, stop);
  const Origin* const origin = make_origin(endpoint_, batch.arena);
  for (Bookmark& bookmark : batch.bookmarks) {
    bookmark.origin = origin;
    bookmark.title = title_of(bookmark.title, bookmark.url, batch.arena);
    turn_folder_into_status(bookmark);
  }
  std::erase_if(batch.folders,
                [](const PlacedFolder& placed) { return is_status(placed.folder.path); });
  return result;
}

}  // namespace linkferry::pocket
