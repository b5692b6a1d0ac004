#include "lines.hpp"

namespace linkferry::lines {

/// Leaves the title out when it is skimmed, and does not complete it.
class ForgetfulSource final : public LinesSource {
 public:
  using LinesSource::LinesSource;
  bool rewind() override {
    is_skimmed_ = false;
    return LinesSource::rewind();
  }
  bool skim() override {
    LinesSource::rewind();
    return is_skimmed_ = true;
  }

 protected:
  void add(Batch& batch, Text line) override {
    LinesSource::add(batch, line);
    if (!is_skimmed_ || batch.rests.size() == batch.bookmarks.size()) return;
    batch.bookmarks.back().title = {};
    batch.rests.push_back(line);
  }

 private:
  bool is_skimmed_ = false;
};

}  // namespace linkferry::lines

LINES_PLUGIN("half_skimmed", linkferry::lines::ForgetfulSource,
             linkferry::lines::SinkReadWith<linkferry::lines::ForgetfulSource>);
