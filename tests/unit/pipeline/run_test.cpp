#include "pipeline/run.hpp"

#include <random>

#include "pipeline/compare.hpp"
#include "support/catch.hpp"
#include "support/list_endpoints.hpp"

using namespace linkferry;
using linkferry::test::as_strings;
using linkferry::test::ListSource;
using linkferry::test::ListStore;

namespace {

class NoObserver final : public PlanObserver {
 public:
  void on_change(const PlannedChange& change) override {
    if (change.fate == Fate::created || change.fate == Fate::updated)
      parents.push_back(change.parents.size());
    if (is_present(change.reason)) reasons.emplace_back(change.reason);
  }
  void on_planned(const RunSummary&) override { ++planned; }

  std::vector<std::size_t> parents;
  std::vector<std::string> reasons;
  int planned = 0;
};

/// One job from lists to a list.
struct Runner {
  test::BookmarkMaker make;
  Job job;
  ListStore store;
  NoObserver observer;
  RunOptions options;
  ListSource::Behaviour behaviour;
  std::vector<std::vector<Bookmark>> sources;
  std::vector<PlacedFolder> folders;  ///< of the first source

  Runner() { job.name = "test"; }

  RunSummary run(bool may_write = true) {
    std::vector<NamedSource> named;
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const auto placed = i == 0 ? folders : std::vector<PlacedFolder>{};
      named.push_back({"source" + std::to_string(i),
                       std::make_unique<ListSource>(sources[i], placed, behaviour)});
    }
    OpenSink sink = test::open_list(store, may_write);
    observer = {};
    const RunSummary summary = run_job(job, named, sink, observer, options);
    CHECK(summary.ledger.is_balanced());
    return summary;
  }
  std::vector<std::string> urls() const {
    std::vector<std::string> all;
    for (const Bookmark& b : store.bookmarks) all.emplace_back(b.url);
    return all;
  }
};

using Urls = std::vector<std::string>;

}  // namespace

TEST_CASE("a copy writes every bookmark once, and a second run finds nothing to do",
          "[pipeline][run]") {
  Runner r;
  r.store.kind = GENERATE(SinkKind::staged, SinkKind::live);
  r.behaviour.can_rewind = GENERATE(true, false);
  r.behaviour.batch_size = GENERATE(1u, 3u, 100u);
  r.sources = {{r.make.link("https://a.example/"), r.make.link("https://b.example/", "B"),
                r.make.link("https://c.example/")}};
  const RunSummary first = r.run();
  CHECK(first.ledger.read == 3);
  CHECK(first.ledger[Fate::created] == 3);
  CHECK(first.is_written);
  CHECK(r.urls() == Urls{"https://a.example/", "https://b.example/", "https://c.example/"});
  const int commits = r.store.commits;
  const RunSummary second = r.run();
  CHECK(second.ledger[Fate::unchanged] == 3);
  CHECK_FALSE(second.is_written);
  CHECK(r.store.commits == commits);
}

TEST_CASE("a dry run shows the plan and writes nothing", "[pipeline][run]") {
  Runner r;
  r.store.kind = GENERATE(SinkKind::staged, SinkKind::live);
  r.sources = {{r.make.link("https://a.example/")}};
  const RunSummary summary = r.run(false);
  CHECK(summary.is_dry_run);
  CHECK(summary.ledger[Fate::created] == 1);
  CHECK(r.observer.planned == 1);
  CHECK(r.store.bookmarks.empty());
  CHECK(r.store.writes == 0);
}

TEST_CASE("duplicates in disguise merge at the place of the first, however late they come",
          "[pipeline][run]") {
  Runner r;
  r.behaviour.can_skim = GENERATE(false, true);
  r.store.kind = GENERATE(SinkKind::staged, SinkKind::live);
  r.behaviour.can_rewind = GENERATE(true, false);
  Bookmark first = r.make.link("http://A.example", "First");
  Bookmark late = r.make.link("https://a.example/?utm_source=x", "Late");
  first.tags = r.make.texts({"one"});
  late.tags = r.make.texts({"two"});
  r.sources = {{first, r.make.link("https://b.example/"), r.make.link("https://c.example/")},
               {r.make.link("https://d.example/"), late}};
  const RunSummary summary = r.run();
  CHECK(summary.ledger.read == 5);
  CHECK(summary.ledger[Fate::created] == 4);
  CHECK(summary.ledger[Fate::merged] == 1);
  CHECK(r.urls() ==
        Urls{"http://A.example", "https://b.example/", "https://c.example/", "https://d.example/"});
  CHECK(as_strings(r.store.bookmarks[0].tags) == Urls{"one", "two"});
  CHECK(r.observer.parents == std::vector<std::size_t>{2, 1, 1, 1});
  CHECK(r.run().ledger[Fate::unchanged] == 4);
}

