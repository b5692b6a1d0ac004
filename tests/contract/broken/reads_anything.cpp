#include "lines.hpp"

namespace linkferry::lines {

/// Reads every file as its own.
class GulpingSource final : public LinesSource {
 public:
  using LinesSource::LinesSource;

 protected:
  void check_format() override {}
};

}  // namespace linkferry::lines

LINES_PLUGIN("reads_anything", linkferry::lines::GulpingSource,
             linkferry::lines::SinkReadWith<linkferry::lines::GulpingSource>);
