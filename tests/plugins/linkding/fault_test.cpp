#include "linkding_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Requests = FakeLinkding::Kind;
using Strings = std::vector<std::string>;

namespace {

constexpr std::size_t many = 200;

/// Some hundred bookmarks of all kinds: dated and not, tagged, archived, with notes.
std::vector<Bookmark> records(BookmarkMaker& make) {
  std::vector<Bookmark> all;
  for (std::size_t i = 0; i < many; ++i) {
    const std::string number = std::to_string(i);
    Bookmark b = make.link("https://site.example/" + number, "Page " + number);
    const std::string tag = "tag" + std::to_string(i % 7);
    b.tags = make.texts({tag, "all"});
    if (i % 3 != 0)
      b.created_at = {1'600'000'000 + static_cast<std::int64_t>(i / 10), 0, Precision::second};
    if (i % 4 == 0) b.modified_at = {1'700'000'000, 0, Precision::second};
    b.archived = to_flag(i % 5 == 0);
    b.unread = b.shared = Flag::no;
    if (i % 6 == 0) b.notes = "notes";
    all.push_back(b);
  }
  return all;
}

/// A source over a list.
class List final : public Source {
 public:
  explicit List(std::vector<Bookmark> bookmarks) : bookmarks_(std::move(bookmarks)) {}
  ReadResult read(Batch& batch, std::size_t limit, std::stop_token) override {
    for (; next_ < bookmarks_.size() && batch.bookmarks.size() < limit; ++next_)
      batch.bookmarks.push_back(bookmarks_[next_]);
    return next_ < bookmarks_.size() ? ReadResult::more : ReadResult::end;
  }
  bool rewind() override {
    next_ = 0;
    return true;
  }

 private:
  std::vector<Bookmark> bookmarks_;
  std::size_t next_ = 0;
};

RunSummary run(LinkdingSetup& setup, BookmarkMaker& make) {
  std::vector<NamedSource> sources;
  sources.push_back({"list", std::make_unique<List>(records(make))});
  return run_into(setup, std::move(sources));
}

/// The content without what time and order decide.
std::map<std::string, std::string> content_of(LinkdingSetup& setup) {
  std::map<std::string, std::string> content;
  for (const LinkdingRow& row : setup.rows()) {
    std::string text = row.title + "|" + row.description + "|" + row.notes + "|";
    for (const std::string& tag : row.tags) text += tag + ",";
    text += row.is_archived ? "archived" : "";
    if (row.added % 1'000'000 == 0) text += std::to_string(row.added);
    CHECK(content.emplace(row.url, text).second);
  }
  return content;
}

}  // namespace

TEST_CASE("a run against faults ends as one without", "[linkding][faults]") {
  BookmarkMaker make;
  LinkdingSetup calm;
  const RunSummary wanted = run(calm, make);
  CHECK(wanted.ledger[Fate::created] == many);
  CHECK(calm.fake.writes() == many);

  const auto [name, options] = GENERATE(table<std::string, FakeLinkding::Options>({
      {"the answer to every fifth create is lost", {.lose_reply_of_create = 5}},
      {"a proxy answers 429", {.too_many_requests = 3}},
      {"lists are reset in their middle", {.reset_list = 2}},
      {"the database is locked on 20 % of writes",
       {.locked_percent = 20, .locked_update_percent = 20}},
      {"the answers to updates are lost, too",
       {.lose_reply_of_create = 4, .lose_reply_of_update = 2, .locked_percent = 20}},
      {"everything at once",
       {.lose_reply_of_create = 5,
        .too_many_requests = 7,
        .reset_list = 3,
        .locked_percent = 20,
        .locked_update_percent = 20}},
  }));
  INFO(name);
  for (const unsigned seed : {1u, 2u, 3u}) {
    LinkdingSetup stormy(options);
    stormy.fake.options().seed = seed;
    const RunSummary summary = run(stormy, make);
    CHECK(summary.ledger[Fate::created] == many);
    CHECK_FALSE(summary.has_failures);
    CHECK(content_of(stormy) == content_of(calm));
    stormy.fake.forget_counts();
    const RunSummary second = run(stormy, make);
    CHECK(second.ledger[Fate::unchanged] == many);
    CHECK(stormy.fake.writes() == 0);
  }
}

TEST_CASE("a create whose answer was lost is looked up and not sent again", "[linkding][faults]") {
  BookmarkMaker make;
  LinkdingSetup setup(FakeLinkding::Options{.lose_reply_of_create = 5});
  run(setup, make);
  CHECK(setup.fake.count(Requests::create) == many);
  CHECK(setup.fake.count(Requests::update) == 0);
  CHECK(setup.fake.count(Requests::check) == 0);
}

TEST_CASE("a locked database costs one repair a record", "[linkding][faults]") {
  BookmarkMaker make;
  LinkdingSetup setup(FakeLinkding::Options{.locked_percent = 20});
  run(setup, make);
  CHECK(setup.fake.count(Requests::create) == many);
  CHECK(setup.fake.count(Requests::update) > many / 10);
  CHECK(setup.fake.count(Requests::update) < many / 3);
}

TEST_CASE("a create that was not saved is sent again", "[linkding][faults]") {
  int posts = 0;
  LinkdingLibrary library;
  HttpServer server([&](const SeenRequest& request) -> Reply {
    if (request.path() == "/api/user/profile/") return Reply::json(R"({"version":"1.46.2"})");
    if (request.method == "GET") return Reply::json(R"({"count":0,"results":[]})");
    if (++posts < 3) {
      Reply lost;
      lost.fault = Fault::lost_reply;
      return lost;
    }
    return Reply::of(201, R"({"id":1,"url":"https://a.example/","title":"A","tag_names":[]})");
  });
  NetworkHost host;
  MapSettings settings{{"url", server.url()}};
  settings.set_secret("token", "secret-token");
  const auto sink = linkding::make_sink(settings, host);
  BookmarkMaker make;
  const Outcome outcome = create(*sink, make.link("https://a.example/", "A"), make.arena());
  INFO(outcome.reason);
  CHECK(outcome.result == Result::done);
  CHECK(posts == 3);
}

TEST_CASE("a server that fails every change ends the run after a few", "[linkding][faults]") {
  LinkdingSetup setup(FakeLinkding::Options{.locked_percent = 100, .locked_update_percent = 100});
  BookmarkMaker make;
  CHECK_THROWS_WITH(run(setup, make), Catch::Contains("500") && Catch::Contains("run again later"));
  CHECK(setup.fake.count(Requests::create) == 5);
}

TEST_CASE("a server that goes down in the middle fails what is left, and a later run does it",
          "[linkding][faults]") {
  LinkdingSetup setup;
  BookmarkMaker make;
  const auto sink = setup.sink();
  std::vector<Bookmark> held;
  for (const Bookmark& b : records(make)) held.push_back(sink->represent(b, make.arena()).bookmark);
  std::vector<Change> changes;
  for (const Bookmark& b : held) changes.push_back({Action::create, &b, nullptr, {}});
  std::vector<Outcome> outcomes(many);
  sink->write(std::span(changes).first(50), std::span(outcomes).first(50), {});
  setup.fake.options().locked_percent = setup.fake.options().locked_update_percent = 100;
  CHECK_THROWS_AS(sink->write(std::span(changes).subspan(50), std::span(outcomes).subspan(50), {}),
                  Failure);
  setup.fake.options() = FakeLinkding::Options();
  CHECK(run(setup, make).ledger[Fate::failed] == 0);
  CHECK(setup.rows().size() == many);
  for (const LinkdingRow& row : setup.rows()) CHECK(row.tags.size() == 2);
}

TEST_CASE("a token that is refused while writing ends the run", "[linkding][faults]") {
  LinkdingSetup setup;
  BookmarkMaker make;
  const auto sink = setup.sink();
  create(*sink, make.link("https://a.example/"), make.arena());
  setup.fake.options().token = "another";
  CHECK_THROWS_WITH(create(*sink, make.link("https://b.example/"), make.arena()),
                    Catch::Contains("401"));
}

TEST_CASE("a write that is redirected is an error that names the option", "[linkding][faults]") {
  HttpServer server([](const SeenRequest& request) -> Reply {
    if (request.method == "GET") return Reply::json(R"({"version":"1.46.2"})");
    return Reply::of(301, "").with("Location", "https://elsewhere.example/");
  });
  NetworkHost host;
  MapSettings settings{{"url", server.url()}};
  settings.set_secret("token", "secret-token");
  const auto sink = linkding::make_sink(settings, host);
  BookmarkMaker make;
  CHECK_THROWS_WITH(create(*sink, make.link("https://a.example/"), make.arena()),
                    Catch::Contains("Set url"));
}

TEST_CASE("the token is in no log, whatever goes wrong", "[linkding][faults][secrecy]") {
  LinkdingSetup setup(FakeLinkding::Options{
      .lose_reply_of_create = 3, .too_many_requests = 4, .reset_list = 2, .locked_percent = 30});
  BookmarkMaker make;
  const RunSummary summary = run(setup, make);
  CHECK_FALSE(setup.host.log_lines.empty());
  CHECK_FALSE(setup.host.has_logged(setup.fake.options().token));
  for (const std::string& problem : summary.problems)
    CHECK(problem.find(setup.fake.options().token) == std::string::npos);
}
