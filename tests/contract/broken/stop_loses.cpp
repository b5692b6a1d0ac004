#include "lines.hpp"

namespace linkferry::lines {

/// Takes a stop request for the end of the file.
class HastySource final : public LinesSource {
 public:
  using LinesSource::LinesSource;
  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override {
    return stop.stop_requested() ? ReadResult::end : LinesSource::read(batch, limit, stop);
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("stop_loses", linkferry::lines::HastySource,
             linkferry::lines::SinkReadWith<linkferry::lines::HastySource>);
