#include "lines.hpp"

namespace linkferry::lines {

/// Gives another date every second time.
class CountingSink final : public LinesSink {
 public:
  using LinesSink::LinesSink;
  Representation represent(const Bookmark& bookmark, Arena& arena) const override {
    Representation held = LinesSink::represent(bookmark, arena);
    if (is_absent(held.refusal) && ++calls_ % 2 == 0) held.bookmark.created_at.seconds += 1;
    return held;
  }

 private:
  mutable int calls_ = 0;
};

}  // namespace linkferry::lines

LINES_PLUGIN("impure_representation", linkferry::lines::LinesSource,
             linkferry::lines::CountingSink);
