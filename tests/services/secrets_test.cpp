#include "services.hpp"
#include "support/catch.hpp"
#include "support/fakes/fake_bkmark.hpp"
#include "support/fakes/fake_mastodon.hpp"
#include "support/fakes/fake_raindrop.hpp"

using namespace linkferry::test;
namespace fs = std::filesystem;

namespace {

constexpr char canary[] = "c4n4ry5e2c8d1f0a9b7c6d5e4f3a2b1c0d9e8f7a";

constexpr char secret_canary[] = "c4n4ry77-2c8d-1f0a-9b7c-6d5e4f3a2b1c";
constexpr char refresh_canary[] = "c4n4ry88-2c8d-1f0a-9b7c-6d5e4f3a2b1c";
constexpr char ended_canary[] = "c4n4ry99-2c8d-1f0a-9b7c-6d5e4f3a2b1c";

/// What all canaries begin with.
constexpr char any_canary[] = "c4n4ry";

/// Every file of the folder that holds a canary, but the one that may.
std::vector<std::string> files_with_canary(const Folder& folder, const std::string& allowed) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
    if (!entry.is_regular_file()) continue;
    const auto name = fs::relative(entry.path(), folder.path()).string();
    if (name != allowed && folder.read(name).find(any_canary) != std::string::npos)
      found.push_back(name);
  }
  return found;
}

void check_silent(const Folder& folder, const Ran& ran, const std::string& allowed = "") {
  CHECK(ran.out.find(any_canary) == std::string::npos);
  CHECK(ran.err.find(any_canary) == std::string::npos);
  CHECK(files_with_canary(folder, allowed) == std::vector<std::string>{});
}

/// A job `keep` that mirrors `from` to `to`, with every kind of report.
std::string mirror_of(const std::string& from, const std::string& to) {
  return "version: 1\nendpoints:\n  from: " + from + "\n  to: " + to +
         "\njobs:\n  keep: {from: from, to: to, mode: mirror, report: [r.txt, r.json, r.ndjson]}\n";
}

/// Every command that a job has, with all that can be said about it.
void check_all_commands(const Folder& folder, const RunSettings& settings,
                        const std::string& allowed = "") {
  const auto silent = [&](const std::vector<std::string>& arguments) {
    const Ran ran = run(folder, arguments, settings);
    INFO(arguments.front() << " ended with " << ran.code << "\n" << ran.err);
    CHECK((ran.code == 0 || ran.code == 2 || ran.code == 3));
    check_silent(folder, ran, allowed);
  };
  silent({"check", "-vv"});
  silent({"plan", "keep", "-vv", "-o", "plan.ndjson"});
  silent({"apply", "plan.ndjson", "-vv"});
  silent({"run", "-vv", "--full", "--format", "json", "--log-format", "json"});
  silent({"verify", "keep", "-vv"});
  silent({"history", "--format", "json"});
  silent({"state", "export"});
  silent({"undo", "1", "-vv"});
}

}  // namespace

TEST_CASE("the token is in no output, log, trace, report, plan or state", "[services][secrets]") {
  FakeLinkding::Options options;
  options.token = canary;
  options.lose_reply_of_create = 3;
  options.locked_percent = 20;
  options.too_many_requests = 97;
  FakeLinkding server(options);
  fill(server.library("home"), 40);
  // Whoever wrote it down as a bookmark does not find it in a report either.
  LinkdingLibrary::Fields noted;
  noted.url = std::string("https://evil.example/?t=") + canary;
  server.library("home").post(noted);
  Folder folder;
  folder.write("linkferry.yaml",
               "version: 1\nendpoints:\n"
               "  links: {plugin: linkding, url: \"" +
                   server.url("home") +
                   "\", token: {env: T}}\n"
                   "  other: {plugin: linkding, url: \"" +
                   server.url("other") +
                   "\", token: {env: T}}\n"
                   "jobs:\n  move: {from: links, to: other, report: [r.txt, r.json, r.ndjson]}\n");
  RunSettings settings;
  settings.variables["T"] = canary;
  settings.variables["XDG_STATE_HOME"] = folder.file("state");
  for (const char* format : {"text", "json"}) {
    check_silent(folder, run(folder, {"plan", "move", "-vv", "-o", "plan.ndjson"}, settings));
    check_silent(folder,
                 run(folder, {"run", "-vv", "--format", format, "--log-format", format}, settings));
    check_silent(folder, run(folder, {"check", "-vv"}, settings));
  }
  CHECK(server.library("other").rows().size() == 41);
  SECTION("when the server refuses it") {
    server.options().token = "another";
    const auto ran = run(folder, {"run", "-vv", "--full"}, settings);
    CHECK(ran.code == 77);
    check_silent(folder, ran);
  }
}

