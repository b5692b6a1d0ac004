#include "lines.hpp"

namespace linkferry::lines {

/// Begins with the record before the checkpoint.
class RepeatingSource final : public LinesSource {
 public:
  using LinesSource::LinesSource;
  bool resume(std::string_view checkpoint) override {
    if (!LinesSource::resume(checkpoint)) return false;
    if (at_ == first_line.size()) return true;
    is_loaded_ = LinesSource::load({});
    at_ = bytes_.rfind('\n', at_ - 2) + 1;
    return true;
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("resume_off_by_one", linkferry::lines::RepeatingSource,
             linkferry::lines::SinkReadWith<linkferry::lines::RepeatingSource>);
