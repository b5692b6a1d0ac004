#include <sys/stat.h>

#include "raindrop/raindrop_credentials.hpp"
#include "support/catch.hpp"
#include "support/fakes/fake_raindrop.hpp"
#include "support/program.hpp"

using namespace linkferry;
using namespace linkferry::test;
namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

namespace {

constexpr char canary[] = "c4n4ry5e-2c8d-1f0a-9b7c-6d5e4f3a2b1c";
constexpr char secret_canary[] = "c4n4ry77-2c8d-1f0a-9b7c-6d5e4f3a2b1c";
constexpr char refresh_canary[] = "c4n4ry88-2c8d-1f0a-9b7c-6d5e4f3a2b1c";

/// Every file of the folder with one of the canaries in it, but those that may have them.
Strings files_with_canary(const Folder& folder, const Strings& allowed) {
  Strings found;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
    if (!entry.is_regular_file()) continue;
    const auto name = fs::relative(entry.path(), folder.path()).string();
    const bool is_allowed = std::find(allowed.begin(), allowed.end(), name) != allowed.end();
    if (!is_allowed && folder.read(name).find("c4n4ry") != std::string::npos) found.push_back(name);
  }
  return found;
}

void check_silent(const Folder& folder, const Ran& ran, const Strings& allowed = {}) {
  CHECK(ran.out.find("c4n4ry") == std::string::npos);
  CHECK(ran.err.find("c4n4ry") == std::string::npos);
  CHECK(files_with_canary(folder, allowed) == Strings{});
}

FakeRaindrop::Options with_canaries() {
  FakeRaindrop::Options options;
  options.token = canary;
  options.client_secret = secret_canary;
  options.refresh_token = refresh_canary;
  return options;
}

void fill(FakeRaindrop& server, std::size_t count) {
  RaindropAccount& account = server.account("home");
  const auto shelf = account.add_collection("Shelf");
  for (std::size_t i = 0; i < count; ++i) {
    RaindropAccount::Fields fields;
    fields.link = "https://site.example/" + std::to_string(i);
    fields.title = "Page " + std::to_string(i);
    if (i % 2 == 0) fields.collection = shelf;
    account.create(fields);
  }
}

std::string config(const FakeRaindrop& server, const std::string& access) {
  const auto endpoint = [&](const char* name, const char* place) {
    return std::string("  ") + name + ": {plugin: raindrop, url: \"" + server.url(place) + "\", " +
           access + ", requests_per_minute: 0}\n";
  };
  return "version: 1\nendpoints:\n" + endpoint("rain", "home") + endpoint("other", "other") +
         "jobs:\n  move: {from: rain, to: other, report: [r.txt, r.json]}\n";
}

}  // namespace

TEST_CASE("the token is in no output, log, trace, report, plan or state",
          "[raindrop][api][program]") {
  FakeRaindrop server(with_canaries());
  fill(server, 120);
  Folder folder;
  folder.write("linkferry.yaml", config(server, "token: {env: T}"));
  RunSettings settings;
  settings.variables["T"] = canary;
  SECTION("when all goes well") {
    check_silent(folder, run(folder, {"plan", "move", "-vv", "-o", "plan.ndjson"}, settings));
    const Ran ran = run(folder, {"run", "-vv"}, settings);
    INFO(ran.err);
    CHECK(ran.code == 0);
    check_silent(folder, ran);
    check_silent(folder, run(folder, {"check", "-vv"}, settings));
    CHECK(server.account("other").rows().size() == 120);
  }
  SECTION("when the service quotes it in its errors") {
    server.options().faults = {.refused = 3};
    check_silent(folder, run(folder, {"run", "-vv"}, settings));
    server.options().faults = {.refused = 1};
    const Ran ran = run(folder, {"run", "-vv"}, settings);
    CHECK(ran.code != 0);
    CHECK(ran.err.find("something went wrong") != std::string::npos);
    check_silent(folder, ran);
  }
  SECTION("when the service refuses it") {
    server.options().token = "another";
    const Ran ran = run(folder, {"run", "-vv"}, settings);
    CHECK(ran.code == 77);
    check_silent(folder, ran);
  }
}

TEST_CASE("options that choose what is read are refused in a sync, and in nothing else",
          "[raindrop][api][program]") {
  FakeRaindrop server;
  fill(server, 3);
  Folder folder;
  RunSettings settings;
  settings.variables["T"] = server.options().token;
  const auto check = [&](const std::string& mode, const std::string& option) {
    std::string text = config(server, "token: {env: T}, " + option);
    const std::string plain = "from: rain, to: other, ";
    text.replace(text.find(plain), plain.size(), plain + "mode: " + mode + ", ");
    folder.write("linkferry.yaml", text);
    return run(folder, {"check"}, settings);
  };
  const auto [option, name] = GENERATE(table<std::string, std::string>(
      {{"trash: true", "endpoints/rain/trash"}, {"via: csv", "endpoints/rain/via"}}));
  const Ran refused = check("sync", option);
  CHECK(refused.code == 78);
  CHECK_THAT(refused.err, Catch::Contains(name) && Catch::Contains("is a sync"));
  CHECK(check("copy", option).code == 0);
  CHECK(check("sync", "via: pages, trash: false").code == 0);
}

TEST_CASE("a token is renewed in a file that only its owner can read", "[raindrop][api][program]") {
  FakeRaindrop server(with_canaries());
  fill(server, 12);
  Folder folder;
  folder.write("linkferry.yaml", config(server, "credentials: rain.token"));
  folder.write("rain.token", raindrop::format_credentials(
                                 {server.options().client_id, secret_canary, "c4n4ry-ended",
                                  refresh_canary, raindrop::local_seconds() - 10}));
  ::chmod(folder.file("rain.token").c_str(), S_IRUSR | S_IWUSR);
  const Ran ran = run(folder, {"run", "-vv"});
  INFO(ran.err);
  CHECK(ran.code == 0);
  check_silent(folder, ran, {"rain.token"});
  CHECK(server.account("other").rows().size() == 12);
  CHECK(folder.read("rain.token").find(canary) != std::string::npos);
  struct stat found {};
  REQUIRE(::stat(folder.file("rain.token").c_str(), &found) == 0);
  CHECK((found.st_mode & 0777U) == 0600U);
}

TEST_CASE("auth stores what a login gives, for its owner alone", "[raindrop][api][program]") {
  FakeRaindrop server(with_canaries());
  fill(server, 12);
  Folder folder;
  RunSettings settings;
  settings.input = server.options().client_id + "\n" + secret_canary + "\n" +
                   "http://127.0.0.1:53682/?code=" + server.options().code + "\n";
  const Ran ran =
      run(folder, {"auth", "raindrop", server.url("home"), "-o", "rain.token"}, settings);
  INFO(ran.err);
  CHECK(ran.code == 0);
  check_silent(folder, ran, {"rain.token", "input"});
  struct stat found {};
  REQUIRE(::stat(folder.file("rain.token").c_str(), &found) == 0);
  CHECK((found.st_mode & 0777U) == 0600U);
  folder.write("linkferry.yaml", config(server, "credentials: rain.token"));
  CHECK(run(folder, {"run"}).code == 0);
  CHECK(server.account("other").rows().size() == 12);
}
