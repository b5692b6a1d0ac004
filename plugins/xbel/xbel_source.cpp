#include "xbel/xbel_source.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "linkferry/failure.hpp"

namespace linkferry::xbel {
namespace {

using tinyxml2::XMLElement;

/// Folders and separators after which a batch is handed on even without bookmarks.
constexpr std::size_t most_folders = 1024;

bool is_named(const XMLElement& element, std::string_view name) { return element.Name() == name; }

/// Reads on to the end; false when asked to stop before.
bool read_rest(common::Utf8Input& file, std::string& text) {
  constexpr std::size_t step = 1024 * 1024;
  while (!file.is_asked_to_stop()) {
    const std::size_t size = text.size();
    text.resize(size + step);
    const std::size_t count = file.read({text.data() + size, step});
    text.resize(size + count);
    if (count == 0) return true;
    if (text.size() > max_file_bytes) {
      throw Failure(
          FailureKind::configuration,
          file.name() +
              ": XBEL files are read up to 256 MiB; split it, or convert it to another format");
    }
  }
  return false;
}

}  // namespace

bool XbelSource::load(std::stop_token stop) {
  if (document_) return true;
  if (!file_.open(std::move(stop)) || !read_rest(file_, text_)) return false;
  std::replace(text_.begin(), text_.end(), '\0', ' ');  // the XML reader would take it for the end
  document_ = std::make_unique<XbelDocument>(std::exchange(text_, {}), file_.name());
  cursor_ = {document_->first(), 0, {}};
  return true;
}

ReadResult XbelSource::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  if (!load(stop)) return ReadResult::more;
  for (std::string_view notice = file_.take_notice(); !notice.empty();
       notice = file_.take_notice()) {
    batch.notices.push_back({notice, 0});
  }
  ElementReader reader(*document_, batch);
  folder_ = nullptr;
  path_ = {};
  while (cursor_.next != nullptr && batch.bookmarks.size() < limit &&
         batch.folders.size() < most_folders && batch.rejections.size() < limit &&
         !stop.stop_requested()) {
    visit(reader, batch);
    cursor_.advance();
  }
  batch.checkpoint = std::to_string(cursor_.visited);
  if (cursor_.next != nullptr) return ReadResult::more;
  if (document_->cut_line() == 0) return ReadResult::end;
  batch.notices.push_back(
      {"the file is cut off inside an element; an unfinished bookmark was left out",
       document_->cut_line()});
  return ReadResult::incomplete;
}

void XbelSource::visit(ElementReader& reader, Batch& batch) {
  const XMLElement& element = *cursor_.next;
  const XMLElement* const folder = cursor_.open.empty() ? nullptr : cursor_.open.back();
  if (folder != folder_) {
    path_ = path_of(reader, nullptr, batch.arena);
    folder_ = folder;
  }
  if (is_named(element, "bookmark")) {
    reader.add_bookmark(element, path_);
  } else if (is_named(element, "folder")) {
    reader.add_folder(element, path_of(reader, &element, batch.arena));
  } else if (is_named(element, "alias")) {
    reader.add_alias(element, path_);
  } else if (is_named(element, "separator")) {
    reader.add_separator(element, path_);
  } else if (folder == nullptr && (is_named(element, "title") || is_named(element, "desc") ||
                                   is_named(element, "info"))) {
    batch.notices.push_back(
        {"the title, description and metadata of the whole file have no place in a record",
         static_cast<std::uint64_t>(element.GetLineNum())});
  } else if (!is_named(element, "title") && !is_named(element, "desc") &&
             !is_named(element, "info")) {
    batch.notices.push_back({"an element that XBEL does not have was left out",
                             static_cast<std::uint64_t>(element.GetLineNum())});
  }
}

/// The names of the open folders, and of one inside them.
FolderPath XbelSource::path_of(ElementReader& reader, const XMLElement* innermost,
                               Arena& arena) const {
  const auto names = arena.make_array<Text>(cursor_.open.size() + (innermost == nullptr ? 0 : 1));
  for (std::size_t i = 0; i < cursor_.open.size(); ++i)
    names[i] = reader.folder_name(*cursor_.open[i]);
  if (innermost != nullptr) names.back() = reader.folder_name(*innermost);
  return names;
}

void XbelSource::Cursor::advance() {
  ++visited;
  if (is_named(*next, "folder")) {
    open.push_back(next);
    next = next->FirstChildElement();
  } else {
    next = next->NextSiblingElement();
  }
  while (next == nullptr && !open.empty()) {
    next = open.back()->NextSiblingElement();
    open.pop_back();
  }
}

bool XbelSource::rewind() {
  if (document_) cursor_ = {document_->first(), 0, {}};
  return true;
}

bool XbelSource::resume(std::string_view checkpoint) {
  std::uint64_t visited = 0;
  const char* const end = checkpoint.data() + checkpoint.size();
  const auto [rest, error] = std::from_chars(checkpoint.data(), end, visited);
  if (error != std::errc{} || rest != end) return false;
  load({});
  Cursor cursor{document_->first(), 0, {}};
  while (cursor.next != nullptr && cursor.visited < visited) cursor.advance();
  if (cursor.visited != visited) return false;
  cursor_ = std::move(cursor);
  return true;
}

int recognize(std::string_view head, bool) {
  const std::size_t start = head.find_first_not_of("\xef\xbb\xbf \t\r\n");
  if (start == std::string_view::npos || head[start] != '<') return 0;
  const std::size_t doctype = head.find("<!DOCTYPE xbel");
  const std::size_t element = head.find("<xbel");
  const std::size_t first = std::min(doctype, element);
  if (first == std::string_view::npos) return 0;
  // Only a prologue may stand before it: declaration, comments, processing instructions.
  const std::size_t other = head.find_first_of("<", start);
  return other == first || head.substr(other).starts_with("<?") ||
                 head.substr(other).starts_with("<!--")
             ? 95
             : 0;
}

std::unique_ptr<Source> make_source(const Settings& settings, Host& host) {
  return std::make_unique<XbelSource>(host.open_file(*settings.text("path")));
}

}  // namespace linkferry::xbel
