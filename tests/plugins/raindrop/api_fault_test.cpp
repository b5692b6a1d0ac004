#include <algorithm>

#include "api_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

constexpr std::size_t many = 450;

/// Some hundred bookmarks of all kinds: dated and not, tagged, in folders, with highlights.
std::vector<Bookmark> records(BookmarkMaker& make) {
  static const Highlight highlights[] = {{"Quoted", "why", "blue", {}}, {"Plain", {}, "red", {}}};
  std::vector<Bookmark> all;
  for (std::size_t i = 0; i < many; ++i) {
    const std::string number = std::to_string(i);
    Bookmark b = make.link("https://site.example/" + number, "Page " + number);
    const std::string tag = "tag" + std::to_string(i % 7);
    b.tags = make.texts({tag, "all"});
    if (i % 3 != 0)
      b.created_at = {1'600'000'000 + static_cast<std::int64_t>(i / 10), 0, Precision::second};
    if (i % 4 == 0) b.folders = make.folders({{"Shelf", "Box " + std::to_string(i % 3)}});
    if (i % 5 == 0) b.favorite = Flag::yes;
    if (i % 6 == 0) b.notes = "notes";
    if (i % 9 == 0) b.highlights = highlights;
    all.push_back(b);
  }
  return all;
}

RunSummary run(RaindropSetup& setup, BookmarkMaker& make) {
  return run_into(setup, std::make_unique<ListSource>(records(make)));
}

/// Runs until nothing is left to do, as a person would; the failures of a run are temporary.
int run_to_the_end(RaindropSetup& setup, BookmarkMaker& make) {
  for (int attempt = 1; attempt < 20; ++attempt) {
    try {
      if (!run(setup, make).has_failures) return attempt;
    } catch (const Failure& failure) {
      INFO(failure.what());
      CHECK((failure.kind() == FailureKind::temporary || failure.kind() == FailureKind::failed));
    }
  }
  return 20;
}

/// The content without what time and order decide.
Strings content_of(RaindropSetup& setup) {
  Strings content;
  for (const auto& [id, row] : setup.account().rows()) {
    std::string text = row.link + "|" + row.title + "|" + row.note + "|";
    for (const std::string& tag : row.tags) text += tag + ",";
    for (const auto& highlight : row.highlights)
      text += "|" + highlight.text + "/" + highlight.note + "/" + highlight.color;
    if (row.is_important) text += "|important";
    if (row.created % 1000 == 0) text += "|" + std::to_string(row.created);
    for (auto at = row.collection; at > 0; at = setup.account().collections()[at].parent)
      text += "|" + setup.account().collections()[at].title;
    content.push_back(text);
  }
  std::ranges::sort(content);
  return content;
}

}  // namespace

TEST_CASE("runs against faults end as one without", "[raindrop][api][faults]") {
  BookmarkMaker make;
  RaindropSetup calm;
  CHECK(run(calm, make).ledger[Fate::created] == many);
  using Faults = FakeRaindrop::Faults;
  const auto [name, faults] = GENERATE(table<std::string, Faults>({
      {"answers are lost", Faults{.lost = 3}},
      {"answers are lost more often", Faults{.lost = 2}},
      {"the service is asked too often", Faults{.too_many = 3}},
      {"the service fails before it has done anything", Faults{.error_before = 3}},
      {"the service fails after it has done it", Faults{.error_after = 3}},
      {"a page comes in place of an answer", Faults{.html_before = 4}},
      {"a page comes after it was done", Faults{.html_after = 3}},
      {"JSON is cut off", Faults{.cut_json = 3}},
      {"answers break off", Faults{.reset = 3}},
      {"the service says no with status 200", Faults{.refused = 7}},
      {"everything at once",
       Faults{.too_many = 5, .error_after = 7, .html_after = 11, .cut_json = 13, .lost = 9}},
  }));
  INFO(name);
  RaindropSetup stormy(faults);
  CHECK(run_to_the_end(stormy, make) < 20);
  CHECK(content_of(stormy) == content_of(calm));
  CHECK(stormy.account().collections().size() == calm.account().collections().size());
  CHECK(stormy.fake.calls_on_all() == 0);
  stormy.fake.options().faults = {};
  stormy.fake.forget_counts();
  CHECK(run(stormy, make).ledger[Fate::unchanged] == many);
  CHECK(stormy.fake.writes() == 0);
}

