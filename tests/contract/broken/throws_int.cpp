#include "lines.hpp"

namespace linkferry::lines {

/// Throws what is no exception.
class ThrowingSink final : public LinesSink {
 public:
  using LinesSink::LinesSink;
  void commit() override { throw 42; }
};

}  // namespace linkferry::lines

LINES_PLUGIN("throws_int", linkferry::lines::LinesSource, linkferry::lines::ThrowingSink);
