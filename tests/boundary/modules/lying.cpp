#include "minimal.hpp"

using namespace linkferry;

namespace {

/// Breaks a promise about its batch each time it is read.
class LyingSource final : public minimal::EmptySource {
 public:
  ReadResult read(Batch& batch, std::size_t limit, std::stop_token) override {
    const int call = call_++;
    if (call == 0) batch.bookmarks.resize(limit + 1);
    if (call == 1) batch.folders.push_back({{}, 1});
    if (call == 2) batch.rejections.push_back({"no url", {}, 1, 1});
    return call == 3 ? ReadResult::incomplete : ReadResult::more;
  }

 private:
  int call_ = 0;
};

}  // namespace

LINKFERRY_PLUGIN = {.name = "lying",
                    .options_schema = minimal::schema,
                    .make_source = &minimal::make_source<LyingSource>};
