#include "lines.hpp"

namespace linkferry::lines {

/// Writes the changes of a call from the last to the first.
class ReversingSink final : public LinesSink {
 public:
  using LinesSink::LinesSink;
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override {
    std::vector<Change> reversed(changes.rbegin(), changes.rend());
    LinesSink::write(reversed, outcomes, stop);
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("record_order", linkferry::lines::LinesSource, linkferry::lines::ReversingSink);