TEST_CASE("a single run gets through lost answers", "[raindrop][api][faults]") {
  BookmarkMaker make;
  RaindropSetup setup(FakeRaindrop::Faults{.lost = 5});
  const RunSummary summary = run(setup, make);
  CHECK(summary.ledger[Fate::created] == many);
  CHECK_FALSE(summary.has_failures);
  CHECK(setup.account().rows().size() == many);
}

TEST_CASE("a lost answer makes no second one where the service stores another form of an address",
          "[raindrop][api][faults]") {
  RaindropSetup setup(FakeRaindrop::Faults{.lost = 2});
  setup.account().rewrites_links = true;
  BookmarkMaker make;
  std::vector<Bookmark> all;
  for (int i = 0; i < 120; ++i)
    all.push_back(make.link("http://site.example/" + std::to_string(i), "Page"));
  const auto outcomes = write(*setup.sink(), Action::create, all, make.arena());
  for (const Outcome& outcome : outcomes) CHECK(outcome.result == Result::done);
  CHECK(setup.account().rows().size() == 120);
}

TEST_CASE("highlights are there once when the answer to an update is lost",
          "[raindrop][api][faults]") {
  RaindropSetup setup;
  const RaindropRow& row = setup.account().create(fields_of("https://a.example/"));
  BookmarkMaker make;
  Bookmark b = make.link("https://a.example/");
  const Highlight highlights[] = {{"Quoted", "why", "blue", {}}};
  b.highlights = highlights;
  setup.fake.options().faults = {.lost = 2};
  const auto outcomes =
      write(*setup.sink(), Action::update, {b}, make.arena(), {std::to_string(row.id)});
  CHECK(outcomes.front().result == Result::done);
  CHECK(row.highlights.size() == 1);
}

TEST_CASE("a service that fails every call ends the run after a few", "[raindrop][api][faults]") {
  RaindropSetup setup;
  BookmarkMaker make;
  const auto sink = setup.sink();
  setup.fake.options().faults = {.error_before = 1};
  std::vector<Bookmark> all = records(make);
  all.insert(all.end(), all.begin(), all.end());
  CHECK_THROWS_WITH(write(*sink, Action::create, all, make.arena()),
                    Catch::Contains("503") && Catch::Contains("run again later"));
}

TEST_CASE("a token that is refused while writing ends the run", "[raindrop][api][faults]") {
  RaindropSetup setup;
  BookmarkMaker make;
  const auto sink = setup.sink();
  setup.fake.options().token = "another";
  CHECK_THROWS_WITH(write(*sink, Action::create, {make.link("https://a.example/")}, make.arena()),
                    Catch::Contains("401"));
}

TEST_CASE("the token is in no log, whatever goes wrong", "[raindrop][api][faults][secrecy]") {
  RaindropSetup setup(FakeRaindrop::Faults{
      .too_many = 5, .error_after = 7, .html_after = 11, .cut_json = 13, .lost = 9});
  BookmarkMaker make;
  run_to_the_end(setup, make);
  CHECK_FALSE(setup.host.log_lines.empty());
  CHECK_FALSE(setup.host.has_logged(setup.fake.options().token));
}

TEST_CASE("no more than 120 requests go out in a minute, evenly", "[raindrop][api][rate]") {
  RaindropSetup setup;
  setup.fill(50 * 240);
  setup.read();
  const auto requests = static_cast<std::int64_t>(setup.fake.requests());
  CHECK(requests == 245);
  // Two a second, but for the few that go at once.
  const auto waited = setup.host.clock.waited();
  CHECK(waited >= std::chrono::milliseconds(500 * (requests - 7)));
  CHECK(waited <= std::chrono::milliseconds(525 * requests));
  for (const auto wait : setup.host.clock.waits()) CHECK(wait <= std::chrono::milliseconds(525));
}
