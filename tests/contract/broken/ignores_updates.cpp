#include "lines.hpp"

namespace linkferry::lines {

/// Does not write what is to be updated, and says that it has.
class LazySink final : public LinesSink {
 public:
  using LinesSink::LinesSink;
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override {
    std::vector<Change> wanted(changes.begin(), changes.end());
    for (Change& change : wanted) {
      if (change.action == Action::update) change.bookmark = nullptr;
    }
    LinesSink::write(wanted, outcomes, stop);
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("ignores_updates", linkferry::lines::LinesSource, linkferry::lines::LazySink);
