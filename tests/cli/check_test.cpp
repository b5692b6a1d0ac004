#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry::test;

namespace {

void prepare(const Folder& folder, const std::string& to) {
  folder.write("linkferry.yaml",
               "version: 1\nendpoints:\n  in: {plugin: jsonl, path: in.jsonl}\n  lib: {plugin: "
               "jsonl, path: " +
                   to + "}\njobs:\n  j: {from: in, to: lib}\n");
}

}  // namespace

TEST_CASE("check says that all is well", "[cli][check]") {
  Folder folder;
  prepare(folder, "lib.jsonl");
  folder.write("in.jsonl", two_bookmarks);
  const auto ran = run(folder, {"check"});
  CHECK(ran.code == 0);
  CHECK(ran.out ==
        "linkferry.yaml: 2 endpoints and 1 job, no mistakes\n"
        "job j\n"
        "  in (jsonl): can be read, 2 bookmarks\n"
        "  lib (jsonl): can be written, holds nothing yet\n");
  CHECK(folder.names() == std::vector<std::string>{"in.jsonl", "linkferry.yaml"});
}

TEST_CASE("check names what is wrong with each place and goes on", "[cli][check]") {
  Folder folder;
  prepare(folder, "nowhere/lib.jsonl");
  const auto ran = run(folder, {"check", "j"});
  CHECK(ran.code == 78);
  CHECK(ran.err.find("linkferry: error: in (jsonl): ") != std::string::npos);
  CHECK(ran.err.find("nowhere; expected one to write into") != std::string::npos);
}

TEST_CASE("check tells that a file looks like another format", "[cli][check]") {
  Folder folder;
  prepare(folder, "lib.jsonl");
  folder.write("in.jsonl", "%PDF-1.4 and more\n");
  CHECK(run(folder, {"check"}).err.find("looks like a PDF document") != std::string::npos);
}

TEST_CASE("check looks at one job only when it is named", "[cli][check]") {
  Folder folder;
  prepare(folder, "lib.jsonl");
  folder.write("in.jsonl", two_bookmarks);
  CHECK(run(folder, {"check", "j"}).code == 0);
  CHECK(run(folder, {"check", "k"}).code == 64);
}

TEST_CASE("check says when jobs run, by which clocks, and what becomes of missed runs",
          "[cli][check][schedule]") {
  Folder folder;
  folder.write("in.jsonl", two_bookmarks);
  folder.write(
      "linkferry.yaml",
      "version: 1\nendpoints:\n  in: {plugin: jsonl, path: in.jsonl}\n  lib: {plugin: jsonl, path: "
      "lib.jsonl}\njobs:\n  often: {from: in, to: lib, schedule: {every: 30m, jitter: 2m, missed: "
      "skip}}\n  hourly: {from: in, to: lib, schedule: {cron: \"15 * * * *\"}}\n  yearly: {from: "
      "in, to: lib, schedule: {cron: \"0 4 1 jan *\", timezone: Europe/Berlin}}\n");
  RunSettings settings;
  settings.variables["TZ"] = "Asia/Kathmandu";
  const auto ran = run(folder, {"check"}, settings);
  CHECK(ran.code == 0);
  CHECK(ran.out.find("  every 30m, up to 2m later, from the start of one run to that of the next; "
                     "missed runs are left out\n") != std::string::npos);
  // The zone of the machine, where none is named.
  CHECK(ran.out.find("  cron \"15 * * * *\" in Asia/Katmandu, next 20") +
            ran.out.find("  cron \"15 * * * *\" in Asia/Kathmandu, next 20") !=
        2 * std::string::npos);
  CHECK(ran.out.find(":15 +05:45; one run makes up for those missed\n") != std::string::npos);
  CHECK(ran.out.find("  cron \"0 4 1 jan *\" in Europe/Berlin, next 20") != std::string::npos);
  CHECK(ran.out.find("-01-01 04:00 +01:00; ") != std::string::npos);
}
