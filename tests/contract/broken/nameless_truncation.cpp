#include "lines.hpp"

namespace linkferry::lines {

/// Says that a file is cut off, but not where.
class VagueSource final : public LinesSource {
 public:
  using LinesSource::LinesSource;

 protected:
  ReadResult cut_off(Batch& batch) override {
    batch.notices.push_back({"the file is cut off", 0});
    return ReadResult::incomplete;
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("nameless_truncation", linkferry::lines::VagueSource,
             linkferry::lines::SinkReadWith<linkferry::lines::VagueSource>);
