#include "bkmark_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Requests = FakeBkmark::Kind;

namespace {

std::vector<Bookmark> records(BookmarkMaker& make, std::size_t count) {
  std::vector<Bookmark> all;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    Bookmark b = make.link("https://site.example/" + number, "Page " + number);
    const std::string tag = "tag" + std::to_string(i % 7);
    b.tags = make.texts({tag, "all"});
    b.favorite = to_flag(i % 30 == 0);
    b.archived = to_flag(i % 50 == 0);
    b.unread = to_flag(i % 40 != 0);
    b.created_at = {1'500'000'000 + static_cast<std::int64_t>(i), 0, Precision::second};
    all.push_back(b);
  }
  return all;
}

/// So long that an import of 4 MiB takes some hundreds.
std::vector<Bookmark> long_records(BookmarkMaker& make, std::size_t count) {
  std::vector<Bookmark> all = records(make, count);
  const std::string text(12 * 1024, 'x');
  for (Bookmark& b : all) b.description = make.texts({text})[0];
  return all;
}

/// Lifetime: as `all`.
std::vector<Change> creates_of(const std::vector<Bookmark>& all) {
  std::vector<Change> changes;
  for (const Bookmark& b : all) changes.push_back({Action::create, &b, nullptr, {}});
  return changes;
}

/// A sink that has read its library and imports from two creates on.
struct Importing : BkmarkSetup {
  explicit Importing(const FakeBkmark::Options& faults = {}) : BkmarkSetup(faults) {
    options["import_from"] = "2";
  }
  Sink& open() {
    opened = sink();
    read_existing(*opened);
    return *opened;
  }

