#include "lines.hpp"

namespace linkferry::lines {

/// Does not say what became of its changes.
class SilentSink final : public LinesSink {
 public:
  using LinesSink::LinesSink;
  void write(std::span<const Change> changes, std::span<Outcome>, std::stop_token stop) override {
    std::vector<Outcome> own(changes.size());
    LinesSink::write(changes, own, stop);
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("silent_outcomes", linkferry::lines::LinesSource, linkferry::lines::SilentSink);
