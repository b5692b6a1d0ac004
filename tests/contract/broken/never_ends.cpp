#include "lines.hpp"

namespace linkferry::lines {

/// Promises more for ever.
class EndlessSource final : public LinesSource {
 public:
  using LinesSource::LinesSource;
  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override {
    LinesSource::read(batch, limit, stop);
    return ReadResult::more;
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("never_ends", linkferry::lines::EndlessSource,
             linkferry::lines::SinkReadWith<linkferry::lines::EndlessSource>);