TEST_CASE("a record that the sink holds in two folders is one bookmark there", "[pipeline][run]") {
  Runner r;
  Bookmark a = r.make.link("https://a.example/", "A");
  Bookmark b = a;
  a.folders = r.make.folders({{"X"}});
  b.folders = r.make.folders({{"Y"}});
  r.store.bookmarks = {a, b};
  r.sources = {{a, b}};
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::unchanged] == 1);
  CHECK(summary.ledger[Fate::merged] == 1);
  CHECK_FALSE(summary.is_written);
}

TEST_CASE("what the sink held stays, in its place, when something is added", "[pipeline][run]") {
  Runner r;
  r.store.bookmarks = {r.make.link("https://mine.example/", "Mine"),
                       r.make.link("not a url at all"), r.make.link("")};
  r.sources = {{r.make.link("https://new.example/"), r.make.link("http://mine.example")}};
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::created] == 1);
  CHECK(summary.ledger[Fate::unchanged] == 1);
  CHECK(r.urls() == Urls{"https://mine.example/", "not a url at all", "", "https://new.example/"});
}

TEST_CASE("fill completes what the sink holds, and then there is nothing to do",
          "[pipeline][run]") {
  Runner r;
  r.store.kind = GENERATE(SinkKind::staged, SinkKind::live);
  r.store.bookmarks = {r.make.link("https://x.example/"), r.make.link("https://a.example/", "Mine"),
                       r.make.link("https://y.example/")};
  Bookmark wanted = r.make.link("https://a.example/", "Theirs");
  wanted.description = "filled in";
  r.sources = {{wanted}};
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::updated] == 1);
  CHECK(r.store.bookmarks.size() == 3);
  CHECK(r.store.bookmarks[1].title == "Mine");
  CHECK(r.store.bookmarks[1].description == "filled in");
  const RunSummary second = r.run();
  CHECK(second.ledger[Fate::unchanged] == 1);
  CHECK_FALSE(second.is_written);
}

TEST_CASE("an update of a record that the sink holds twice leaves one, with both folders",
          "[pipeline][run]") {
  Runner r;
  Bookmark a = r.make.link("https://a.example/");
  Bookmark b = a;
  a.folders = r.make.folders({{"X"}});
  b.folders = r.make.folders({{"Y"}});
  r.store.bookmarks = {a, r.make.link("https://m.example/"), b};
  r.sources = {{r.make.link("https://a.example/", "Title")}};
  r.run();
  REQUIRE(r.urls() == Urls{"https://a.example/", "https://m.example/"});
  CHECK(r.store.bookmarks[0].title == "Title");
  CHECK(as_strings(r.store.bookmarks[0].folders) == std::vector<Urls>{{"X"}, {"Y"}});
}

TEST_CASE("a record without a usable URL is skipped with a reason, and the run goes on",
          "[pipeline][run]") {
  Runner r;
  Bookmark note;
  note.kind = Kind::note;
  note.title = "a note";
  r.sources = {{r.make.link({}), r.make.link(""), r.make.link("https://a\x01.example/"),
                r.make.link(std::string(70'000, 'a')), r.make.link("b0rked"), note}};
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::skipped] == 4);
  CHECK(summary.ledger[Fate::created] == 2);
  CHECK_FALSE(summary.has_failures);
  CHECK(r.observer.reasons == Urls{"it has no URL", "its URL is empty",
                                   "its URL has control characters in it",
                                   "its URL is longer than 64 KiB"});
}

TEST_CASE("a record that the sink refuses is a failure of that record alone", "[pipeline][run]") {
  Runner r;
  r.store.refuses = "https://b.example/";
  r.sources = {{r.make.link("https://a.example/"), r.make.link("https://b.example/")}};
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::failed] == 1);
  CHECK(summary.ledger[Fate::created] == 1);
  CHECK(summary.has_failures);
}

