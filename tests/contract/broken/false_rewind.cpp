#include "lines.hpp"

namespace linkferry::lines {

/// Says that it is at the front again, and is not.
class StandingSource final : public LinesSource {
 public:
  using LinesSource::LinesSource;
  bool rewind() override { return true; }
};

}  // namespace linkferry::lines

LINES_PLUGIN("false_rewind", linkferry::lines::StandingSource,
             linkferry::lines::SinkReadWith<linkferry::lines::StandingSource>);
