#include "cli/job_places.hpp"

#include <cstdlib>
#include <filesystem>

#include "cli/exit_code.hpp"
#include "cli/job_memory.hpp"
#include "cli/job_outcome.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry;

namespace {

Endpoint endpoint(const std::string& name, const std::string& plugin, const std::string& option,
                  const std::string& value, const std::filesystem::path& base = "/base") {
  auto options = std::make_shared<ConfigNode>();
  options->kind = ConfigNode::Kind::table;
  auto text = std::make_shared<ConfigNode>();
  text->kind = ConfigNode::Kind::text;
  text->text = value;
  if (!option.empty()) options->members.push_back({option, {}, text});
  return {name, plugin, options, base};
}

/// Whether a job that writes to one has to wait for a job that writes to the other.
bool excludes(const Endpoint& a, const Endpoint& b) {
  JobRequest one;
  one.sources = {endpoint("in-a", "jsonl", "path", "in-a.jsonl")};
  one.sink = a;
  JobRequest other;
  other.sources = {endpoint("in-b", "jsonl", "path", "in-b.jsonl")};
  other.sink = b;
  return share_place(places_of(one), places_of(other));
}

/// Where the state is, as long as this is there.
class StateHome {
 public:
  explicit StateHome(const std::string& folder) {
    if (const char* before = std::getenv("XDG_STATE_HOME")) before_ = before;
    ::setenv("XDG_STATE_HOME", folder.c_str(), 1);
  }
  ~StateHome() {
    before_.empty() ? ::unsetenv("XDG_STATE_HOME") : ::setenv("XDG_STATE_HOME", before_.c_str(), 1);
  }
  StateHome(const StateHome&) = delete;
  StateHome& operator=(const StateHome&) = delete;

 private:
  std::string before_;
};

}  // namespace

TEST_CASE("jobs with different places may run at the same time", "[jobs]") {
  CHECK_FALSE(excludes(endpoint("a", "jsonl", "path", "a.jsonl"),
                       endpoint("b", "jsonl", "path", "b.jsonl")));
  CHECK_FALSE(excludes(endpoint("a", "linkding", "url", "https://a.example"),
                       endpoint("b", "linkding", "url", "https://b.example")));
}

TEST_CASE("jobs that share a place do not run at the same time, whatever it is called", "[jobs]") {
  CHECK(excludes(endpoint("a", "jsonl", "path", "a.jsonl"),
                 endpoint("a", "jsonl", "path", "b.jsonl", "/elsewhere")));
  CHECK(excludes(endpoint("a", "jsonl", "path", "x/../a.jsonl"),
                 endpoint("b", "netscape", "path", "/base/a.jsonl")));
  CHECK(excludes(endpoint("a", "linkding", "url", "https://links.example/"),
                 endpoint("b", "linkding", "url", "https://Links.example")));
  CHECK(excludes(endpoint("a", "jsonl", "path", "-"), endpoint("b", "netscape", "path", "-")));
  CHECK(excludes(endpoint("a", "memory", "", ""), endpoint("b", "memory", "", "")));
}

TEST_CASE("a link to a file is the file, and a report is a place too", "[jobs]") {
  const test::Folder folder;
  folder.write("a.jsonl", "");
  std::filesystem::create_symlink("a.jsonl", folder.path() / "link.jsonl");
  CHECK(excludes(endpoint("a", "jsonl", "path", "a.jsonl", folder.path()),
                 endpoint("b", "jsonl", "path", "link.jsonl", folder.path())));
  JobRequest one;
  one.sink = endpoint("a", "jsonl", "path", "a.jsonl");
  one.job.reports = {"/base/report.txt"};
  JobRequest other;
  other.sink = endpoint("b", "jsonl", "path", "b.jsonl");
  other.job.reports = one.job.reports;
  CHECK(share_place(places_of(one), places_of(other)));
}

TEST_CASE("a sync between two accounts of one service does not wait for itself", "[jobs][sync]") {
  const test::Folder folder;
  const StateHome home(folder.file("state"));
  JobRequest request;
  request.job.name = "both";
  request.job.mode = Mode::sync;
  request.job.digest = "d";
  request.job.identity = "i";
  request.sources = {endpoint("mine", "linkding", "url", "https://links.example")};
  request.sink = endpoint("yours", "linkding", "url", "https://links.example/");
  {
    const JobMemoryKeeper memory(request);
    CHECK_THROWS_WITH(JobMemoryKeeper(request), Catch::Contains("the job both is busy"));
    request.job.name = "other";
    CHECK_THROWS_WITH(JobMemoryKeeper(request), Catch::Contains("yours (endpoint of the job"));
  }
  CHECK_NOTHROW(JobMemoryKeeper(request));
}

TEST_CASE("every exit code of a job has a word", "[jobs]") {
  const auto [code, word, words] = GENERATE(table<int, const char*, const char*>({
      {exit_code::done, "done", "done"},
      {exit_code::differences, "done", "done (2)"},
      {exit_code::records_failed, "records_failed", "records failed (3)"},
      {exit_code::blocked, "blocked", "blocked (4)"},
      {exit_code::temporary, "temporary", "temporary (5)"},
      {exit_code::limit_reached, "limit_reached", "limit reached (8)"},
      {exit_code::terminated, "interrupted", "interrupted (143)"},
      {exit_code::authentication, "failed", "failed (77)"},
      {exit_code::failed, "failed", "failed (1)"},
  }));
  CHECK(outcome_of(code) == word);
  CHECK(outcome_in_words(code) == words);
}

TEST_CASE("books in short leave out what is zero", "[jobs]") {
  Ledger ledger;
  CHECK(short_books(ledger) == "0 read");
  ledger.read = 1'234;
  ledger[Fate::created] = 1'000;
  ledger[Fate::skipped] = 234;
  CHECK(short_books(ledger) == "1,234 read = 1,000 created + 234 skipped");
}
