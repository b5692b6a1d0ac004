#include "lines.hpp"

namespace linkferry::lines {

/// Hands over one record too many.
class GenerousSource final : public LinesSource {
 public:
  using LinesSource::LinesSource;
  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override {
    return LinesSource::read(batch, limit + 1, stop);
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("over_the_limit", linkferry::lines::GenerousSource,
             linkferry::lines::SinkReadWith<linkferry::lines::GenerousSource>);
