#include "linkding_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Requests = FakeLinkding::Kind;

namespace {

struct Removing : LinkdingSetup {
  explicit Removing(FakeLinkding::Options fake_options = FakeLinkding::Options())
      : LinkdingSetup(std::move(fake_options)) {
    fill(2);
  }

  BookmarkMaker make;

  Outcome remove(Sink& sink, const char* id = "1") {
    const Bookmark b = make.link("https://site.example/0");
    return change(sink, Action::remove, b, id, make.arena());
  }
};

/// Something else at the address of linkding.
Outcome remove_from(const Reply& reply) {
  HttpServer server([&](const SeenRequest& request) -> Reply {
    return request.method == "GET" ? Reply::json(R"({"version":"1.46.2"})") : reply;
  });
  NetworkHost host;
  MapSettings settings{{"url", server.url()}};
  settings.set_secret("token", "secret-token");
  BookmarkMaker make;
  const Bookmark b = make.link("https://site.example/0");
  return change(*linkding::make_sink(settings, host), Action::remove, b, "1", make.arena());
}

}  // namespace

TEST_CASE("a removed bookmark is deleted, and one that is gone already is no failure",
          "[linkding][sink][remove]") {
  Removing setup;
  const auto sink = setup.sink();
  CHECK(setup.remove(*sink).result == Result::done);
  CHECK(setup.rows().size() == 1);
  CHECK(setup.remove(*sink).result == Result::already_so);
}

TEST_CASE("with quarantine: archive, nothing is deleted", "[linkding][sink][remove]") {
  Removing setup;
  setup.options["quarantine"] = "archive";
  CHECK(setup.remove(*setup.sink()).result == Result::done);
  CHECK(setup.rows().size() == 2);
  CHECK(setup.rows()[0].is_archived);
}

TEST_CASE("a removal whose answer is lost is no failure and removes one bookmark",
          "[linkding][sink][remove]") {
  Removing setup(FakeLinkding::Options{.lose_reply_of_remove = 2});
  const auto sink = setup.sink();
  CHECK(setup.remove(*sink).result == Result::done);
  const Outcome outcome = setup.remove(*sink, "2");
  INFO(outcome.reason);
  CHECK(outcome.result == Result::already_so);
  CHECK(outcome.id == "2");
  CHECK(setup.rows().empty());
  CHECK(setup.fake.count(Requests::remove) == 3);
}

TEST_CASE("a removal waits for a locked database", "[linkding][sink][remove]") {
  Removing setup(FakeLinkding::Options{.locked_remove_percent = 60});
  const auto sink = setup.sink();
  CHECK(setup.remove(*sink).result == Result::done);
  CHECK(setup.remove(*sink, "2").result == Result::done);
  CHECK(setup.rows().empty());
}

TEST_CASE("a removal from a database that stays locked fails, and a later run does it",
          "[linkding][sink][remove]") {
  Removing setup(FakeLinkding::Options{.locked_remove_percent = 100});
  const Outcome outcome = setup.remove(*setup.sink());
  CHECK(outcome.result == Result::failed);
  CHECK_THAT(outcome.reason, Catch::Contains("500"));
  CHECK(setup.rows().size() == 2);
  setup.fake.options().locked_remove_percent = 0;
  CHECK(setup.remove(*setup.sink()).result == Result::done);
}

TEST_CASE("what is not linkding's answer is not taken for a removal", "[linkding][sink][remove]") {
  Reply login = Reply::of(200, "<html><title>Log in</title></html>");
  login.headers = {{"Content-Type", "text/html"}};
  CHECK(remove_from(login).result == Result::failed);
  CHECK(remove_from(Reply::json("{}")).result == Result::failed);
  Reply page = Reply::of(404, "<html><title>Not Found</title></html>");
  page.headers = {{"Content-Type", "text/html"}};
  CHECK_THROWS_WITH(remove_from(page), Catch::Contains("is its address right?"));
}
