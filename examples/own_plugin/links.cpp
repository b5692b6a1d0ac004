// Text files that begin with the line "#links" and go on with one bookmark a line: address, tab, title.
#include <linkferry/plugin.hpp>

namespace linkferry::links {

class LinksSource final : public Source {
 public:
  explicit LinksSource(std::unique_ptr<InputFile> file) : file_(std::move(file)) {}

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override {
    char buffer[65536];
    while (!stop.stop_requested() && !is_loaded_) {
      const std::size_t size = file_->read(buffer);
      bytes_.append(buffer, size);
      is_loaded_ = size == 0;
    }
    if (is_loaded_ && !bytes_.starts_with("#links\n"))
      throw Failure(FailureKind::configuration, file_->name() + ": expected \"#links\" in line 1");
    while (is_loaded_ && batch.bookmarks.size() < limit && !stop.stop_requested()) {
      if (at_ == bytes_.size()) return ReadResult::end;
      const Text line = batch.arena.copy(Text(bytes_).substr(at_, bytes_.find('\n', at_) - at_));
      at_ += line.size() + 1;
      if (at_ > bytes_.size()) {
        batch.notices.push_back({"the file is cut off inside its last line", line_});
        return ReadResult::incomplete;
      }
      add(line, batch);
    }
    return is_loaded_ ? ReadResult::more : ReadResult::more;
  }
