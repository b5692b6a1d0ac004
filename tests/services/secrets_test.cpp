#include "services.hpp"
#include "support/catch.hpp"
#include "support/fakes/fake_mastodon.hpp"

using namespace linkferry::test;
namespace fs = std::filesystem;

namespace {

constexpr char canary[] = "c4n4ry5e2c8d1f0a9b7c6d5e4f3a2b1c0d9e8f7a";

/// Every file of the folder that holds the canary.
std::vector<std::string> files_with_canary(const Folder& folder) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
    if (!entry.is_regular_file()) continue;
    const auto name = fs::relative(entry.path(), folder.path()).string();
    if (folder.read(name).find(canary) != std::string::npos) found.push_back(name);
  }
  return found;
}

void check_silent(const Folder& folder, const Ran& ran) {
  CHECK(ran.out.find(canary) == std::string::npos);
  CHECK(ran.err.find(canary) == std::string::npos);
  CHECK(files_with_canary(folder) == std::vector<std::string>{});
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
