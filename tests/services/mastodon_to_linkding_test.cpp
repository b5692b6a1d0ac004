#include <algorithm>
#include <set>

#include "services.hpp"
#include "support/catch.hpp"
#include "support/fakes/fake_mastodon.hpp"

using namespace linkferry::test;

namespace {

constexpr char token[] = "mst0d0n5e2c8d1f0a9b7c6d5e4f3a2b1c0d9e8f7a";

/// Both sides, and the config file of the example between them.
struct Move {
  explicit Move(FediverseFamily family, FakeLinkding::Options options = {})
      : social(family), links(std::move(options)) {
    social.token = token;
    folder.write(".config/linkferry/mastodon-social.example.token", token);
    folder.write("linkferry.yaml",
                 example_job("mastodon-to-linkding.yaml",
                             {{"url: https://social.example", "url: " + social.url()},
                              {"url: https://links.example", "url: " + links.url("home")}}));
    settings.variables["LINKDING_TOKEN"] = links.options().token;
  }

  Ran run_job() { return run(folder, {"run", "social", "-vv"}, settings); }
  std::set<std::string> addresses() {
    std::set<std::string> all;
    for (const auto& [id, row] : links.library("home").rows()) all.insert(row.url);
    return all;
  }

  FakeMastodon social;
  FakeLinkding links;
  Folder folder;
  RunSettings settings;
};

std::size_t lists_asked(const FakeMastodon& social, const std::string& list) {
  const auto seen = social.seen();
  return static_cast<std::size_t>(std::ranges::count_if(
      seen, [&](const SeenRequest& request) { return request.path() == "/api/v1/" + list; }));
}

}  // namespace

TEST_CASE(
    "bookmarks and favourites of every family arrive in linkding, each once, and a second run "
    "writes nothing",
    "[services][mastodon]") {
  const auto family =
      GENERATE(FediverseFamily::mastodon, FediverseFamily::gotosocial, FediverseFamily::pleroma);
  Move move(family);
  move.social.fill("bookmarks", 2'000);
  // 300 of the favourites are bookmarked too.
  move.social.fill("favourites", 500, 1'700);
  const auto first = move.run_job();
  INFO(first.out);
  REQUIRE(first.code == 0);
  CHECK(booked(first, "read") == 2'500);
  CHECK(booked(first, "created") == 2'200);
  CHECK(booked(first, "merged") == 300);
  auto& library = move.links.library("home");
  CHECK(library.rows().size() == 2'200);
  CHECK(move.addresses().size() == 2'200);
  CHECK(move.links.writes() == 2'200);
  std::size_t favourites = 0;
  for (const auto& [id, row] : library.rows()) {
    favourites += static_cast<std::size_t>(std::ranges::count(row.tags, "favourite"));
    if (std::ranges::count(row.tags, "mastodon") != 1) FAIL_CHECK(row.url);
    if (row.title.empty() || row.added == 0) FAIL_CHECK(row.url);
  }
  CHECK(favourites == 500);
  CHECK(lists_asked(move.social, "bookmarks") <= 50 + 3);
  CHECK(lists_asked(move.social, "favourites") <= 13 + 3);

  const auto bookmarks_before = lists_asked(move.social, "bookmarks");
  const auto favourites_before = lists_asked(move.social, "favourites");
  move.links.forget_counts();
  const auto second = move.run_job();
  INFO(second.out);
  CHECK(second.code == 0);
  CHECK(second.out.find("Nothing to do.") != std::string::npos);
  CHECK(move.links.writes() == 0);
  CHECK(lists_asked(move.social, "bookmarks") - bookmarks_before <= 3);
  CHECK(lists_asked(move.social, "favourites") - favourites_before <= 3);

  // What is marked later is carried over, and no more.
  move.social.fill("bookmarks", 5, 9'000);
  move.links.forget_counts();
  const auto third = move.run_job();
  INFO(third.out);
  CHECK(booked(third, "read") == 5);
  CHECK(booked(third, "created") == 5);
  CHECK(move.links.writes() == 5);
  for (const auto& ran : {first, second, third}) {
    CHECK(ran.out.find(token) == std::string::npos);
    CHECK(ran.err.find(token) == std::string::npos);
  }
}

TEST_CASE("faults on both sides lead to the same library", "[services][mastodon]") {
  Move good(FediverseFamily::mastodon);
  good.social.fill("bookmarks", 300);
  REQUIRE(good.run_job().code == 0);

  FakeLinkding::Options options;
  options.lose_reply_of_create = 5;
  options.locked_percent = 20;
  options.too_many_requests = 41;
  Move bad(FediverseFamily::mastodon, options);
  bad.social.fill("bookmarks", 300);
  unsigned requests = 0;
  bad.social.after = [&requests](const SeenRequest& request, Reply& reply) {
    if (request.path() == "/api/v1/bookmarks" && ++requests % 3 == 0)
      reply.fault = Fault::reset_body;
    // A storm of refusals, a page after the other.
    if (request.path() == "/api/v1/bookmarks" && requests % 3 == 1)
      reply = Reply::of(429, R"({"error":"Too many requests"})").with("Retry-After", "0");
  };
  const auto ran = bad.run_job();
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(bad.addresses() == good.addresses());
  CHECK(content_of(bad.links.library("home"), false) ==
        content_of(good.links.library("home"), false));
}

TEST_CASE("check tells who answers on both sides and what the tokens may do",
          "[services][mastodon]") {
  Move move(FediverseFamily::mastodon);
  move.social.fill("bookmarks", 3);
  move.social.no_scope.insert("read:favourites");
  const auto ran = run(move.folder, {"check", "social"}, move.settings);
  INFO(ran.out << ran.err);
  CHECK(ran.out.find("linkding 1.46.2 answers") != std::string::npos);
  CHECK((ran.out + ran.err).find("read:favourites") != std::string::npos);
  CHECK(ran.err.find("linkferry auth mastodon") != std::string::npos);
  CHECK(ran.code == 77);
}

TEST_CASE("bookmarks go from one account to another, and back into a file",
          "[services][mastodon]") {
  FakeMastodon social(FediverseFamily::mastodon);
  social.token = token;
  social.fill("bookmarks", 60, 0, "old");
  social.fill("bookmarks", 10, 50, "new");
  Folder folder;
  RunSettings settings;
  settings.variables["T"] = token;
  const auto at = [&](const char* place) {
    return "mastodon:" + social.url(place) + ",token=env:T";
  };
  const auto ran = run(
      folder, {"copy", at("old") + ",order=oldest_first", at("new") + ",requests_per_5_minutes=0"},
      settings);
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(booked(ran, "created") == 50);
  CHECK(social.uris("bookmarks", "new").size() == 60);
  const auto again = run(folder, {"copy", at("old"), at("new")}, settings);
  CHECK(again.out.find("Nothing to do.") != std::string::npos);
  CHECK(run(folder, {"copy", at("new"), "all.jsonl"}, settings).code == 0);
  const std::string lines = folder.read("all.jsonl");
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 60);
}
