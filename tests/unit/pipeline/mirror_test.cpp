#include "pipeline/mirror.hpp"

#include <map>

#include "pipeline/run.hpp"
#include "support/catch.hpp"
#include "support/list_endpoints.hpp"

using namespace linkferry;
using linkferry::test::ListSource;
using linkferry::test::ListStore;

namespace {

class Seen final : public PlanObserver {
 public:
  void on_change(const PlannedChange& change) override {
    if (change.fate >= Fate::deleted) fates[std::string(change.bookmark->url)] = change.fate;
    if (change.fate == Fate::kept) reasons.emplace_back(change.reason);
  }
  std::map<std::string, Fate> fates;  ///< of what no source has any more, by address
  std::vector<std::string> reasons;
};

/// A mirror from one list to another, with what it remembers between runs.
struct MirrorRunner {
  test::BookmarkMaker make;
  Job job;
  ListStore store;
  LinkTable links;
  ListSource::Behaviour behaviour;
  std::vector<Bookmark> source;
  RunOptions options;
  Seen seen;

  explicit MirrorRunner(SinkKind kind = SinkKind::live, int count = 0) {
    job.name = "mirror";
    job.to = "there";
    job.mode = Mode::mirror;
    job.on_match = OnMatch::overwrite;
    store.kind = kind;
    options.memory.links = &links;
    for (int i = 0; i < count; ++i) add(i);
  }

  void add(int number) {
    source.push_back(make.link("https://a.example/" + std::to_string(number), "A title"));
    Origin& origin = make.arena().make_array<Origin>(1)[0];
    origin.id = make.arena().copy("s" + std::to_string(number));
    source.back().origin = &origin;
  }
  void take_away(int number) {
    std::erase_if(source, [&](const Bookmark& bookmark) { return bookmark.url == url(number); });
  }
  static std::string url(int number) { return "https://a.example/" + std::to_string(number); }
  bool holds(int number) const {
    return std::ranges::any_of(store.bookmarks,
                               [&](const Bookmark& b) { return b.url == url(number); });
  }

  RunSummary run(bool may_write = true) {
    std::vector<NamedSource> named;
    named.push_back(
        {"here", std::make_unique<ListSource>(source, std::vector<PlacedFolder>{}, behaviour)});
    OpenSink sink = test::open_list(store, may_write);
    seen = {};
    const RunSummary summary = run_job(job, named, sink, seen, options);
    CHECK(summary.ledger.is_balanced());
    return summary;
  }
};

}  // namespace

TEST_CASE("what the source no longer has is deleted, and a second run finds nothing to do",
          "[pipeline][mirror]") {
  MirrorRunner r(GENERATE(SinkKind::live, SinkKind::staged), 40);
  CHECK(r.run().ledger[Fate::created] == 40);
  CHECK(r.links.size() == 40);
  r.take_away(3);
  r.take_away(17);
  const RunSummary second = r.run();
  CHECK(second.ledger[Fate::deleted] == 2);
  CHECK(second.is_written);
  CHECK(r.store.bookmarks.size() == 38);
  CHECK_FALSE(r.holds(3));
  CHECK(r.links.size() == 38);
  const RunSummary third = r.run();
  CHECK(third.ledger[Fate::deleted] == 0);
  CHECK_FALSE(third.is_written);
}

TEST_CASE("what the source has changed is changed in the sink", "[pipeline][mirror]") {
  MirrorRunner r(GENERATE(SinkKind::live, SinkKind::staged), 3);
  r.run();
  r.source[1].title = "Another title";
  CHECK(r.run().ledger[Fate::updated] == 1);
  CHECK(r.store.bookmarks[1].title == "Another title");
}

TEST_CASE("what was in the sink before stays, whether the source had it or not",
          "[pipeline][mirror]") {
  MirrorRunner r(GENERATE(SinkKind::live, SinkKind::staged), 30);
  r.store.bookmarks = {r.make.link(MirrorRunner::url(1), "A title"),
                       r.make.link("https://own.example/")};
  r.run();
  r.take_away(1);
  r.take_away(2);
  const RunSummary summary = r.run();
  CHECK(r.seen.fates == std::map<std::string, Fate>{{MirrorRunner::url(1), Fate::kept},
                                                    {MirrorRunner::url(2), Fate::deleted}});
  CHECK(r.holds(1));
  CHECK_FALSE(r.holds(2));
  CHECK(r.store.bookmarks.size() == 30);
  SECTION("and is not named again") { CHECK(r.run().ledger[Fate::kept] == 0); }
}

