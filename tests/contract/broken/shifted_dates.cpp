#include "lines.hpp"

namespace linkferry::lines {

/// Reads dates as if they were of another time zone.
class ShiftingSource final : public LinesSource {
 public:
  using LinesSource::LinesSource;

 protected:
  Bookmark parse(Text line, Arena& arena) override {
    Bookmark bookmark = LinesSource::parse(line, arena);
    if (bookmark.created_at.is_known()) bookmark.created_at.seconds += 3600;
    return bookmark;
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("shifted_dates", linkferry::lines::ShiftingSource,
             linkferry::lines::SinkReadWith<linkferry::lines::ShiftingSource>);
