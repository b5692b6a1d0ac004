#include "lines.hpp"

namespace linkferry::lines {

/// Does not write the last change of a call, and says that it has.
class ForgetfulSink final : public LinesSink {
 public:
  using LinesSink::LinesSink;
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override {
    LinesSink::write(changes.first(changes.size() - 1), outcomes, stop);
    outcomes.back().result = Result::done;
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("drops_the_last", linkferry::lines::LinesSource, linkferry::lines::ForgetfulSink);
