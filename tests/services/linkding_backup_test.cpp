#include "services.hpp"
#include "support/catch.hpp"

using namespace linkferry::test;

namespace {

RunSettings with_token(FakeLinkding& server) {
  RunSettings settings;
  settings.variables["LINKDING_TOKEN"] = server.options().token;
  return settings;
}

void point_at(const Folder& folder, const FakeLinkding& server, const std::string& place) {
  folder.write("linkferry.yaml",
               example_job("linkding-backup.yaml", {{"https://links.example", server.url(place)}}));
}

}  // namespace

TEST_CASE("all of linkding goes into a file and from there into an empty linkding, unchanged",
          "[services][linkding]") {
  FakeLinkding server;
  fill(server.library("home"), 500);
  Folder folder;
  point_at(folder, server, "home");
  const auto backup = run(folder, {"run", "backup"}, with_token(server));
  INFO(backup.out << backup.err);
  REQUIRE(backup.code == 0);
  CHECK(booked(backup, "created") == 500);
  CHECK(server.writes() == 0);

  point_at(folder, server, "elsewhere");
  const auto restore = run(folder, {"run", "restore"}, with_token(server));
  INFO(restore.out << restore.err);
  REQUIRE(restore.code == 0);
  CHECK(booked(restore, "created") == 500);
  // What is archived is changed once more after it was created.
  CHECK(content_of(server.library("elsewhere"), false) ==
        content_of(server.library("home"), false));
}

TEST_CASE("a second backup and a second restoration write nothing", "[services][linkding]") {
  FakeLinkding server;
  fill(server.library("home"), 200);
  Folder folder;
  point_at(folder, server, "home");
  REQUIRE(run(folder, {"run", "backup"}, with_token(server)).code == 0);
  const std::string before = folder.read("linkding.jsonl");
  for (const char* job : {"restore", "backup"}) {
    server.forget_counts();
    const auto ran = run(folder, {"run", job, "--detailed-exitcode"}, with_token(server));
    INFO(ran.out << ran.err);
    CHECK(ran.code == 0);
    CHECK(ran.out.find("Nothing to do.") != std::string::npos);
    CHECK(server.writes() == 0);
    CHECK(server.reads() <= 6);
  }
  CHECK(folder.read("linkding.jsonl") == before);
}

TEST_CASE("a backup reads again what was edited in linkding, and no more", "[services][linkding]") {
  FakeLinkding server;
  fill(server.library("home"), 300);
  Folder folder;
  point_at(folder, server, "home");
  REQUIRE(run(folder, {"run", "backup"}, with_token(server)).code == 0);
  auto* row = server.library("home").find(42);
  REQUIRE(row != nullptr);
  LinkdingLibrary::Fields edit;
  edit.title = "Edited since";
  server.library("home").patch(*row, edit);
  const auto ran = run(folder, {"run", "backup"}, with_token(server));
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(booked(ran, "updated") == 1);
  CHECK(booked(ran, "read") < 100);
  CHECK(ran.out.find("what is new since the last run of this job") != std::string::npos);
  CHECK(folder.read("linkding.jsonl").find("Edited since") != std::string::npos);
  const auto full = run(folder, {"run", "backup", "--full"}, with_token(server));
  CHECK(booked(full, "read") == 300);
  CHECK(booked(full, "unchanged") == 300);
}

TEST_CASE("a backup into a file that is gone reads everything again", "[services][linkding]") {
  FakeLinkding server;
  fill(server.library("home"), 50);
  Folder folder;
  point_at(folder, server, "home");
  REQUIRE(run(folder, {"run", "backup"}, with_token(server)).code == 0);
  std::filesystem::remove(folder.path() / "linkding.jsonl");
  const auto ran = run(folder, {"run", "backup"}, with_token(server));
  CHECK(booked(ran, "created") == 50);
}

TEST_CASE("faults of all kinds on the way lead to the same library", "[services][linkding]") {
  FakeLinkding good;
  fill(good.library("home"), 300);
  Folder folder;
  point_at(folder, good, "home");
  REQUIRE(run(folder, {"run", "backup"}, with_token(good)).code == 0);

  FakeLinkding::Options options;
  SECTION("every fifth answer to a create is lost") { options.lose_reply_of_create = 5; }
  SECTION("the database is locked for 20 % of the writes") { options.locked_percent = 20; }
  SECTION("every second list breaks off") { options.reset_list = 2; }
  FakeLinkding bad(options);
  point_at(folder, bad, "home");
  RunSettings settings = with_token(bad);
  auto ran = run(folder, {"run", "restore"}, settings);
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(content_of(bad.library("home"), false) == content_of(good.library("home"), false));
  bad.forget_counts();
  ran = run(folder, {"run", "restore"}, settings);
  CHECK(ran.out.find("Nothing to do.") != std::string::npos);
  CHECK(bad.writes() == 0);
}

TEST_CASE("check tells which linkding answers, for whom, and what it can do",
          "[services][linkding]") {
  FakeLinkding server;
  fill(server.library("home"), 3);
  Folder folder;
  point_at(folder, server, "home");
  const auto ran = run(folder, {"check", "restore"}, with_token(server));
  INFO(ran.out << ran.err);
  CHECK(ran.code == 66);  // the file to restore from is not there yet
  CHECK(ran.out.find("1.46.2") != std::string::npos);
  RunSettings wrong;
  wrong.variables["LINKDING_TOKEN"] = "wrong";
  CHECK(run(folder, {"check", "backup"}, wrong).code == 77);
}