TEST_CASE("a record that the sink rejects at the write moves from created to failed in the books",
          "[pipeline][run]") {
  Runner r;
  r.store.kind = GENERATE(SinkKind::staged, SinkKind::live);
  r.store.rejects = "https://b.example/";
  r.sources = {{r.make.link("https://a.example/"), r.make.link("https://b.example/")}};
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::failed] == 1);
  CHECK(summary.ledger[Fate::created] == 1);
  CHECK(summary.has_failures);
  CHECK(summary.problems == Urls{"https://b.example/ was rejected: the list rejects it"});
}

TEST_CASE("nothing is written from an input that is cut off, unless that is accepted",
          "[pipeline][run]") {
  Runner r;
  r.store.kind = GENERATE(SinkKind::staged, SinkKind::live);
  r.behaviour.is_cut_off = true;
  r.sources = {{r.make.link("https://a.example/")}};
  const RunSummary held = r.run();
  CHECK_THAT(held.blocked, Catch::Contains("source0: the file ends inside a tag, in line 9"));
  CHECK_FALSE(held.is_written);
  CHECK(r.store.bookmarks.empty());
  r.options.accept_partial = true;
  const RunSummary accepted = r.run();
  CHECK(accepted.blocked.empty());
  CHECK(r.store.bookmarks.size() == 1);
}

TEST_CASE("entries of the sink that cannot be read are not rewritten away, unless that is accepted",
          "[pipeline][run]") {
  Runner r;
  r.store.bookmarks = {r.make.link("https://mine.example/")};
  r.store.existing.rejections = 2;
  r.sources = {{r.make.link("https://new.example/")}};
  const RunSummary held = r.run();
  CHECK_THAT(held.blocked, Catch::Contains("2 entries") && Catch::Contains("line 7"));
  CHECK(r.store.commits == 0);
  r.options.accept_partial = true;
  CHECK(r.run().is_written);
}

TEST_CASE("folder facts that rewriting the sink would lose are named", "[pipeline][run]") {
  Runner r;
  r.store.has_folders = false;
  Folder folder;
  folder.path = r.make.texts({"A"});
  r.store.bookmarks = {r.make.link("https://mine.example/")};
  r.store.folders = {{folder, 0}};
  r.sources = {{r.make.link("https://new.example/")}};
  const Ledger ledger = r.run().ledger;
  REQUIRE(ledger.losses.size() == 1);
  CHECK_THAT(ledger.losses[0].reason, Catch::Contains("in what the sink holds already"));
}

TEST_CASE("another record of the sink with the same key stays as it is when the first is updated",
          "[pipeline][run]") {
  Runner r;
  r.job.on_match = GENERATE(OnMatch::fill, OnMatch::merge, OnMatch::overwrite);
  r.store.bookmarks = {r.make.link("http://a.example/", "T1"),
                       r.make.link("https://A.example", "T2")};
  Bookmark wanted = r.make.link("https://a.example/");
  wanted.description = "new";
  r.sources = {{wanted}};
  CHECK(r.run().ledger[Fate::updated] == 1);
  CHECK(r.urls() == Urls{"http://a.example/", "https://A.example"});
  CHECK(r.store.bookmarks[0].description == "new");
  CHECK(r.store.bookmarks[1].title == "T2");
  CHECK_FALSE(r.run().is_written);
}

TEST_CASE("records that the sink would merge by its own key are merged before the write",
          "[pipeline][run]") {
  Runner r;
  r.behaviour.can_skim = GENERATE(false, true);
  r.store.kind = SinkKind::live;
  r.store.unique_key = [](Text url, Arena& arena) {
    return arena.copy(url.substr(0, url.find('#')));
  };
  r.sources = {{r.make.link("https://a.example/x#!/1", "One"), r.make.link("https://b.example/"),
                r.make.link("https://a.example/x#!/2", "Two")}};
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::created] == 2);
  CHECK(summary.ledger[Fate::merged] == 1);
  CHECK(r.run().ledger[Fate::unchanged] == 2);
}

TEST_CASE("two firsts that a third record ties together become one", "[pipeline][run]") {
  Runner r;
  r.behaviour.can_skim = GENERATE(false, true);
  r.store.kind = SinkKind::live;
  // The sink's key is the last path segment; the third record shares its match key with the first
  // and its key with the second.
  r.store.unique_key = [](Text url, Arena& arena) {
    const Text last = url.substr(url.rfind('/') + 1);
    return arena.copy(last.substr(0, last.find('?')));
  };
  r.sources = {{r.make.link("https://a.example/x/one", "1"),
                r.make.link("https://b.example/two", "2"),
                r.make.link("https://c.example/three", "3"),
                r.make.link("https://a.example/x/../x/one/two", "not the same"),
                r.make.link("https://b.example/two?utm_source=1", "2b")}};
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::created] == 3);
  CHECK(summary.ledger[Fate::merged] == 2);
  CHECK(r.run().ledger[Fate::unchanged] == 3);
}

