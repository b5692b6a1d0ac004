#include "pipeline/run.hpp"
#include "state/job_state.hpp"
#include "support/catch.hpp"
#include "support/list_endpoints.hpp"
#include "support/program.hpp"
#include "sync/sync_run.hpp"

using namespace linkferry;
using linkferry::test::ListSource;
using linkferry::test::ListStore;

namespace {

/// As the death of the process right after a write: nothing that follows happens.
struct Killed : std::exception {};

/// Lets some changes through and dies after the next.
struct DyingWriter final : SinkWriter {
  DyingWriter(std::unique_ptr<SinkWriter> all, int changes)
      : inner(std::move(all)), left(changes) {}

  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override {
    inner->write(changes, outcomes, stop);
    if (is_staged) return;
    left -= static_cast<int>(changes.size());
    if (left <= 0) throw Killed();
  }
  void commit() override {
    inner->commit();
    throw Killed();
  }
  std::unique_ptr<SinkWriter> inner;
  int left;
  bool is_staged = false;
};

class NobodyLooks final : public PlanObserver {
  void on_change(const PlannedChange& /*change*/) override {}
};

constexpr int bookmarks = 30;

std::string url(int number) { return "https://a.example/" + std::to_string(number); }

/// A job whose memory is a real state, and whose process may be killed.
struct KilledJob {
  test::Folder folder;
  test::BookmarkMaker make;
  Job job;
  ListStore from;
  ListStore to;

  explicit KilledJob(Mode mode, SinkKind kind = SinkKind::live) {
    job.name = "job";
    job.from = {"here"};
    job.to = "there";
    job.mode = mode;
    job.deletion.policy = DeletePolicy::matched;
    job.on_match = OnMatch::overwrite;
    from.kind = to.kind = kind;
    for (int i = 0; i < bookmarks; ++i) from.bookmarks.push_back(make.link(url(i), "A title"));
    run();
    job.deletion.quarantine = Quarantine::archive;
  }

  static Bookmark* find(ListStore& store, int number) {
    const auto found =
        std::ranges::find(store.bookmarks, url(number), [](const Bookmark& b) { return b.url; });
    return found == store.bookmarks.end() ? nullptr : &*found;
  }
  bool is_archived(int number) { return find(to, number)->archived == Flag::yes; }
  void take_away(int number) {
    std::erase_if(from.bookmarks, [&](const Bookmark& b) { return b.url == url(number); });
  }

  RunSummary run(bool dies = false) {
    StateStore store(folder.path() / "state.db");
    JobState state(store, job.name, "i1");
    OpenSink open_from = test::open_list(from);
    OpenSink open_to = test::open_list(to);
    if (dies) {
      auto dying = std::make_unique<DyingWriter>(std::move(open_to.writer), 1);
      dying->is_staged = to.kind == SinkKind::staged;
      open_to.writer = std::move(dying);
    }
    RunOptions options;
    options.memory.journal = &state;
    options.memory.links = &state.links();
    options.memory.bases = &state.bases();
    NobodyLooks nobody;
    state.begin(job.mode == Mode::sync ? "sync" : "mirror", 1'700'000'000);
    RunSummary summary;
    if (job.mode == Mode::sync) {
      summary = run_sync(job, open_from, open_to, nobody, options);
    } else {
      std::vector<NamedSource> sources;
      sources.push_back(
          {"here", std::make_unique<ListSource>(from.bookmarks, std::vector<PlacedFolder>{},
                                                ListSource::Behaviour{})});
      summary = run_job(job, sources, open_to, nobody, options);
    }
    state.finish(RunOutcome::done, summary.ledger, "", StoredLinks::yes);
    return summary;
  }
};

}  // namespace

TEST_CASE(
    "a quarantine that a killed run has made is known to the next: what comes back is let out",
    "[state][mirror]") {
  KilledJob place(Mode::mirror, GENERATE(SinkKind::live, SinkKind::staged));
  const Bookmark gone = *KilledJob::find(place.from, 3);
  place.take_away(3);
  CHECK_THROWS_AS(place.run(true), Killed);
  REQUIRE(place.is_archived(3));
  const bool is_recovered_before = GENERATE(true, false);
  if (is_recovered_before) {
    const RunSummary recovered = place.run();
    CHECK_FALSE(recovered.ledger.has_changes());
    CHECK(place.is_archived(3));
  }
  place.from.bookmarks.push_back(gone);
  CHECK(place.run().ledger[Fate::updated] == 1);
  CHECK_FALSE(place.is_archived(3));
  CHECK_FALSE(place.run().ledger.has_changes());
  place.take_away(3);
  CHECK(place.run().ledger[Fate::quarantined] == 1);
}

TEST_CASE("a quarantine that did not arrive is made by the next run", "[state][mirror]") {
  KilledJob place(Mode::mirror);
  place.take_away(3);
  CHECK_THROWS_AS(place.run(true), Killed);
  KilledJob::find(place.to, 3)->archived = Flag::unknown;
  CHECK(place.run().ledger[Fate::quarantined] == 1);
  CHECK(place.is_archived(3));
  CHECK_FALSE(place.run().ledger.has_changes());
}

TEST_CASE("a quarantine of a sync that was killed after it does not bring the bookmark back",
          "[state][sync]") {
  KilledJob place(Mode::sync, GENERATE(SinkKind::live, SinkKind::staged));
  place.take_away(3);
  CHECK_THROWS_AS(place.run(true), Killed);
  REQUIRE(place.is_archived(3));
  for (int times = 0; times < 3; ++times) {
    const RunSummary summary = place.run();
    CHECK_FALSE(summary.ledger.has_changes());
    CHECK(summary.ledger.conflicts == 0);
    CHECK(summary.ledger[Fate::kept] == 1);
  }
  CHECK(KilledJob::find(place.from, 3) == nullptr);
  KilledJob::find(place.to, 3)->archived = Flag::unknown;
  CHECK(place.run().ledger[Fate::created] == 1);
}
