#include <fmt/format.h>

#include <algorithm>

#include "services.hpp"
#include "support/catch.hpp"
#include "support/fakes/fake_mastodon.hpp"

using namespace linkferry::test;

namespace {

constexpr char token[] = "mst0d0n5e2c8d1f0a9b7c6d5e4f3a2b1c0d9e8f7a";

/// A job that keeps a library in step with an account of the fediverse, or with another library.
struct Mirroring {
  explicit Mirroring(const std::string& from, const std::string& rules = "") {
    folder.write("linkferry.yaml",
                 fmt::format("version: 1\n"
                             "endpoints:\n"
                             "  from: {}\n"
                             "  links: {{plugin: linkding, url: {}, token: {{env: LINKDING}}}}\n"
                             "jobs:\n"
                             "  keep: {{from: from, to: links, mode: mirror{}}}\n",
                             from, links.url("home"), rules));
    settings.variables["LINKDING"] = links.options().token;
    settings.variables["MASTODON"] = token;
  }

  Ran linkferry(const std::vector<std::string>& arguments) {
    return run(folder, arguments, settings);
  }
  std::size_t size() { return links.library("home").rows().size(); }
  std::size_t archived() {
    const auto& rows = links.library("home").rows();
    return static_cast<std::size_t>(
        std::ranges::count_if(rows, [](const auto& row) { return row.second.is_archived; }));
  }

  FakeLinkding links;
  Folder folder;
  RunSettings settings;
};

std::string account(const FakeMastodon& social) {
  return fmt::format("{{plugin: mastodon, url: {}, token: {{env: MASTODON}}}}", social.url());
}

}  // namespace

TEST_CASE("a mirror of an account drops what was taken off its list, and keeps what is gone",
          "[services][mirror]") {
  FakeMastodon social(
      GENERATE(FediverseFamily::mastodon, FediverseFamily::gotosocial, FediverseFamily::pleroma));
  social.token = token;
  social.fill("bookmarks", 50);
  Mirroring job(account(social));
  REQUIRE(job.linkferry({"run"}).code == 0);
  REQUIRE(job.size() == 50);
  social.unmark_now("bookmarks", 3);
  social.post_now(7).is_deleted = true;
  const Ran second = job.linkferry({"run"});
  INFO(second.out << second.err);
  CHECK(second.code == 0);
  CHECK(job.size() == 49);
  CHECK(second.out.find("1 deleted, 1 kept") != std::string::npos);
  CHECK(second.out.find("was deleted or hidden at its source; nobody dropped it") !=
        std::string::npos);
  job.links.forget_counts();
  const Ran third = job.linkferry({"run"});
  CHECK(third.code == 0);
  CHECK(job.links.writes() == 0);
  CHECK(job.size() == 49);
}

TEST_CASE("a mirror between libraries archives in place of deleting, and undo takes it back",
          "[services][mirror]") {
  FakeLinkding source;
  fill(source.library("home"), 60);
  Mirroring job(
      fmt::format("{{plugin: linkding, url: {}, token: {{env: LINKDING}}}}", source.url("home")),
      ", delete: {quarantine: archive}");
  REQUIRE(job.linkferry({"run"}).code == 0);
  REQUIRE(job.size() == 60);
  const std::size_t archived = job.archived();
  auto& library = source.library("home");
  std::int64_t dropped = 0;
  for (const auto& [id, row] : library.rows()) {
    if (!row.is_archived) dropped = id;
  }
  REQUIRE(library.remove(dropped));
  const Ran second = job.linkferry({"run"});
  INFO(second.out << second.err);
  CHECK(second.code == 0);
  CHECK(job.size() == 60);
  CHECK(job.archived() == archived + 1);
  const Ran undone = job.linkferry({"undo", "2"});
  INFO(undone.out << undone.err);
  CHECK(undone.code == 0);
  CHECK(job.archived() == archived);
}

TEST_CASE("a run into a library is taken back: what it created goes, and no more",
          "[services][undo]") {
  FakeMastodon social;
  social.token = token;
  social.fill("bookmarks", 20);
  Mirroring job(account(social));
  fill(job.links.library("home"), 10);
  REQUIRE(job.linkferry({"run"}).code == 0);
  REQUIRE(job.size() == 30);
  const Ran undone = job.linkferry({"undo", "1"});
  INFO(undone.out << undone.err);
  CHECK(undone.code == 0);
  CHECK(job.size() == 10);
}

TEST_CASE("a mirror of plain links into an account settles", "[services][mirror]") {
  FakeMastodon social(
      GENERATE(FediverseFamily::mastodon, FediverseFamily::gotosocial, FediverseFamily::pleroma));
  social.token = token;
  social.fill("bookmarks", 8, 0, "old");
  Folder folder;
  RunSettings settings;
  settings.variables["MASTODON"] = token;
  std::string lines;
  for (std::size_t i = 0; i < 8; ++i)
    lines += fmt::format("{{\"url\":\"{}\"}}\n", social.post_now(i).url);
  folder.write("in.jsonl", lines);
  folder.write("linkferry.yaml",
               fmt::format("version: 1\n"
                           "endpoints:\n"
                           "  in: {{plugin: jsonl, path: in.jsonl}}\n"
                           "  new: {{plugin: mastodon, url: {}, token: {{env: MASTODON}}}}\n"
                           "jobs:\n"
                           "  keep: {{from: in, to: new, mode: mirror}}\n",
                           social.url("new")));
  const Ran first = run(folder, {"run"}, settings);
  INFO(first.out << first.err);
  REQUIRE(first.code == 0);
  CHECK(social.uris("bookmarks", "new").size() == 8);
  const Ran second = run(folder, {"run"}, settings);
  INFO(second.out << second.err);
  CHECK(second.out.find("Nothing to do.") != std::string::npos);
}
