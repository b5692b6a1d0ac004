#include "lines.hpp"

namespace linkferry::lines {

/// Shows an address in lower case that was written otherwise.
class LowerCaseSource final : public LinesSource {
 public:
  using LinesSource::LinesSource;

 protected:
  Bookmark parse(Text line, Arena& arena) override {
    Bookmark bookmark = LinesSource::parse(line, arena);
    std::string lower(bookmark.url);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    bookmark.url = arena.copy(lower);
    return bookmark;
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("wrong_existing", linkferry::lines::LinesSource,
             linkferry::lines::SinkReadWith<linkferry::lines::LowerCaseSource>);
