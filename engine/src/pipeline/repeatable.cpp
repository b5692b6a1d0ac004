#include "pipeline/repeatable.hpp"

#include <string>

#include "linkferry/failure.hpp"
#include "pipeline/record_codec.hpp"

namespace linkferry {

/// Passes the records of a source on and keeps a copy of each batch; then gives them again from the
/// copy.
class Repeatable::Recording final : public Source {
 public:
  explicit Recording(Source& source) : source_(source) {}

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override {
    if (is_recorded_) return replay(batch);
    const ReadResult result = source_.read(batch, limit, stop);
    record(batch, result);
    return result;
  }

  bool rewind() override {
    is_recorded_ = true;
    offset_ = 0;
    return true;
  }

  std::uint64_t total() const override { return is_recorded_ ? 0 : source_.total(); }
  std::uint64_t progress() const override { return is_recorded_ ? 0 : source_.progress(); }

 private:
  void record(const Batch& batch, ReadResult result) {
    bytes_.clear();
    encode(static_cast<std::uint64_t>(result), bytes_);
    encode(batch.bookmarks.size(), bytes_);
    for (const Bookmark& bookmark : batch.bookmarks) encode(bookmark, bytes_);
    encode(batch.folders.size(), bytes_);
    for (const PlacedFolder& placed : batch.folders) {
      encode(placed.folder, bytes_);
      encode(placed.before, bytes_);
    }
    encode(batch.rejections.size(), bytes_);
    for (const Rejection& rejection : batch.rejections) {
      encode(rejection.reason, bytes_);
      encode(rejection.excerpt, bytes_);
      encode(rejection.line, bytes_);
      encode(rejection.before, bytes_);
    }
    encode(batch.notices.size(), bytes_);
    for (const Notice& notice : batch.notices) {
      encode(notice.text, bytes_);
      encode(notice.line, bytes_);
    }
    spool_.append(bytes_);
  }

  ReadResult replay(Batch& batch) {
    std::string_view bytes;
    if (!spool_.next(offset_, bytes)) return ReadResult::end;
    bytes = batch.arena.copy(bytes);
    const auto result = static_cast<ReadResult>(decode_number(bytes));
    batch.bookmarks.resize(decode_number(bytes));
    for (Bookmark& bookmark : batch.bookmarks) bookmark = decode_bookmark(bytes, batch.arena);
    batch.folders.resize(decode_number(bytes));
    for (PlacedFolder& placed : batch.folders) {
      placed.folder = decode_folder(bytes, batch.arena);
      placed.before = decode_number(bytes);
    }
    batch.rejections.resize(decode_number(bytes));
    for (Rejection& rejection : batch.rejections) {
      rejection.reason = decode_text(bytes);
      rejection.excerpt = decode_text(bytes);
      rejection.line = decode_number(bytes);
      rejection.before = decode_number(bytes);
    }
    batch.notices.resize(decode_number(bytes));
    for (Notice& notice : batch.notices) {
      notice.text = decode_text(bytes);
      notice.line = decode_number(bytes);
    }
    return result;
  }

  Source& source_;
  Spool spool_;
  std::string bytes_;
  std::uint64_t offset_ = 0;
  bool is_recorded_ = false;
};

Repeatable::Repeatable(Source& source) : source_(source) {
  if (!source.rewind()) recording_ = std::make_unique<Recording>(source);
}

Repeatable::~Repeatable() = default;

Source& Repeatable::from_start() {
  if (recording_) {
    if (!is_first_) recording_->rewind();
    is_first_ = false;
    return *recording_;
  }
  if (!source_.rewind())
    throw Failure(FailureKind::failed, "a source that could be read twice cannot be any more");
  return source_;
}

/// A source of which a copy is made has to be read as a whole the first time, and from the copy it
/// is no cheaper.
Source& Repeatable::skim_from_start() {
  return !recording_ && source_.skim() ? source_ : from_start();
}

}  // namespace linkferry
