#include <fstream>

#include "lines.hpp"

namespace linkferry::lines {

/// Writes to the target itself, before commit.
class ImpatientSink final : public LinesSink {
 public:
  using LinesSink::LinesSink;
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token) override {
    std::ofstream file(path_, std::ios::binary | (is_begun_ ? std::ios::app : std::ios::trunc));
    if (!is_begun_) file << first_line;
    is_begun_ = true;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      outcomes[i].result = Result::done;
      if (changes[i].bookmark != nullptr) file << format(*changes[i].bookmark) << '\n';
    }
  }
  void commit() override {}

 private:
  bool is_begun_ = false;
};

}  // namespace linkferry::lines

LINES_PLUGIN("visible_early", linkferry::lines::LinesSource, linkferry::lines::ImpatientSink);