  std::unique_ptr<Sink> opened;
};

std::int64_t milliseconds_of(const Clock::Time& time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

}  // namespace

TEST_CASE("many new bookmarks are created by an import and one reading", "[bkmark][import]") {
  BkmarkSetup setup;
  const RunSummary summary = setup.run(records(setup.make, 512));
  CHECK(summary.ledger[Fate::created] == 512);
  CHECK_FALSE(summary.has_failures);
  CHECK(setup.library().active().size() == 512);
  CHECK(setup.fake.count(Requests::import) == 1);
  CHECK(setup.fake.writes() == 1);
  CHECK(setup.fake.requests() < 12);
  CHECK(setup.run(records(setup.make, 512)).ledger[Fate::unchanged] == 512);
}

TEST_CASE("what an import has made large is read back by an export, without a list before it",
          "[bkmark][import]") {
  BkmarkSetup setup;
  setup.options["export_from"] = "300";
  setup.options["import_from"] = "100";
  CHECK_FALSE(setup.run(records(setup.make, 400)).has_failures);
  CHECK(setup.fake.count(Requests::import) == 1);
  CHECK(setup.fake.count(Requests::exported) == 1);
  CHECK(setup.fake.count(Requests::list) == 2);  // of the empty library, and of its archive
}

TEST_CASE("a few are created one by one, and with never all are", "[bkmark][import]") {
  BkmarkSetup setup;
  std::size_t count = 100;
  if (GENERATE(true, false)) {
    setup.options["bulk_import"] = "never";
    count = 512;
  }
  setup.run(records(setup.make, count));
  CHECK(setup.fake.count(Requests::import) == 0);
  CHECK(setup.library().active().size() == count);
}

TEST_CASE("what an import leaves out is sent after it", "[bkmark][import][open]") {
  const bool keeps_flags = GENERATE(true, false);
  const bool keeps_tags = GENERATE(true, false);
  BkmarkSetup setup(
      FakeBkmark::Options{.import_keeps_flags = keeps_flags, .import_keeps_tags = keeps_tags});
  setup.options["import_from"] = "100";
  CHECK_FALSE(setup.run(records(setup.make, 200)).has_failures);
  CHECK(setup.fake.count(Requests::create) == 0);
  for (const BkmarkRow& row : setup.library().rows()) CHECK(row.tags.size() == 2);
  setup.fake.forget_counts();
  Job job;
  job.on_match = OnMatch::overwrite;
  CHECK(setup.run(records(setup.make, 200), job).ledger[Fate::unchanged] == 200);
  CHECK(setup.fake.writes() == 0);
}

TEST_CASE("an import keeps the dates of creation where Bkmark does", "[bkmark][import][open]") {
  const bool keeps_dates = GENERATE(true, false);
  BkmarkSetup setup(FakeBkmark::Options{.import_keeps_dates = keeps_dates});
  setup.options["bulk_import"] = "always";
  CHECK_FALSE(setup.run(records(setup.make, 20)).has_failures);
  CHECK(setup.fake.count(Requests::import) == 1);
  CHECK((setup.library().rows().front().created == 1'500'000'000'000) == keeps_dates);
  CHECK(setup.host.has_logged("does not keep dates") != keeps_dates);
  setup.fake.forget_counts();
  Job job;
  job.on_match = OnMatch::overwrite;
  CHECK(setup.run(records(setup.make, 20), job).ledger[Fate::unchanged] == 20);
  CHECK(setup.fake.writes() == 0);
}

TEST_CASE("after five imports an hour the rest is created one by one", "[bkmark][import]") {
  const bool names_wait = GENERATE(true, false);
  BkmarkSetup setup(FakeBkmark::Options{.import_names_wait = names_wait});
  setup.options["import_from"] = "50";
  setup.fake.options().clock = [&setup] { return milliseconds_of(setup.host.clock.now()); };
  const auto before = setup.host.clock.now();
  for (int part = 0; part < 7; ++part) {
    std::vector<Bookmark> all = records(setup.make, static_cast<std::size_t>(part + 1) * 60);
    CHECK_FALSE(setup.run(all).has_failures);
  }
  CHECK(setup.library().active().size() == 420);
  CHECK(setup.fake.count(Requests::create) == 120);
  // Each run has to find out anew.
  CHECK(setup.fake.count(Requests::import) == 7);
  CHECK(setup.host.clock.now() - before < std::chrono::minutes(1));
}

TEST_CASE("with always it waits for the next hour", "[bkmark][import]") {
  BkmarkSetup setup;
  setup.options["bulk_import"] = "always";
  setup.fake.options().clock = [&setup] { return milliseconds_of(setup.host.clock.now()); };
  const auto before = setup.host.clock.now();
  const RunSummary summary = setup.run(long_records(setup.make, 2200));
  CHECK_FALSE(summary.has_failures);
  CHECK(setup.library().active().size() == 2200);
  CHECK(setup.fake.count(Requests::create) == 0);
  CHECK(setup.fake.count(Requests::import) >= 7);
  CHECK(setup.host.clock.now() - before > std::chrono::minutes(55));
  // Five may go in each hour.
  CHECK(setup.host.clock.now() - before < std::chrono::minutes(65));
}

TEST_CASE("dates that are lost because nothing is imported are said", "[bkmark][import]") {
  BkmarkSetup setup;
  setup.options["bulk_import"] = "always";
  setup.fake.options().forbids = [](const SeenRequest& request) {
    return request.path().ends_with("/import");
  };
  CHECK_FALSE(setup.run(records(setup.make, 3)).has_failures);
  CHECK(setup.library().active().size() == 3);
  CHECK(setup.host.has_logged("does not keep dates of creation"));
}

TEST_CASE("the date of what has no address is lost, and the plan says so", "[bkmark][import]") {
  BkmarkSetup setup;
  setup.options["bulk_import"] = "always";
  Bookmark note = setup.make.link({}, "A note");
  note.url = {};
  note.kind = Kind::note;
  note.created_at = date("2020-01-02T03:04:05Z");
  const auto sink = setup.sink();
  const Representation held = sink->represent(note, setup.make.arena());
  CHECK_FALSE(held.bookmark.created_at.is_known());
  CHECK(std::any_of(held.losses.begin(), held.losses.end(),
                    [](const Loss& loss) { return loss.field == Field::created_at; }));
  create(*sink, note, setup.make.arena());
  const auto listing = setup.read(*setup.sink()->existing());
  CHECK_FALSE(listing.bookmarks().front()->created_at.is_known());
}

TEST_CASE("a run that may not wait so long goes on in the next hour", "[bkmark][import]") {
  BkmarkSetup setup;
  setup.options["bulk_import"] = "always";
  setup.fake.options().clock = [&setup] { return milliseconds_of(setup.host.clock.now()); };
  setup.host.deadline = setup.host.clock.now() + std::chrono::minutes(10);
  try {
    setup.run(long_records(setup.make, 2200));
    FAIL("it was done");
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::limit_reached);
  }
  CHECK(setup.fake.count(Requests::import) == 5);
  const std::size_t there = setup.library().active().size();
  CHECK(there > 1000);
  CHECK(there < 2200);
  setup.host.deadline.reset();
  setup.host.clock.advance(std::chrono::hours(1));
  const RunSummary rest = setup.run(long_records(setup.make, 2200));
  CHECK(rest.ledger[Fate::created] == 2200 - there);
  CHECK(setup.library().active().size() == 2200);
}