TEST_CASE("on_match: skip never touches what is there", "[pipeline][run]") {
  Runner r;
  r.job.on_match = OnMatch::skip;
  r.store.bookmarks = {r.make.link("https://a.example/")};
  r.sources = {{r.make.link("https://a.example/", "Title")}};
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::unchanged] == 1);
  CHECK(r.store.writes == 0);
}

TEST_CASE("losses are counted by field and reason with the first record as example",
          "[pipeline][run]") {
  Runner r;
  Bookmark a = r.make.link("https://a.example/");
  Bookmark b = r.make.link("https://b.example/");
  a.notes = "n";
  b.notes = "n";
  r.sources = {{a, b}};
  const Ledger ledger = r.run().ledger;
  REQUIRE(ledger.losses.size() == 1);
  CHECK(ledger.losses[0].records == 2);
  CHECK(ledger.losses[0].example == "https://a.example/");
  CHECK(ledger.losses[0].reason == "a list has no notes");
}

TEST_CASE("folder records and separators are carried once", "[pipeline][run]") {
  Runner r;
  Folder folder;
  folder.path = r.make.texts({"Empty"});
  Folder separator;
  separator.type = Folder::Type::separator;
  separator.path = folder.path;
  r.sources = {{r.make.link("https://a.example/")}};
  r.folders = {{folder, 0}, {separator, 0}, {folder, 1}};
  const RunSummary first = r.run();
  CHECK(first.ledger.folders_created == 2);
  CHECK(r.store.folders.size() == 2);
  const RunSummary second = r.run();
  CHECK(second.ledger.folders_created == 0);
  CHECK_FALSE(second.is_written);
}

TEST_CASE("with a filter, a folder's record comes with the first bookmark in it that passes",
          "[pipeline][run]") {
  Runner r;
  r.job.filter.exclude.url = {"left-out"};
  Bookmark kept = r.make.link("https://kept.example/");
  Bookmark left_out = r.make.link("https://left-out.example/");
  kept.folders = r.make.folders({{"A", "B"}});
  left_out.folders = r.make.folders({{"C"}});
  r.sources = {{left_out, kept, r.make.link("https://more.example/")}};
  std::vector<Folder> records(3);
  records[0].path = r.make.texts({"A"});
  records[1].path = r.make.texts({"A", "B"});
  records[2].path = r.make.texts({"C"});
  r.folders = {{records[0], 0}, {records[1], 0}, {records[2], 0}};
  const RunSummary summary = r.run();
  CHECK(summary.ledger.folders_created == 2);
  REQUIRE(r.store.folders.size() == 2);
  CHECK(as_strings(r.store.folders[0].folder.path) == Urls{"A"});
  CHECK(as_strings(r.store.folders[1].folder.path) == Urls{"A", "B"});
  CHECK_FALSE(r.run().is_written);
}

