#include "lines.hpp"

namespace linkferry::lines {

/// Hands over bytes as they stand in the file.
class CarelessSource final : public LinesSource {
 public:
  using LinesSource::LinesSource;

 protected:
  void add(Batch& batch, Text line) override {
    batch.bookmarks.push_back(parse(line, batch.arena));
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("invalid_utf8", linkferry::lines::CarelessSource,
             linkferry::lines::SinkReadWith<linkferry::lines::CarelessSource>);
