#include "netscape/netscape_sink.hpp"

#include "common/netscape_reader.hpp"
#include "netscape/netscape_represent.hpp"

namespace linkferry::netscape {
namespace {

Style style_of(const Settings& settings) {
  return {&find_dialect(settings.text("dialect").value_or("common")),
          settings.text("tags_separator").value_or("comma") == "blank"};
}

/// Rationale: records that follow each other mostly share the list of their folder's names.
bool is_same_list(FolderPath a, FolderPath b) {
  return a.data() == b.data() && a.size() == b.size() && !a.empty();
}

}  // namespace

NetscapeSink::NetscapeSink(const Settings& settings, Host& host)
    : host_(host),
      path_(settings.text("path").value_or("-")),
      style_(style_of(settings)),
      markup_(style_) {}

Representation NetscapeSink::represent(const Bookmark& bookmark, Arena& arena) const {
  return netscape::represent(bookmark, style_, arena);
}

FolderRepresentation NetscapeSink::represent_folder(const Folder& folder, Arena& arena) const {
  return netscape::represent_folder(folder, style_, arena);
}

std::unique_ptr<Source> NetscapeSink::existing() {
  if (!host_.file_exists(path_)) return nullptr;
  const common::NetscapeOptions options{.has_blank_separated_tags =
                                            style_.has_blank_separated_tags};
  return std::make_unique<common::NetscapeReader>(host_.open_file(path_), options);
}

common::FolderTree& NetscapeSink::tree() {
  if (!tree_) {
    tree_ =
        std::make_unique<common::FolderTree>([this] { return host_.stage_file(path_); }, markup_);
  }
  return *tree_;
}

void NetscapeSink::write(std::span<const Change> changes, std::span<Outcome> outcomes,
                         std::stop_token stop) {
  last_path_ = {};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (stop.stop_requested()) {
      outcomes[i] = {Result::failed, {}, "the run was stopped"};
      continue;
    }
    const Change& change = changes[i];
    if (change.action != Action::remove) {
      if (change.bookmark != nullptr) write_bookmark(*change.bookmark);
      if (change.folder != nullptr) write_folder(*change.folder);
    }
    outcomes[i].result = Result::done;
  }
}

void NetscapeSink::write_bookmark(const Bookmark& bookmark) {
  const bool is_in_folders = !bookmark.folders.empty() && style_.dialect->has_folders;
  const FolderPath first = is_in_folders ? bookmark.folders.front() : FolderPath{};
  format(bookmark, first,
         is_same_list(first, last_path_) ? tree().enter_again() : tree().enter(first));
  last_path_ = first;
  if (!is_in_folders) return;
  for (const FolderPath path : bookmark.folders.subspan(1))
    format(bookmark, path, tree().enter_aside(path));
}

void NetscapeSink::format(const Bookmark& bookmark, FolderPath path,
                          common::TextBuffer& out) const {
  format_bookmark(bookmark, common::FolderTree::depth_of(path), style_, out);
}

void NetscapeSink::write_folder(const Folder& folder) {
  if (!style_.dialect->has_folders) return;
  last_path_ = {};
  if (folder.type == Folder::Type::folder) return tree().folder(folder);
  format_separator(folder, common::FolderTree::depth_of(folder.path), style_,
                   tree().enter(folder.path));
}

void NetscapeSink::commit() {
  const auto file = tree().finish();
  tree_.reset();
  file->commit();
}

std::unique_ptr<Sink> make_sink(const Settings& settings, Host& host) {
  return std::make_unique<NetscapeSink>(settings, host);
}

}  // namespace linkferry::netscape
