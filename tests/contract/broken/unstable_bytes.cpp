#include "lines.hpp"

namespace linkferry::lines {

/// Writes every second file in another way.
class DatingSink final : public LinesSink {
 public:
  using LinesSink::LinesSink;
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override {
    std::vector<Change> shuffled(changes.begin(), changes.end());
    static int files = 0;
    if (!is_begun_) files_ = ++files;
    is_begun_ = true;
    LinesSink::write(shuffled, outcomes, stop);
  }

 protected:
  std::string format(const Bookmark& bookmark) const override {
    return LinesSink::format(bookmark) +
           (files_ % 2 == 0 && !bookmark.created_at.is_known() ? " " : "");
  }

 private:
  bool is_begun_ = false;
  int files_ = 0;
};

}  // namespace linkferry::lines

LINES_PLUGIN("unstable_bytes", linkferry::lines::LinesSource, linkferry::lines::DatingSink);
