#include "account_reading.hpp"
#include "host/open_endpoint.hpp"
#include "pipeline/run.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

class SilentObserver final : public PlanObserver {
 public:
  void on_change(const PlannedChange&) override {}
};

/// A job that copies the bookmarks of one account to another of the same server.
struct Copying {
  explicit Copying(FediverseFamily family) : server(family) {
    server.fill("bookmarks", 10, 0, "old");
  }

  FakeMastodon server;
  NetworkHost host;
  MapSettings from;
  MapSettings to;

  std::unique_ptr<Source> source() {
    from = account_settings(server.url("old"));
    return mastodon::make_source(from, host);
  }
  RunSummary run(std::unique_ptr<Source> source) {
    static const Descriptor descriptor = [] {
      Descriptor made;
      made.name = "mastodon";
      made.make_source = &mastodon::make_source;
      made.make_sink = &mastodon::make_sink;
      return made;
    }();
    static const Plugin plugin{&descriptor, "mastodon.so"};
    to = MapSettings{{"url", server.url("new")}};
    OpenSink sink = open_sink(plugin, to, host, MayWrite::yes);
    Job job;
    job.name = "test";
    job.to = "new";
    std::vector<NamedSource> sources;
    sources.push_back({"old", std::move(source)});
    SilentObserver observer;
    return run_job(job, sources, sink, observer, {});
  }
  std::string checkpoint() { return read_all(*source()).checkpoints.back(); }
  std::size_t writes() {
    const auto seen = server.seen();
    return static_cast<std::size_t>(std::ranges::count_if(
        seen, [](const SeenRequest& request) { return request.method == "POST"; }));
  }
};

FediverseFamily any_family() {
  return GENERATE(FediverseFamily::mastodon, FediverseFamily::gotosocial, FediverseFamily::pleroma);
}

}  // namespace

TEST_CASE("a post that is bookmarked again between two runs is the same post",
          "[mastodon][rerun]") {
  Copying copying(any_family());
  CHECK(copying.run(copying.source()).ledger[Fate::created] == 10);
  const std::string checkpoint = copying.checkpoint();
  const std::size_t writes = copying.writes();
  copying.server.unmark_now("bookmarks", 3, "old");
  copying.server.mark_now("bookmarks", 3, "old");
  auto source = copying.source();
  const bool is_incremental = GENERATE(false, true);
  if (is_incremental) REQUIRE(source->resume(checkpoint));
  const RunSummary second = copying.run(std::move(source));
  CHECK(second.ledger[Fate::unchanged] == (is_incremental ? 1 : 10));
  CHECK(second.ledger[Fate::created] == 0);
  CHECK(copying.writes() == writes);
  CHECK(copying.server.uris("bookmarks", "new").size() == 10);
}

TEST_CASE("a post that is bookmarked again while it is read is not doubled", "[mastodon][rerun]") {
  Copying copying(any_family());
  copying.server.fill("bookmarks", 90, 10, "old");
  std::size_t lists = 0;
  copying.server.before = [&](const SeenRequest& request) -> std::optional<Reply> {
    if (request.path() == "/old/api/v1/bookmarks" && ++lists == 2)
      copying.server.mark_now("bookmarks", 5, "old");
    return {};
  };
  const RunSummary first = copying.run(copying.source());
  CHECK(first.ledger[Fate::created] == 100);
  CHECK(first.ledger.is_balanced());
  CHECK(copying.server.uris("bookmarks", "new").size() == 100);
}

TEST_CASE("a copy keeps what was taken off the list, deleted or hidden since",
          "[mastodon][rerun]") {
  Copying copying(any_family());
  copying.run(copying.source());
  copying.server.unmark_now("bookmarks", 1, "old");
  copying.server.post_now(2).is_deleted = true;
  copying.server.post_now(3).is_hidden = true;
  const std::size_t writes = copying.writes();
  copying.run(copying.source());
  CHECK(copying.writes() == writes);
  CHECK(copying.server.uris("bookmarks", "new").size() == 10);
}