TEST_CASE("what was in the sink before goes with `delete: policy: matched`", "[pipeline][mirror]") {
  MirrorRunner r(SinkKind::live, 30);
  r.job.deletion.policy = DeletePolicy::matched;
  r.store.bookmarks = {r.make.link(MirrorRunner::url(1), "A title"),
                       r.make.link("https://own.example/")};
  r.run();
  r.take_away(1);
  CHECK(r.run().ledger[Fate::deleted] == 1);
  CHECK(r.store.bookmarks.size() == 30);
}

TEST_CASE("more deletions than the limits allow hold the whole run", "[pipeline][mirror]") {
  MirrorRunner r(GENERATE(SinkKind::live, SinkKind::staged), 100);
  r.run();
  for (int i = 0; i < 11; ++i) r.take_away(i);
  r.add(200);
  const RunSummary summary = r.run();
  CHECK_FALSE(summary.is_written);
  CHECK(r.store.bookmarks.size() == 100);
  CHECK_THAT(summary.blocked,
             Catch::Contains("11 of the 100 bookmarks") && Catch::Contains("the list of here") &&
                 Catch::Contains("at most 10") && Catch::Contains("--max-delete 11"));
  SECTION("until somebody lets them go") {
    r.options.max_delete = 11;
    CHECK(r.run().ledger[Fate::deleted] == 11);
    CHECK(r.store.bookmarks.size() == 90);
  }
  SECTION("and the number of the job counts where it is less than the part") {
    r.job.deletion.max = 3;
    CHECK_THAT(r.run().blocked, Catch::Contains("at most 3"));
  }
}

TEST_CASE("one bookmark may go, however few there are", "[pipeline][mirror]") {
  MirrorRunner r(SinkKind::live, 2);
  r.run();
  r.take_away(0);
  CHECK(r.run().ledger[Fate::deleted] == 1);
}

TEST_CASE("an empty list deletes nothing", "[pipeline][mirror]") {
  MirrorRunner r(SinkKind::live, 1);
  r.run();
  r.source.clear();
  const RunSummary summary = r.run();
  CHECK_THAT(summary.blocked, Catch::Contains("the list of here is empty"));
  CHECK(r.store.bookmarks.size() == 1);
}

TEST_CASE("a list that is cut off deletes nothing", "[pipeline][mirror]") {
  MirrorRunner r(SinkKind::live, 30);
  r.run();
  r.take_away(29);
  r.behaviour.is_cut_off = true;
  r.options.accept_partial = true;
  CHECK(r.run().ledger[Fate::kept] == 1);
  CHECK(r.holds(29));
  SECTION("and the next whole one does") {
    r.behaviour.is_cut_off = false;
    CHECK(r.run().ledger[Fate::deleted] == 1);
  }
}

TEST_CASE("a list with an entry that cannot be read deletes nothing", "[pipeline][mirror]") {
  MirrorRunner r(SinkKind::live, 30);
  r.run();
  r.take_away(29);
  r.behaviour.rejections = 1;
  CHECK(r.run().ledger[Fate::kept] == 1);
  CHECK(r.holds(29));
}

TEST_CASE("what the job's filter leaves out now is not deleted", "[pipeline][mirror]") {
  MirrorRunner r(GENERATE(SinkKind::live, SinkKind::staged), 30);
  r.run();
  r.job.filter.exclude.url = {"a.example/7$"};
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::deleted] == 0);
  CHECK(r.holds(7));
}

TEST_CASE("links of another identity are no evidence for a deletion", "[pipeline][mirror]") {
  MirrorRunner r(SinkKind::live, 30);
  r.run();
  r.take_away(4);
  r.links.set_evidence(false);
  CHECK(r.run().ledger[Fate::deleted] == 0);
  CHECK(r.holds(4));
  r.links.set_evidence(true);
  r.take_away(5);
  CHECK(r.run().ledger[Fate::deleted] == 1);
  CHECK(r.holds(4));
}

TEST_CASE("without a memory of earlier runs nothing is deleted", "[pipeline][mirror]") {
  MirrorRunner r(SinkKind::live, 30);
  r.run();
  r.take_away(4);
  LinkTable lost;
  r.options.memory.links = &lost;
  CHECK(r.run().ledger[Fate::deleted] == 0);
  CHECK(r.holds(4));
  CHECK(lost.size() == 29);
}

