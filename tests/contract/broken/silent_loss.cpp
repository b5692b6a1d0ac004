#include "lines.hpp"

namespace linkferry::lines {

/// Drops the description and does not say so.
class SilentSink final : public LinesSink {
 public:
  using LinesSink::LinesSink;
  Representation represent(const Bookmark& bookmark, Arena& arena) const override {
    Representation held = LinesSink::represent(bookmark, arena);
    if (!held.losses.empty() && held.losses.front().field == Field::description)
      held.losses = held.losses.subspan(1);
    return held;
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("silent_loss", linkferry::lines::LinesSource, linkferry::lines::SilentSink);
