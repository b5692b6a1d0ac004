#include "lines.hpp"

namespace linkferry::lines {

/// Puts a star before the title each time it is asked.
class GrowingSink final : public LinesSink {
 public:
  using LinesSink::LinesSink;
  Representation represent(const Bookmark& bookmark, Arena& arena) const override {
    Representation held = LinesSink::represent(bookmark, arena);
    static constexpr Loss loss[] = {{Field::title, LossKind::transformed, "titles get a star"}};
    if (is_absent(held.refusal))
      held.bookmark.title = arena.copy("* " + std::string(bookmark.title));
    if (is_absent(held.refusal)) held.losses = loss;
    return held;
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("unstable_representation", linkferry::lines::LinesSource,
             linkferry::lines::GrowingSink);
