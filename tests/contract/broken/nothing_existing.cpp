#include "lines.hpp"

namespace linkferry::lines {

/// Says that nothing is there, always.
class BlindSink final : public LinesSink {
 public:
  using LinesSink::LinesSink;
  std::unique_ptr<Source> existing() override { return nullptr; }
};

}  // namespace linkferry::lines

LINES_PLUGIN("nothing_existing", linkferry::lines::LinesSource, linkferry::lines::BlindSink);
