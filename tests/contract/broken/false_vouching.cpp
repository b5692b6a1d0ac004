#include "lines.hpp"

namespace linkferry::lines {

/// Says that its texts have no control characters without having looked.
class TrustingSource final : public LinesSource {
 public:
  using LinesSource::LinesSource;

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override {
    const ReadResult result = LinesSource::read(batch, limit, stop);
    batch.are_texts_clean = true;
    for (Bookmark& bookmark : batch.bookmarks) {
      if (bookmark.title.size() > 3) bookmark.title = "a\x01 title";
    }
    return result;
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("false_vouching", linkferry::lines::TrustingSource,
             linkferry::lines::SinkReadWith<linkferry::lines::TrustingSource>);
