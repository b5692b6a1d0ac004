#include <cstdio>
#include <fstream>

#include "lines.hpp"

namespace linkferry::lines {

/// Leaves a file behind when it is not committed.
class UntidySink final : public LinesSink {
 public:
  using LinesSink::LinesSink;
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override {
    std::ofstream(path_ + ".tmp") << "my own temporary file";
    LinesSink::write(changes, outcomes, stop);
  }
  void commit() override {
    LinesSink::commit();
    std::remove((path_ + ".tmp").c_str());
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("litter", linkferry::lines::LinesSource, linkferry::lines::UntidySink);
