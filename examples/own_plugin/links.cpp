// Text files that begin with the line "#links" and have one bookmark a line: address, tab, title.
#include <linkferry/plugin.hpp>

using namespace linkferry;

static bool is_utf8(Text text) {
  for (std::size_t i = 0, size = 0; i < text.size(); i += size) {
    const auto byte = [&](std::size_t k) { return i + k < text.size() ? text[i + k] & 0xFF : 0; };
    const int first = byte(0), range[] = {0, 0, 0x80, 0x800, 0x10000};
    size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    int code = size == 1 ? first : first & (0x7F >> size);
    for (std::size_t k = 1; k < size; ++k) code = (byte(k) & 0xC0) == 0x80 ? code << 6 | (byte(k) & 0x3F) : -1 << 24;
    if (code < range[size] || code > 0x10FFFF || (code >> 11) == 27 || (first & 0xC0) == 0x80 || first > 0xF4) return false;
  }
  return true;
}

class LinksSource final : public Source {
 public:
  explicit LinksSource(std::unique_ptr<InputFile> file) : file_(std::move(file)) {}
  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override {
    for (char buffer[65536]; !is_loaded_ && !stop.stop_requested();) {
      const std::size_t size = file_->read(buffer);
      is_loaded_ = bytes_.append(buffer, size).empty() || size == 0;
    }
    while (is_loaded_ && batch.bookmarks.size() < limit) {
      if (!bytes_.starts_with("#links\n")) throw Failure(FailureKind::configuration, file_->name() + ": line 1 is not #links");
      if (at_ == bytes_.size()) return ReadResult::end;
      const Text line = batch.arena.copy(Text(bytes_).substr(at_, bytes_.find('\n', at_) - at_));
      ++line_;
      if (at_ + line.size() == bytes_.size()) {
        batch.notices.push_back({"the file is cut off inside its last line", line_});
        return ReadResult::incomplete;
      }
      at_ += line.size() + 1;
      Bookmark bookmark;
      bookmark.url = line.substr(0, line.find('\t'));
      if (bookmark.url.size() < line.size()) bookmark.title = line.substr(bookmark.url.size() + 1);
      if (is_utf8(line)) batch.bookmarks.push_back(bookmark);
      else batch.rejections.push_back({"the line is not UTF-8", {}, line_, batch.bookmarks.size()});
    }
    return ReadResult::more;
  }

 private:
  std::unique_ptr<InputFile> file_;
  std::string bytes_;
  bool is_loaded_ = false;
  std::size_t at_ = 7;
  std::uint64_t line_ = 1;
};

class LinksSink final : public Sink {
 public:
  LinksSink(Host& host, std::string path) : host_(host), path_(std::move(path)) {}
  SinkKind kind() const override { return SinkKind::staged; }
  Representation represent(const Bookmark& b, Arena& arena) const override {
    if (b.url.find_first_of("\t\n") != b.url.npos || b.url.empty()) return {{}, {}, "needs an address without tabs"};
    const bool has[field_count] = {
        false, false, is_present(b.description), is_present(b.notes), !b.tags.empty(), !b.folders.empty(),
        b.created_at.is_known(), ...
