#include "lines.hpp"

namespace linkferry::lines {

/// Sorts the tags, which representation does not say.
class SortingSink final : public LinesSink {
 public:
  using LinesSink::LinesSink;

 protected:
  std::string format(const Bookmark& bookmark) const override {
    Bookmark sorted = bookmark;
    std::vector<Text> tags(bookmark.tags.begin(), bookmark.tags.end());
    std::ranges::sort(tags);
    sorted.tags = tags;
    return LinesSink::format(sorted);
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("tag_order", linkferry::lines::LinesSource, linkferry::lines::SortingSink);
