#include "state/continued_source.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace linkferry;

namespace {

/// Bookmarks `https://example.org/<n>`, two a batch; the checkpoint is the number behind the last.
class Numbers final : public Source {
 public:
  explicit Numbers(int count) : count_(count) {}
  ReadResult read(Batch& batch, std::size_t, std::stop_token) override {
    for (int i = 0; i < 2 && next_ < count_; ++i, ++next_) {
      batch.bookmarks.emplace_back().url =
          batch.arena.copy("https://example.org/" + std::to_string(next_));
    }
    batch.checkpoint = std::to_string(next_);
    return next_ < count_ ? ReadResult::more : ReadResult::end;
  }
  bool resume(std::string_view checkpoint) override {
    if (checkpoint == "bad") return false;
    next_ = std::stoi(std::string(checkpoint));
    return true;
  }
  bool is_incremental() const override { return true; }

 private:
  int count_;
  int next_ = 0;
};

struct Reading {
  std::vector<std::string> urls;
  std::vector<std::string> notices;
};

Reading read_all(Source& source) {
  Reading reading;
  Batch batch;
  ReadResult result = ReadResult::more;
  while (result == ReadResult::more) {
    batch.clear();
    result = source.read(batch, 100, {});
    for (const auto& bookmark : batch.bookmarks) reading.urls.emplace_back(bookmark.url);
    for (const auto& notice : batch.notices) reading.notices.emplace_back(notice.text);
  }
  return reading;
}

}  // namespace

TEST_CASE("a source goes on behind the last checkpoint, and the report says so", "[state]") {
  ContinuedSource source(std::make_unique<Numbers>(5), Checkpoint{"4", 1'700'000'000});
  CHECK_FALSE(source.reached());
  const auto reading = read_all(source);
  CHECK(reading.urls == std::vector<std::string>{"https://example.org/4"});
  CHECK(reading.notices ==
        std::vector<std::string>{"what is new since the last run of this job "
                                 "(2023-11-14T22:13:20Z) was read; --full reads everything"});
  CHECK(source.reached() == "5");
}

TEST_CASE("without a checkpoint, or with one the source does not know, all is read", "[state]") {
  const auto last = GENERATE(std::optional<Checkpoint>(), std::optional(Checkpoint{"bad", 1}));
  ContinuedSource source(std::make_unique<Numbers>(3), last);
  const auto reading = read_all(source);
  CHECK(reading.urls.size() == 3);
  CHECK(reading.notices.empty());
  CHECK(source.reached() == "3");
}

TEST_CASE("a source that is to forget reads everything again", "[state]") {
  ContinuedSource source(std::make_unique<Numbers>(3), Checkpoint{"2", 1});
  source.forget();
  CHECK(read_all(source).urls.size() == 3);
}