TEST_CASE("what is skimmed in the first reading comes out as what is read", "[pipeline][run]") {
  const auto content = [](bool can_skim) {
    Runner r;
    r.behaviour.can_skim = can_skim;
    const auto seconds = [&r](std::string_view url, std::string_view title) {
      Bookmark b = r.make.link(url, title);
      b.created_at = {1'700'000'000, 0, Precision::second};
      return b;
    };
    Bookmark note = r.make.link("", "A note");
    note.kind = Kind::note;
    Bookmark late = seconds("https://a.example/#top", "Late\x01 one");
    late.tags = r.make.texts({"x\x02y"});
    late.description = "the longer text";
    r.sources = {{seconds("https://a.example", "First"), note, seconds("https://b.example", "B")},
                 {late, note, seconds("relative", "R")}};
    const RunSummary summary = r.run();
    CHECK(summary.ledger[Fate::merged] == 2);
    CHECK(summary.ledger[Fate::created] == 4);
    std::string all;
    for (const Bookmark& b : r.store.bookmarks) {
      all.append(b.url).append("|").append(b.title).append("|").append(b.description);
      for (const Text tag : b.tags) all.append("#").append(tag);
      all.append("\n");
    }
    return all;
  };
  const std::string read = content(false);
  CHECK(content(true) == read);
  CHECK(read.find("https://a.example|First|the longer text#xy\n") == 0);
}

TEST_CASE("a file full of one URL merges into one bookmark with all its tags", "[pipeline][run]") {
  Runner r;
  r.behaviour.can_skim = GENERATE(false, true);
  r.behaviour.batch_size = 500;
  std::vector<Bookmark> all;
  for (int i = 0; i < 5000; ++i) {
    Bookmark b = r.make.link("https://a.example/", "A");
    const std::string tag = "tag" + std::to_string(i % 3000);
    b.tags = r.make.texts({tag});
    all.push_back(b);
  }
  r.sources = {all};
  const RunSummary summary = r.run();
  CHECK(summary.ledger[Fate::created] == 1);
  CHECK(summary.ledger[Fate::merged] == 4999);
  CHECK(r.store.bookmarks[0].tags.size() == 3000);
  CHECK(r.observer.parents == std::vector<std::size_t>{5000});
}

TEST_CASE("a stop request ends the run as interrupted, with nothing written", "[pipeline][run]") {
  Runner r;
  r.sources = {{r.make.link("https://a.example/")}};
  std::stop_source stop;
  stop.request_stop();
  r.options.stop = stop.get_token();
  try {
    r.run();
    FAIL("the run went on");
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::interrupted);
  }
  CHECK(r.store.bookmarks.empty());
}

TEST_CASE("what a random run leaves in the sink, a second one finds unchanged",
          "[pipeline][run][property]") {
  const auto seed = GENERATE(take(20, random(1u, 1'000'000u)));
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Runner r;
  r.behaviour.can_skim = GENERATE(false, true);
  r.store.kind = random() % 2 == 0 ? SinkKind::staged : SinkKind::live;
  r.store.has_folders = random() % 2 == 0;
  r.job.on_match = static_cast<OnMatch>(random() % 5);
  r.behaviour = {1 + random() % 7, random() % 2 == 0, false};
  const auto any_bookmark = [&] {
    Bookmark b = r.make.link("https://" + std::string(1, static_cast<char>('a' + random() % 12)) +
                             ".example" + (random() % 2 ? "/" : ""));
    if (random() % 2) b.title = r.make.arena().copy("title " + std::to_string(random() % 5));
    if (random() % 3 == 0) b.notes = r.make.arena().copy("note " + std::to_string(random() % 5));
    if (random() % 2)
      b.tags = r.make.texts({std::string(1, static_cast<char>('p' + random() % 4))});
    if (random() % 2)
      b.folders = r.make.folders({{std::string(1, static_cast<char>('F' + random() % 3))}});
    if (random() % 4 == 0)
      b.created_at = {static_cast<std::int64_t>(random() % 1'000'000'000), 0, Precision::second};
    return b;
  };
  for (int i = 0; i < 3; ++i) {
    auto& source = r.sources.emplace_back();
    for (std::size_t n = random() % 10; n > 0; --n) source.push_back(any_bookmark());
  }
  if (random() % 2)
    r.store.bookmarks = {any_bookmark(), any_bookmark(), any_bookmark(), any_bookmark()};
  r.run();
  const std::vector<Bookmark> after_first = r.store.bookmarks;
  const RunSummary second = r.run();
  CHECK_FALSE(second.ledger.has_changes());
  CHECK_FALSE(second.is_written);
  REQUIRE(r.store.bookmarks.size() == after_first.size());
  for (std::size_t i = 0; i < after_first.size(); ++i)
    CHECK(differing_fields(r.store.bookmarks[i], after_first[i]).empty());
}

TEST_CASE("what the source does not know stays, also where the sink makes a no of it",
          "[pipeline][run]") {
  Runner r;
  r.store.kind = GENERATE(SinkKind::staged, SinkKind::live);
  r.store.fills_flags = true;
  r.job.on_match = OnMatch::overwrite;
  r.store.bookmarks = {r.make.link("https://a.example/", "A")};
  r.store.bookmarks[0].unread = Flag::yes;
  r.sources = {{r.make.link("https://a.example/", "A")}};
  CHECK(r.run().ledger[Fate::unchanged] == 1);
  r.sources[0][0].unread = Flag::no;
  CHECK(r.run().ledger[Fate::updated] == 1);
  CHECK(r.store.bookmarks[0].unread == Flag::no);
}
