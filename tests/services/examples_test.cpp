#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "services.hpp"
#include "support/catch.hpp"
#include "support/fakes/fake_bkmark.hpp"
#include "support/fakes/fake_raindrop.hpp"

using namespace linkferry::test;

namespace {

/// Bookmarks in folders, with tags, notes and dates, one a line.
std::string some_bookmarks(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) {
    lines += fmt::format(
        "{{\"url\":\"https://example.org/{0}\",\"title\":\"Page {0}\",\"notes\":\"Note {0}\","
        "\"tags\":[\"t{1}\"],\"folders\":[[\"Work\",\"Papers\"]],"
        "\"created_at\":\"2021-03-{2:02}T10:00:00Z\",\"favorite\":{3}}}\n",
        i, i % 7, 1 + i % 28, i % 5 == 0);
  }
  return lines;
}

/// A command of the README: its words, without `linkferry` and the comment behind it.
using Command = std::vector<std::string>;

/// The commands of a section of the README, word for word but that services are where the fakes
/// are.
std::vector<Command> readme_commands(const std::string& section, const std::string& service,
                                     const std::string& url) {
  std::ifstream stream(LINKFERRY_SOURCE "/README.md");
  const std::string readme{std::istreambuf_iterator<char>(stream), {}};
  const std::size_t start = readme.find("\n## " + section + "\n");
  REQUIRE(start != std::string::npos);
  std::istringstream lines(readme.substr(start, readme.find("\n## ", start + 1) - start));
  std::vector<Command> commands;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("linkferry ")) continue;
    std::istringstream words(line.substr(0, line.find('#')));
    Command command{std::istream_iterator<std::string>(words), {}};
    command.erase(command.begin());
    for (std::string& word : command) {
      if (word.starts_with(service + ":,")) word.insert(service.size() + 2, "url=" + url + ",");
    }
    commands.push_back(std::move(command));
  }
  return commands;
}

void run_twice(const Folder& folder, const Command& command, const RunSettings& settings,
               int count) {
  const Ran first = run(folder, command, settings);
  INFO(fmt::format("{}", fmt::join(command, " ")) << "\n" << first.out << first.err);
  REQUIRE(first.code == 0);
  CHECK(booked(first, "created") == count);
  const Ran second = run(folder, command, settings);
  INFO(second.out << second.err);
  CHECK(second.out.find("Nothing to do.") != std::string::npos);
}

}  // namespace

TEST_CASE("the README's commands for Raindrop take all out of an account and put a file into it",
          "[services][raindrop][readme]") {
  FakeRaindrop drops;
  Folder folder;
  RunSettings settings;
  settings.variables["RAINDROP_TOKEN"] = drops.options().token;
  folder.write("from.jsonl", some_bookmarks(30));
  REQUIRE(run(folder, {"copy", "from.jsonl", "bookmarks.html"}).code == 0);
  auto commands = readme_commands("Leave Raindrop", "raindrop", drops.url());
  REQUIRE(commands.size() == 2);
  // Into it first, so that there is something to take out.
  std::ranges::reverse(commands);
  for (const Command& command : commands) run_twice(folder, command, settings, 30);
  CHECK(drops.account().rows().size() == 30);
  CHECK(folder.read("raindrop.jsonl").find("[[\"Work\",\"Papers\"]]") != std::string::npos);
}

TEST_CASE("the README's commands for Bkmark put a file into a library and take all out of it",
          "[services][bkmark][readme]") {
  FakeBkmark marks;
  Folder folder;
  RunSettings settings;
  settings.variables["BKMARK_TOKEN"] = marks.options().token;
  folder.write("from.jsonl", some_bookmarks(30));
  REQUIRE(run(folder, {"copy", "from.jsonl", "marks.html"}).code == 0);
  const auto commands = readme_commands("Into and out of Bkmark", "bkmark", marks.url());
  REQUIRE(commands.size() == 2);
  for (const Command& command : commands) run_twice(folder, command, settings, 30);
  CHECK(marks.library().active().size() == 30);
  CHECK(folder.read("bkmark.jsonl").find("Work/Papers") != std::string::npos);
}

TEST_CASE(
    "an account of Raindrop goes into linkding by the example, and a second run writes "
    "nothing",
    "[services][raindrop]") {
  FakeRaindrop drops;
  FakeLinkding links;
  Folder folder;
  RunSettings settings;
  settings.variables["RAINDROP_TOKEN"] = drops.options().token;
  settings.variables["LINKDING_TOKEN"] = links.options().token;
  folder.write("from.jsonl", some_bookmarks(120));
  const Ran filled =
      run(folder,
          {"copy", "from.jsonl",
           "raindrop:,url=" + drops.url() + ",token=env:RAINDROP_TOKEN,requests_per_minute=0"},
          settings);
  INFO(filled.out << filled.err);
  REQUIRE(filled.code == 0);
  folder.write("linkferry.yaml", example_job("raindrop-to-linkding.yaml",
                                             {{"https://api.raindrop.io/rest/v1",
                                               drops.url() + "\n    requests_per_minute: 0"},
                                              {"https://links.example", links.url("home")}}));
  const Ran first = run(folder, {"run", "leave"}, settings);
  INFO(first.out << first.err);
  REQUIRE(first.code == 0);
  CHECK(booked(first, "created") == 120);
  for (const auto& [id, row] : links.library("home").rows())
    CHECK(std::ranges::find(row.tags, "Work/Papers") != row.tags.end());
  links.forget_counts();
  const Ran second = run(folder, {"run", "leave", "--full"}, settings);
  INFO(second.out << second.err);
  CHECK(second.out.find("Nothing to do.") != std::string::npos);
  CHECK(links.writes() == 0);
}

TEST_CASE(
    "a browser's export goes into Bkmark and all of Bkmark into a file by the example, and "
    "second runs write nothing",
    "[services][bkmark]") {
  FakeBkmark marks;
  Folder folder;
  RunSettings settings;
  settings.variables["BKMARK_TOKEN"] = marks.options().token;
  folder.write("from.jsonl", some_bookmarks(120));
  REQUIRE(run(folder, {"copy", "from.jsonl", "bookmarks.html"}).code == 0);
  folder.write("linkferry.yaml",
               example_job("bkmark.yaml", {{"https://api.bkmark.it/api/v1", marks.url()}}));
  const Ran in = run(folder, {"run", "in"}, settings);
  INFO(in.out << in.err);
  REQUIRE(in.code == 0);
  CHECK(booked(in, "created") == 120);
  const Ran out = run(folder, {"run", "out"}, settings);
  INFO(out.out << out.err);
  REQUIRE(out.code == 0);
  CHECK(booked(out, "created") == 120);
  marks.forget_counts();
  for (const char* job : {"in", "out"}) {
    const Ran again = run(folder, {"run", job}, settings);
    INFO(again.out << again.err);
    CHECK(again.out.find("Nothing to do.") != std::string::npos);
  }
  CHECK(marks.writes() == 0);
}
