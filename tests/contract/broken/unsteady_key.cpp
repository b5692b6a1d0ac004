#include "lines.hpp"

namespace linkferry::lines {

/// Gives another key each time.
class UnsteadySink final : public LinesSink {
 public:
  using LinesSink::LinesSink;
  Text unique_key(Text, Arena& arena) const override {
    return arena.copy(std::to_string(++calls_));
  }

 private:
  mutable int calls_ = 0;
};

}  // namespace linkferry::lines

LINES_PLUGIN("unsteady_key", linkferry::lines::LinesSource, linkferry::lines::UnsteadySink);
