#include "lines.hpp"

namespace linkferry::lines {

/// Loses a record between batches of one size.
class SkippingSource final : public LinesSource {
 public:
  using LinesSource::LinesSource;
  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override {
    const ReadResult result = LinesSource::read(batch, limit, stop);
    if (result == ReadResult::more && limit == 7) at_ = bytes_.find('\n', at_) + 1;
    return result;
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("limit_matters", linkferry::lines::SkippingSource,
             linkferry::lines::SinkReadWith<linkferry::lines::SkippingSource>);
