#include "lines.hpp"

namespace linkferry::lines {

/// Reads the file to its end, whoever asks it to stop.
class DeafSource final : public LinesSource {
 public:
  using LinesSource::LinesSource;

 protected:
  bool load(std::stop_token) override { return LinesSource::load({}); }
};

}  // namespace linkferry::lines

LINES_PLUGIN("ignores_stop", linkferry::lines::DeafSource,
             linkferry::lines::SinkReadWith<linkferry::lines::DeafSource>);
