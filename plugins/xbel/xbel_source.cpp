#include "xbel/xbel_source.hpp"

#include <algorithm>
#include <charconv>

#include "linkferry/failure.hpp"

namespace linkferry::xbel {
namespace {

using tinyxml2::XMLElement;

/// Folders and separators after which a batch is handed on even without bookmarks.
constexpr std::size_t most_folders = 1024;

bool is_named(const XMLElement& element, std::string_view name) { return element.Name() == name; }

std::string read_whole(common::Utf8Input& file) {
  constexpr std::size_t step = 1024 * 1024;
  std::string text;
  for (;;) {
    const std::size_t size = text.size();
    text.resize(size + step);
    const std::size_t count = file.read({text.data() + size, step});
    text.resize(size + count);
    if (count == 0) return text;
    if (text.size() > max_file_bytes) {
      throw Failure(FailureKind::configuration,
                    file.name() + ": XBEL files are read up to 256 MiB; split it, or convert it to another format");
    }
  }
}

}  // namespace

void XbelSource::load() {
  std::string text = read_whole(file_);
  std::replace(text.begin(), text.end(), '\0', ' ');  // the XML reader would take it for the end
  document_ = std::make_unique<XbelDocument>(std::move(text), file_.name());
  cursor_ = {document_->first(), 0, {}};
}

ReadResult XbelSource::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  if (!document_) load();
  for (std::string_view notice = file_.take_notice(); !notice.empty(); notice = file_.take_notice()) {
    batch.notices.push_back({notice, 0});
  }
  ElementReader reader(*document_, batch);
  path_ = path_in(batch.arena);
  while (cursor_.next != nullptr && batch.bookmarks.size() < limit && batch.folders.size() < most_folders &&
         batch.rejections.size() < limit && !stop.stop_requested()) {
    visit(reader, *cursor_.next, batch);
  }
  batch.checkpoint = std::to_string(cursor_.visited);
  if (cursor_.next != nullptr) return ReadResult::more;
  if (document_->cut_line() == 0) return ReadResult::end;
  batch.notices.push_back({"the file is cut off inside an element; an unfinished bookmark was left out", document_->cut_line()});
  return ReadResult::incomplete;
}

void XbelSource::visit(ElementReader& reader, const XMLElement& element, Batch& batch) {
  if (is_named(element, "folder")) {
    const Text name = reader.folder_name(element);
    advance(element, name);
    cursor_.path.emplace_back(name);
    path_ = path_in(batch.arena);
    reader.add_folder(element, path_);
    return;
  }
  advance(element, {});
}

}  // namespace linkferry::xbel
