#include "lines.hpp"

namespace linkferry::lines {

/// Takes a file that is cut off for a whole one.
class ContentSource final : public LinesSource {
 public:
  using LinesSource::LinesSource;

 protected:
  ReadResult cut_off(Batch&) override { return ReadResult::end; }
};

}  // namespace linkferry::lines

LINES_PLUGIN("swallows_truncation", linkferry::lines::ContentSource,
             linkferry::lines::SinkReadWith<linkferry::lines::ContentSource>);