TEST_CASE("neither is that of an account, whatever its server answers", "[services][secrets]") {
  FakeMastodon social;
  social.token = canary;
  social.fill("bookmarks", 30);
  unsigned lists = 0;
  social.after = [&lists](const SeenRequest& request, Reply& reply) {
    // A server that repeats what it was sent.
    if (request.path() == "/api/v1/bookmarks" && ++lists % 2 == 0)
      reply = Reply::of(500, request.header("Authorization"));
  };
  FakeLinkding links;
  Folder folder;
  folder.write("linkferry.yaml",
               "version: 1\nendpoints:\n"
               "  social: {plugin: mastodon, url: \"" +
                   social.url() +
                   "\", token: {env: T}}\n"
                   "  links: {plugin: linkding, url: \"" +
                   links.url("home") +
                   "\", token: {env: L}}\n"
                   "jobs:\n  keep: {from: social, to: links, mode: mirror, report: [r.txt, "
                   "r.json, r.ndjson]}\n");
  RunSettings settings;
  settings.variables["T"] = canary;
  settings.variables["L"] = links.options().token;
  settings.variables["XDG_STATE_HOME"] = folder.file("state");
  check_silent(folder, run(folder, {"plan", "keep", "-vv", "-o", "plan.ndjson"}, settings));
  const Ran ran = run(folder, {"run", "-vv"}, settings);
  CHECK(ran.code == 0);
  check_silent(folder, ran);
  social.unmark_now("bookmarks", 3);
  check_silent(folder, run(folder, {"run", "-vv", "--log-format", "json"}, settings));
  check_silent(folder, run(folder, {"undo", "2", "-vv"}, settings));
  check_silent(folder, run(folder, {"history", "--format", "json"}, settings));
  check_silent(folder, run(folder, {"state", "export"}, settings));
}

TEST_CASE("neither is that of Bkmark, whatever it answers", "[services][secrets][bkmark]") {
  FakeBkmark::Options options;
  options.token = canary;
  options.errors = GENERATE(FakeBkmark::ErrorShape::code, FakeBkmark::ErrorShape::nested);
  options.too_many_requests = 89;
  options.lose_reply_of_create = 5;
  options.fail_after = 7;
  FakeBkmark marks(options);
  for (int i = 0; i < 30; ++i) {
    BkmarkRow row;
    row.url = "https://site.example/" + std::to_string(i);
    row.title = "Page";
    row.is_favorite = i % 3 == 0;
    marks.library("home").add(row);
  }
  Folder folder;
  const auto at = [&](const char* place) {
    return "{plugin: bkmark, url: \"" + marks.url(place) +
           "\", token: {env: T}, requests_per_minute: 0}";
  };
  folder.write("linkferry.yaml", mirror_of(at("home"), at("other")));
  RunSettings settings;
  settings.variables["T"] = canary;
  settings.variables["XDG_STATE_HOME"] = folder.file("state");
  check_all_commands(folder, settings);
  SECTION("when it is refused") {
    marks.options().token = "another";
    const Ran ran = run(folder, {"run", "-vv", "--full"}, settings);
    CHECK(ran.code == 77);
    check_silent(folder, ran);
  }
}

TEST_CASE("nor are those of a login at Raindrop: they are in their own file, for its owner alone",
          "[services][secrets][raindrop]") {
  FakeRaindrop::Options options;
  options.token = canary;
  options.client_secret = secret_canary;
  options.refresh_token = refresh_canary;
  FakeRaindrop drops(options);
  for (int i = 0; i < 30; ++i) {
    RaindropAccount::Fields fields;
    fields.link = "https://site.example/" + std::to_string(i);
    fields.title = "Page";
    drops.account("home").create(fields);
  }
  Folder folder;
  // Its token has ended, so that it is renewed first.
  folder.write("rain.token", "{\"client_id\":\"" + options.client_id + "\",\"client_secret\":\"" +
                                 secret_canary + "\",\"access_token\":\"" + ended_canary +
                                 "\",\"refresh_token\":\"" + refresh_canary +
                                 "\",\"expires_at\":1600000000}");
  fs::permissions(folder.file("rain.token"), fs::perms::owner_read | fs::perms::owner_write);
  const auto at = [&](const char* place) {
    return "{plugin: raindrop, url: \"" + drops.url(place) +
           "\", credentials: rain.token, requests_per_minute: 0}";
  };
  folder.write("linkferry.yaml", mirror_of(at("home"), at("other")));
  RunSettings settings;
  settings.variables["XDG_STATE_HOME"] = folder.file("state");
  SECTION("when all goes well") {
    check_all_commands(folder, settings, "rain.token");
    CHECK(folder.read("rain.token").find(canary) != std::string::npos);
    CHECK(folder.read("rain.token").find(ended_canary) == std::string::npos);
  }
  SECTION("when the service repeats the token in its errors") {
    drops.options().faults = {.refused = 3};
    check_silent(folder, run(folder, {"run", "-vv"}, settings), "rain.token");
  }
  SECTION("when the login is refused") {
    drops.options().client_secret = "another";
    const Ran ran = run(folder, {"run", "-vv"}, settings);
    CHECK(ran.code == 77);
    check_silent(folder, ran, "rain.token");
  }
  CHECK((fs::status(folder.file("rain.token")).permissions() & fs::perms::all) ==
        (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a token that stands on the command line is refused and not repeated",
          "[services][secrets]") {
  Folder folder;
  const auto ran = run(
      folder,
      {"copy", std::string("linkding:https://links.example,token=") + canary, "x.jsonl", "-vv"});
  CHECK(ran.code == 64);
  CHECK(ran.err.find("token=env:NAME") != std::string::npos);
  check_silent(folder, ran);
}
