#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/list_endpoints.hpp"
#include "sync/base_table.hpp"
#include "sync/sync_run.hpp"

namespace linkferry::test {

/// What a report would tell of a sync.
struct SeenSync final : PlanObserver {
  struct Line {
    std::string fate, url, endpoint, reason;
    friend bool operator==(const Line&, const Line&) = default;
  };
  struct SeenConflict {
    Field field;
    ConflictPolicy resolved;
    std::string from, to;  ///< the titles of both sides
  };

  void on_change(const PlannedChange& change) override {
    lines.push_back({std::string(name_of(change.fate)),
                     change.bookmark != nullptr ? std::string(change.bookmark->url) : "",
                     std::string(change.endpoint), std::string(change.reason)});
    for (const Conflict& conflict : change.conflicts) {
      conflicts.push_back({conflict.field, conflict.resolved, std::string(conflict.sides[0]->title),
                           std::string(conflict.sides[1]->title)});
    }
  }

  std::vector<Line> lines;
  std::vector<SeenConflict> conflicts;
};

/// A sync of two lists, with what it remembers between runs. Both can hold notes.
struct SyncRunner {
  BookmarkMaker make;
  Job job;
  ListStore from;
  ListStore to;
  std::unique_ptr<LinkTable> links = std::make_unique<LinkTable>();
  std::unique_ptr<BaseTable> bases = std::make_unique<BaseTable>();
  RunOptions options;
  SeenSync seen;

  explicit SyncRunner(SinkKind from_kind = SinkKind::staged, SinkKind to_kind = SinkKind::live) {
    job.name = "both";
    job.from = {"here"};
    job.to = "there";
    job.mode = Mode::sync;
    job.deletion.policy = DeletePolicy::matched;
    from.kind = from_kind;
    to.kind = to_kind;
    from.has_notes = to.has_notes = true;
  }

  static std::string url(int number) { return "https://a.example/" + std::to_string(number); }

  /// Both hold `count` bookmarks, and remember it.
  void start_with(int count) {
    for (int i = 0; i < count; ++i) from.bookmarks.push_back(make.link(url(i), "A title"));
    run();
  }

  /// Null where it is not there.
  static Bookmark* find(ListStore& store, int number) {
    const auto found = std::ranges::find_if(
        store.bookmarks, [&](const Bookmark& bookmark) { return bookmark.url == url(number); });
    return found == store.bookmarks.end() ? nullptr : &*found;
  }
  static Bookmark& get(ListStore& store, int number) {
    Bookmark* const found = find(store, number);
    REQUIRE(found != nullptr);
    return *found;
  }
  static void take_away(ListStore& store, int number) {
    std::erase_if(store.bookmarks,
                  [&](const Bookmark& bookmark) { return bookmark.url == url(number); });
  }

  RunSummary run(bool may_write = true) {
    OpenSink open_from = open_list(from, may_write);
    OpenSink open_to = open_list(to, may_write);
    seen = {};
    options.memory.links = links.get();
    options.memory.bases = bases.get();
    const RunSummary summary = run_sync(job, open_from, open_to, seen, options);
    CHECK(summary.ledger.is_balanced());
    return summary;
  }

  /// Another run, which must find nothing to do.
  void check_is_settled() {
    const int writes = from.writes + to.writes;
    const RunSummary summary = run();
    CHECK_FALSE(summary.ledger.has_changes());
    CHECK(summary.ledger.conflicts == 0);
    CHECK(from.writes + to.writes == writes);
  }

  void lose_state() {
    links = std::make_unique<LinkTable>();
    bases = std::make_unique<BaseTable>();
  }
};

}  // namespace linkferry::test
