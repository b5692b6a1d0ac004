#include "lines.hpp"

namespace linkferry::lines {

/// Names a loss of what it keeps.
class OverCautiousSink final : public LinesSink {
 public:
  using LinesSink::LinesSink;
  Representation represent(const Bookmark& bookmark, Arena& arena) const override {
    static constexpr Loss loss[] = {{Field::title, LossKind::truncated, "titles may be cut"}};
    Representation held = LinesSink::represent(bookmark, arena);
    if (is_absent(held.refusal) && bookmark.title.size() > 500) held.losses = loss;
    return held;
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("false_loss", linkferry::lines::LinesSource, linkferry::lines::OverCautiousSink);
