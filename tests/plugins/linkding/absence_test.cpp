#include "linkding_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Absences = std::vector<Absence>;

namespace {

Absences look_up(Source& source, const std::vector<std::string>& ids, std::stop_token stop = {}) {
  const std::vector<Text> texts(ids.begin(), ids.end());
  Absences absences(ids.size(), Absence::unknown);
  source.look_up(texts, absences, std::move(stop));
  return absences;
}

/// What is said of bookmark 1 by a server that answers so.
Absence absence_from(const Reply& reply) {
  HttpServer server([&](const SeenRequest&) { return reply; });
  NetworkHost host;
  MapSettings settings{{"url", server.url()}};
  settings.set_secret("token", "canary-3e11-token");
  const Absence absence = look_up(*linkding::make_source(settings, host), {"1"}).front();
  CHECK_FALSE(host.has_logged("canary-3e11"));
  return absence;
}

Reply page(int status) {
  Reply reply = Reply::of(status, "<html><title>Something else</title></html>");
  reply.headers = {{"Content-Type", "text/html"}};
  return reply;
}

}  // namespace

TEST_CASE("a bookmark that was deleted in linkding is removed, and others are present",
          "[linkding][absence]") {
  LinkdingSetup setup;
  setup.fill(4, 2);
  const auto source = setup.source();
  const auto listing = setup.read(*source);
  std::vector<std::string> ids;
  for (const Bookmark* bookmark : listing.bookmarks()) ids.emplace_back(bookmark->origin->id);
  REQUIRE(ids.size() == 4);
  REQUIRE(setup.fake.library().remove(std::stoi(ids[1])));
  CHECK(look_up(*source, ids) ==
        Absences{Absence::present, Absence::removed, Absence::present, Absence::present});
}

TEST_CASE("a bookmark that was archived or edited is present", "[linkding][absence]") {
  LinkdingSetup setup;
  setup.fill(2);
  auto& library = setup.fake.library();
  library.set_archived(*library.find(1), true);
  LinkdingLibrary::Fields fields;
  fields.url = "https://elsewhere.example/";
  library.patch(*library.find(2), fields);
  CHECK(look_up(*setup.source(), {"1", "2"}) == Absences(2, Absence::present));
}

TEST_CASE("an answer that is an error, or not linkding's, leaves it unknown",
          "[linkding][absence]") {
  CHECK(absence_from(page(404)) == Absence::unknown);
  CHECK(absence_from(page(200)) == Absence::unknown);
  CHECK(absence_from(page(500)) == Absence::unknown);
  CHECK(absence_from(Reply::of(404, "{}")) == Absence::unknown);
  CHECK(absence_from(Reply::of(429, "{}")) == Absence::unknown);
  CHECK(absence_from(Reply::json(R"({"id":2,"url":"https://a.example/"})")) == Absence::unknown);
  CHECK(absence_from(Reply::json(R"([1])")) == Absence::unknown);
}

TEST_CASE("a token that is refused ends the look-up", "[linkding][absence]") {
  LinkdingSetup setup;
  const auto source = setup.source();
  setup.fake.options().token = "another";
  CHECK_THROWS_WITH(look_up(*source, {"1"}), Catch::Contains("401"));
}

TEST_CASE("what is no id of linkding's is not asked for", "[linkding][absence]") {
  LinkdingSetup setup;
  CHECK(look_up(*setup.source(), {"", "archived", "../tags", "1/archive", "-1"}) ==
        Absences(5, Absence::unknown));
  CHECK(setup.fake.server().request_count() == 0);
}

TEST_CASE("a server that stays broken is not asked for every bookmark", "[linkding][absence]") {
  std::atomic<int> requests = 0;
  HttpServer server([&](const SeenRequest&) {
    ++requests;
    return page(500);
  });
  NetworkHost host;
  MapSettings settings{{"url", server.url()}};
  settings.set_secret("token", "secret-token");
  const std::vector<std::string> ids(100, "7");
  CHECK(look_up(*linkding::make_source(settings, host), ids) == Absences(100, Absence::unknown));
  CHECK(requests < 100);
  CHECK(host.has_logged("count as kept"));
}

TEST_CASE("a stop leaves what was not asked for as it was", "[linkding][absence]") {
  LinkdingSetup setup;
  std::stop_source stop;
  stop.request_stop();
  CHECK(look_up(*setup.source(), {"1"}, stop.get_token()) == Absences{Absence::unknown});
  CHECK(setup.fake.server().request_count() == 0);
}
