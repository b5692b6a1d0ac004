#include "schedule/last_runs.hpp"

#include "schedules.hpp"
#include "support/program.hpp"

using namespace linkferry;
using namespace linkferry::test;

TEST_CASE("the start of a job's last run is remembered", "[schedule][last-runs]") {
  const Folder folder;
  const std::string file = folder.file("state/last-runs.txt");
  {
    LastRunsFile runs(file);
    CHECK_FALSE(runs.find("a job"));
    runs.store("a job", at(2026, 11, 22, 8, 1, 2));
    runs.store("other", at(2026, 11, 22, 9));
    runs.store("other", std::nullopt);
  }
  LastRunsFile runs(file);
  CHECK(runs.find("a job") == at(2026, 11, 22, 8, 1, 2));
  CHECK_FALSE(runs.find("other"));
  CHECK(folder.read("state/last-runs.txt") == "2026-11-22T08:01:02Z a job\n");
}

TEST_CASE("a file of last runs that holds something else is as good as empty",
          "[schedule][last-runs]") {
  const Folder folder;
  folder.write("last-runs.txt",
               "garbage\n\n2026-99-99T00:00:00Z a\n2026-11-22T08:00:00Z b\n\xff \n");
  LastRunsFile runs(folder.file("last-runs.txt"));
  CHECK_FALSE(runs.find("a"));
  CHECK(runs.find("b") == at(2026, 11, 22, 8));
}