TEST_CASE("the source tells what was dropped from what is gone", "[pipeline][mirror]") {
  MirrorRunner r(SinkKind::live, 40);
  r.run();
  for (const int number : {1, 2, 3, 4}) r.take_away(number);
  r.behaviour.absences = {
      {"s1", Absence::removed}, {"s2", Absence::gone}, {"s3", Absence::present}};
  CHECK(r.run().ledger[Fate::deleted] == 2);
  CHECK(r.seen.fates == std::map<std::string, Fate>{{MirrorRunner::url(1), Fate::deleted},
                                                    {MirrorRunner::url(2), Fate::kept},
                                                    {MirrorRunner::url(3), Fate::kept},
                                                    {MirrorRunner::url(4), Fate::deleted}});
  CHECK(r.holds(2));
  CHECK(r.holds(3));
}

TEST_CASE("a quarantine archives or tags in place of deleting", "[pipeline][mirror]") {
  MirrorRunner r(GENERATE(SinkKind::live, SinkKind::staged), 30);
  r.job.deletion.quarantine = GENERATE(Quarantine::archive, Quarantine::tag);
  r.run();
  r.take_away(4);
  CHECK(r.run().ledger[Fate::quarantined] == 1);
  CHECK(r.store.bookmarks.size() == 30);
  const auto held = std::ranges::find(r.store.bookmarks, MirrorRunner::url(4), &Bookmark::url);
  REQUIRE(held != r.store.bookmarks.end());
  if (r.job.deletion.quarantine == Quarantine::archive) {
    CHECK(held->archived == Flag::yes);
  } else {
    CHECK(test::as_strings(held->tags) == std::vector<std::string>{"linkferry-removed"});
  }
  CHECK_FALSE(r.run().is_written);
}

TEST_CASE("what comes back to its source comes back out of quarantine, as much its own as before",
          "[pipeline][mirror]") {
  MirrorRunner r(GENERATE(SinkKind::live, SinkKind::staged), 30);
  r.job.deletion.quarantine = GENERATE(Quarantine::archive, Quarantine::tag);
  r.run();
  r.take_away(4);
  CHECK(r.run().ledger[Fate::quarantined] == 1);
  r.add(4);
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::updated] == 1);
  REQUIRE(summary.ledger.notices.size() == 1);
  CHECK_THAT(summary.ledger.notices.front().text, Catch::Contains("are back"));
  const auto held = std::ranges::find(r.store.bookmarks, MirrorRunner::url(4), &Bookmark::url);
  REQUIRE(held != r.store.bookmarks.end());
  CHECK(held->archived != Flag::yes);
  CHECK(held->tags.empty());
  CHECK_FALSE(r.run().is_written);
  r.take_away(4);
  CHECK(r.run().ledger[Fate::quarantined] == 1);
}

TEST_CASE("what comes back after it was deleted is created again, and named",
          "[pipeline][mirror]") {
  MirrorRunner r(SinkKind::live, 30);
  r.run();
  r.take_away(4);
  r.run();
  r.add(4);
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::created] == 1);
  CHECK(summary.ledger.notices.size() == 1);
  CHECK(r.run().ledger.notices.empty());
}

TEST_CASE("a dry run of a mirror shows what would go, and leaves it", "[pipeline][mirror]") {
  MirrorRunner r(GENERATE(SinkKind::live, SinkKind::staged), 30);
  r.run();
  r.take_away(4);
  const RunSummary summary = r.run(false);
  CHECK(summary.ledger[Fate::deleted] == 1);
  CHECK(r.store.bookmarks.size() == 30);
}

TEST_CASE("a mirror makes again what somebody has deleted in the sink", "[pipeline][mirror]") {
  MirrorRunner r(SinkKind::live, 30);
  r.run();
  r.store.bookmarks.erase(r.store.bookmarks.begin());
  CHECK(r.run().ledger[Fate::created] == 1);
  CHECK(r.store.bookmarks.size() == 30);
}

TEST_CASE("a copy never deletes, whatever it remembers", "[pipeline][mirror]") {
  MirrorRunner r(SinkKind::live, 30);
  r.job.mode = Mode::copy;
  r.run();
  r.take_away(4);
  CHECK(r.run().ledger[Fate::deleted] == 0);
  CHECK(r.holds(4));
  r.job.mode = Mode::mirror;
  SECTION("and a mirror after it knows what the copy has created") {
    CHECK(r.run().ledger[Fate::deleted] == 1);
  }
}
