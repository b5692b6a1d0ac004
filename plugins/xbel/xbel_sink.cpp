#include "xbel/xbel_sink.hpp"

#include "linkferry/failure.hpp"
#include "xbel/xbel_represent.hpp"
#include "xbel/xbel_source.hpp"

namespace linkferry::xbel {

using common::FolderTree;

Representation XbelSink::represent(const Bookmark& bookmark, Arena& arena) const {
  return xbel::represent(bookmark, arena);
}

FolderRepresentation XbelSink::represent_folder(const Folder& folder, Arena& arena) const {
  return xbel::represent(folder, arena);
}

std::unique_ptr<Source> XbelSink::existing() {
  if (!host_.file_exists(path_)) return nullptr;
  return std::make_unique<XbelSource>(host_.open_file(path_));
}

void XbelSink::write(std::span<const Change> changes, std::span<Outcome> outcomes,
                     std::stop_token) {
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Change& change = changes[i];
    outcomes[i].result = Result::done;
    if (change.action == Action::remove) continue;
    if (change.folder != nullptr) {
      write_folder(*change.folder);
    } else {
      write_bookmark(*change.bookmark);
    }
  }
}

void XbelSink::write_folder(const Folder& folder) {
  if (folder.type == Folder::Type::separator) {
    buffer_.clear();
    format_separator(FolderTree::depth_of(folder.path), buffer_);
    tree().item(folder.path, buffer_);
  } else {
    tree().folder(folder);
  }
}

void XbelSink::write_bookmark(const Bookmark& bookmark) {
  const FolderPath first = bookmark.folders.empty() ? FolderPath{} : bookmark.folders.front();
  buffer_.clear();
  format_bookmark(bookmark, FolderTree::depth_of(first), buffer_);
  tree().item(first, buffer_);
  if (bookmark.folders.empty()) return;
  for (const FolderPath path : bookmark.folders.subspan(1)) {
    buffer_.clear();
    format_bookmark(bookmark, FolderTree::depth_of(path), buffer_);
    tree().item_aside(path, buffer_);
  }
}

FolderTree& XbelSink::tree() {
  if (!tree_)
    tree_ = std::make_unique<FolderTree>([this] { return host_.stage_file(path_); }, markup_);
  return *tree_;
}

void XbelSink::commit() {
  const auto file = tree().finish();
  if (file->size_bytes() > max_file_bytes) {
    throw Failure(FailureKind::failed,
                  path_ + ": would be larger than 256 MiB, which XBEL files are read up to");
  }
  file->commit();
}

std::unique_ptr<Sink> make_sink(const Settings& settings, Host& host) {
  return std::make_unique<XbelSink>(*settings.text("path"), host);
}

}  // namespace linkferry::xbel