TEST_CASE("a first migration takes as few imports and readings as it can", "[bkmark][import]") {
  const auto [count, imports] =
      GENERATE(table<std::size_t, std::size_t>({{812, 1}, {10'000, 1}, {11'000, 2}}));
  BkmarkSetup setup;
  const RunSummary summary = setup.run(records(setup.make, count));
  CHECK(summary.ledger[Fate::created] == count);
  CHECK_FALSE(summary.has_failures);
  CHECK(setup.fake.count(Requests::import) == imports);
  CHECK(setup.fake.count(Requests::create) == 0);
  CHECK(setup.library().active().size() == count);
  // A page of the list holds 100; archived ones are read by themselves.
  CHECK(setup.fake.requests() <= imports * (count / 100 + 12) + 12);
}

TEST_CASE("creates come in large batches only while imports are of use", "[bkmark][import]") {
  BkmarkSetup setup;
  CHECK(setup.sink()->preferred_changes() == Sink::most_changes);
  setup.options["bulk_import"] = "never";
  CHECK(setup.sink()->preferred_changes() == Sink::usual_changes);
}

TEST_CASE("an import whose answer was lost is looked up and not sent again",
          "[bkmark][import][faults]") {
  const auto options =
      GENERATE(FakeBkmark::Options{.lose_reply_of_write = 1}, FakeBkmark::Options{.fail_before = 2},
               FakeBkmark::Options{.fail_after = 2}, FakeBkmark::Options{.cut_json = 3},
               FakeBkmark::Options{.login_page = 4});
  BkmarkSetup setup(options);
  setup.options["import_from"] = "100";
  CHECK_FALSE(setup.run(records(setup.make, 300)).has_failures);
  CHECK(setup.library().active().size() == 300);
}

TEST_CASE("what an import made that was answered by an error is linkferry's own",
          "[bkmark][import][faults]") {
  Importing setup(FakeBkmark::Options{.fail_after = 1});
  const std::vector<Bookmark> all = records(setup.make, 20);
  Sink& sink = setup.open();
  for (const Outcome& outcome : write(sink, creates_of(all))) CHECK(outcome.result == Result::done);
  CHECK(setup.fake.count(Requests::create) == 0);
  CHECK(setup.library().active().size() == 20);
}

TEST_CASE("what a person stored before an import stays the person's", "[bkmark][import]") {
  Importing setup;
  const std::vector<Bookmark> all = records(setup.make, 3);
  Sink& sink = setup.open();
  const std::string id = setup.add(std::string(all[1].url), "What a person calls it").id;
  const auto outcomes = write(sink, creates_of(all));
  CHECK(outcomes[0].result == Result::done);
  CHECK(outcomes[1].result == Result::already_so);
  CHECK(outcomes[2].result == Result::done);
  CHECK(setup.library().find(id)->title == "What a person calls it");
}

TEST_CASE("what a person stored while an import failed stays the person's",
          "[bkmark][import][faults]") {
  Importing setup(FakeBkmark::Options{.fail_before = 1});
  const std::vector<Bookmark> all = records(setup.make, 2);
  Sink& sink = setup.open();
  const std::string id = setup.add(std::string(all[0].url), "What a person calls it").id;
  const auto outcomes = write(sink, creates_of(all));
  CHECK(outcomes[0].result != Result::done);
  CHECK(setup.library().find(id)->title == "What a person calls it");
  CHECK(outcomes[1].result == Result::failed);
}

TEST_CASE("a server that fails each import is not asked for more of them",
          "[bkmark][import][faults]") {
  Importing setup(FakeBkmark::Options{.fail_before = 1});
  const bool is_always = GENERATE(false, true);
  if (is_always) setup.options["bulk_import"] = "always";
  const std::vector<Bookmark> all = long_records(setup.make, 900);
  Sink& sink = setup.open();
  CHECK_THROWS_WITH(write(sink, creates_of(all)), Catch::Contains("run again later"));
  const auto imports = std::ranges::count_if(setup.fake.server().requests(), [](const auto& seen) {
    return seen.path().ends_with("/import");
  });
  CHECK(imports == 2);
}

TEST_CASE("an import leaves what is in trash and what has no address to others",
          "[bkmark][import]") {
  BkmarkSetup setup;
  setup.options["import_from"] = "10";
  BkmarkRow trashed;
  trashed.url = "https://site.example/3";
  trashed.is_in_trash = true;
  const std::string id = setup.library().add(trashed).id;
  std::vector<Bookmark> all = records(setup.make, 20);
  all[5].url = {};
  all[5].kind = Kind::note;
  CHECK_FALSE(setup.run(all).has_failures);
  CHECK(setup.library().rows().size() == 20);
  CHECK_FALSE(setup.library().find(id)->is_in_trash);
  CHECK(setup.fake.count(Requests::create) == 1);
  CHECK(setup.fake.count(Requests::restore) == 1);
}
