#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry::test;

namespace {

/// A mirror from one file to another.
struct MirrorFolder : Folder {
  explicit MirrorFolder(std::string_view rules = "") {
    write("linkferry.yaml", fmt::format("version: 1\n"
                                        "endpoints:\n"
                                        "  in: {{plugin: jsonl, path: in.jsonl}}\n"
                                        "  out: {{plugin: netscape, path: out.html}}\n"
                                        "jobs:\n"
                                        "  keep: {{from: in, to: out, mode: mirror{}}}\n",
                                        rules));
    fill(0, 30);
  }

  /// The source has the bookmarks from `first` to one before `end`.
  void fill(int first, int end) const {
    std::string lines;
    for (int i = first; i < end; ++i)
      lines += fmt::format("{{\"url\":\"https://a.example/{0}\",\"title\":\"T{0}\"}}\n", i);
    write("in.jsonl", lines);
  }
  bool holds(int number) const {
    return read("out.html").find(fmt::format("\"https://a.example/{}\"", number)) !=
           std::string::npos;
  }
  Ran linkferry(const std::vector<std::string>& arguments) const { return run(*this, arguments); }
  std::filesystem::path state() const { return path().string() + ".state/linkferry/state.db"; }
};

bool says(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("a mirror deletes what its source has dropped, and then finds nothing to do",
          "[cli][mirror]") {
  const MirrorFolder folder;
  REQUIRE(folder.linkferry({"run"}).code == 0);
  folder.fill(1, 31);
  const Ran plan = folder.linkferry({"plan", "keep", "--detailed-exitcode"});
  CHECK(plan.code == 2);
  CHECK(says(plan.out, "- T0"));
  CHECK(says(plan.out, "of what the sink held: 1 deleted"));
  CHECK(folder.holds(0));
  CHECK(folder.linkferry({"run"}).code == 0);
  CHECK_FALSE(folder.holds(0));
  CHECK(folder.holds(30));
  CHECK(says(folder.linkferry({"run"}).out, "Nothing to do."));
}

TEST_CASE("a mirror that would delete too much writes nothing and names the way out",
          "[cli][mirror]") {
  const MirrorFolder folder(", delete: {max: 5, max_percent: 50}");
  REQUIRE(folder.linkferry({"run"}).code == 0);
  const std::string before = folder.read("out.html");
  folder.fill(10, 31);
  const Ran ran = folder.linkferry({"run"});
  CHECK(ran.code == 4);
  CHECK(says(ran.err, "10 of the 30 bookmarks that the job keep keeps in step would be deleted"));
  CHECK(says(ran.err, "--max-delete 10 lets them go"));
  CHECK(folder.read("out.html") == before);
  CHECK(folder.linkferry({"run", "--max-delete", "10"}).code == 0);
  CHECK_FALSE(folder.holds(9));
  CHECK(folder.holds(30));
}

TEST_CASE("without its state a mirror deletes nothing", "[cli][mirror]") {
  const MirrorFolder folder;
  REQUIRE(folder.linkferry({"run"}).code == 0);
  std::filesystem::remove_all(folder.state().parent_path());
  folder.fill(1, 30);
  CHECK(folder.linkferry({"run"}).code == 0);
  CHECK(folder.holds(0));
}

TEST_CASE("a mirror whose endpoints have changed deletes nothing that it knew before",
          "[cli][mirror]") {
  const MirrorFolder folder;
  REQUIRE(folder.linkferry({"run"}).code == 0);
  std::string config = folder.read("linkferry.yaml");
  SECTION("since the source is another file") {
    folder.fill(1, 30);
    std::filesystem::rename(folder.file("in.jsonl"), folder.file("other.jsonl"));
    config.replace(config.find("in.jsonl"), 8, "other.jsonl");
    folder.write("linkferry.yaml", config);
    const Ran ran = folder.linkferry({"run"});
    CHECK(ran.code == 0);
    CHECK(says(ran.out, "its match have changed since the last run"));
  }
  SECTION("since other records are the same now") {
    folder.fill(1, 30);
    config.replace(config.find("from: in,"), 9, "from: in, match: exact,");
    folder.write("linkferry.yaml", config);
    CHECK(folder.linkferry({"run"}).code == 0);
  }
  CHECK(folder.holds(0));
}

TEST_CASE("`delete` without a mirror is an error", "[cli][mirror]") {
  const MirrorFolder folder;
  std::string config = folder.read("linkferry.yaml");
  config.replace(config.find("mode: mirror"), 12, "delete: {max: 3}");
  folder.write("linkferry.yaml", config);
  const Ran ran = folder.linkferry({"run"});
  CHECK(ran.code == 78);
  CHECK(says(ran.err, "linkferry.yaml:6:29: jobs/keep/delete does nothing: only `mode: mirror`"));
}

TEST_CASE("a saved plan is applied as it is, and only once", "[cli][apply]") {
  const MirrorFolder folder;
  REQUIRE(folder.linkferry({"run"}).code == 0);
  folder.fill(1, 32);
  REQUIRE(folder.linkferry({"plan", "keep", "-o", "plan.ndjson"}).code == 0);
  CHECK_FALSE(folder.holds(31));
  const Ran applied = folder.linkferry({"apply", "plan.ndjson"});
  CHECK(applied.code == 0);
  CHECK(folder.holds(31));
  CHECK_FALSE(folder.holds(0));
  const std::string after = folder.read("out.html");
  const Ran again = folder.linkferry({"apply", "plan.ndjson"});
  CHECK(again.code == 6);
  CHECK(says(again.err, "another run of the job has changed something"));
  CHECK(folder.read("out.html") == after);
}

TEST_CASE("a plan that is no longer what would be done is refused", "[cli][apply]") {
  const MirrorFolder folder;
  REQUIRE(folder.linkferry({"run"}).code == 0);
  const std::string before = folder.read("out.html");
  folder.fill(0, 31);
  REQUIRE(folder.linkferry({"plan", "keep", "-o", "plan.ndjson"}).code == 0);
  std::string plan = folder.read("plan.ndjson");
  std::string expected = "this plan is not what would be done now";
  SECTION("since a source has changed") {
    folder.fill(0, 32);
    expected = "now: in changed since it was made, and its line ";
  }
  SECTION("since the sink has changed") {
    std::string changed = before;
    changed.replace(changed.find(">T3<"), 4, ">T three<");
    folder.write("out.html", changed);
    expected = "now: out changed since it was made";
  }
  SECTION("since somebody has put something beside it") {
    std::string changed = before;
    const std::string list = "<DL><p>\n";
    changed.insert(changed.find(list) + list.size(),
                   "    <DT><A HREF=\"https://b.example/\">Mine</A>\n");
    folder.write("out.html", changed);
    expected = "now: out changed since it was made; nothing was written";
  }
  SECTION("since the job has changed") {
    std::string config = folder.read("linkferry.yaml");
    config.replace(config.find("mode: mirror"), 12, "mode: copy");
    folder.write("linkferry.yaml", config);
    expected = "this plan was made for the job keep as it was then";
  }
  SECTION("since the config has no such job any more") {
    std::string config = folder.read("linkferry.yaml");
    folder.write("linkferry.yaml", config.replace(config.find("keep:"), 4, "held"));
    expected = "was made for the job keep as it was then";
  }
  SECTION("since somebody has changed the file") {
    plan.replace(plan.find("a.example/30"), 12, "b.example/30");
    folder.write("plan.ndjson", plan);
  }
  SECTION("since another run came in between, which was taken back") {
    REQUIRE(folder.linkferry({"run"}).code == 0);
    REQUIRE(folder.linkferry({"undo", "2"}).code == 0);
    expected = "another run of the job has changed something since it was made";
  }
  SECTION("since a plugin has another version") {
    plan.insert(plan.find("\"jsonl\":\"") + 9, "0");
    folder.write("plan.ndjson", plan);
    expected = "the plugins have other versions";
  }
  SECTION("since the file is cut off") {
    plan.resize(plan.rfind('\n', plan.size() - 2) + 1);
    folder.write("plan.ndjson", plan);
  }
  SECTION("since the file has more") { folder.write("plan.ndjson", plan + plan); }
  SECTION("since it is no plan") {
    folder.write("plan.ndjson", "{}\n");
    expected = "this is no plan";
  }
  const std::string held = folder.read("out.html");
  const Ran ran = folder.linkferry({"apply", "plan.ndjson"});
  CHECK(ran.code == 6);
  CHECK(says(ran.err, expected));
  CHECK(folder.read("out.html") == held);
}

TEST_CASE("verify tells whether both sides agree", "[cli][verify]") {
  const MirrorFolder folder;
  CHECK(folder.linkferry({"verify", "keep"}).code == 2);
  REQUIRE(folder.linkferry({"run"}).code == 0);
  CHECK(folder.linkferry({"verify", "keep"}).code == 0);
  folder.fill(0, 31);
  CHECK(folder.linkferry({"verify", "keep"}).code == 2);
  CHECK_FALSE(folder.holds(30));
}

TEST_CASE("a run is taken back: what it made goes, what it changed and deleted comes back",
          "[cli][undo]") {
  const MirrorFolder folder;
  REQUIRE(folder.linkferry({"run"}).code == 0);
  folder.fill(1, 31);
  std::string lines = folder.read("in.jsonl");
  lines.replace(lines.find("\"T5\""), 4, "\"T five\"");
  folder.write("in.jsonl", lines);
  REQUIRE(folder.linkferry({"run"}).code == 0);
  REQUIRE(says(folder.read("out.html"), "T five"));
  SECTION("shown first") {
    const std::string before = folder.read("out.html");
    CHECK(says(folder.linkferry({"undo", "2", "--dry-run"}).out, "+ T0"));
    CHECK(folder.read("out.html") == before);
  }
  SECTION("all of it") {
    const Ran undone = folder.linkferry({"undo", "2"});
    CHECK(undone.code == 0);
    CHECK(folder.holds(0));
    CHECK_FALSE(folder.holds(30));
    CHECK(says(folder.read("out.html"), ">T5<"));
    CHECK(says(folder.linkferry({"history"}).out, "done, taken back by run 3"));
    CHECK(folder.linkferry({"undo", "2"}).code == 64);
  }
  SECTION("but for what somebody has changed since") {
    std::string html = folder.read("out.html");
    html.replace(html.find(">T30<"), 5, ">Mine<");
    folder.write("out.html", html);
    const Ran undone = folder.linkferry({"undo", "2"});
    CHECK(undone.code == 0);
    CHECK(says(undone.out, "it was changed after the run; it stays as it is"));
    CHECK(folder.holds(30));
    CHECK(folder.holds(0));
  }
}

TEST_CASE("a run that is not there, or went elsewhere, is not taken back", "[cli][undo]") {
  const MirrorFolder folder;
  CHECK(folder.linkferry({"undo", "1"}).code == 64);
  CHECK(folder.linkferry({"undo", "first"}).code == 64);
  REQUIRE(folder.linkferry({"run"}).code == 0);
  CHECK(folder.linkferry({"undo", "7"}).code == 64);
  std::string config = folder.read("linkferry.yaml");
  config.replace(config.find("out.html"), 8, "two.html");
  folder.write("linkferry.yaml", config);
  const Ran ran = folder.linkferry({"undo", "1"});
  CHECK(ran.code == 78);
  CHECK(says(ran.err, "went between other places"));
}

TEST_CASE("history names every run with its outcome", "[cli][history]") {
  const MirrorFolder folder;
  CHECK(says(folder.linkferry({"history"}).out, "No run of a job is remembered yet."));
  REQUIRE(folder.linkferry({"run"}).code == 0);
  folder.fill(0, 3);
  REQUIRE(folder.linkferry({"run"}).code == 4);
  const std::string shown = folder.linkferry({"history", "keep"}).out;
  CHECK(says(shown, "blocked"));
  CHECK(says(shown, "--max-delete"));
  CHECK(says(folder.linkferry({"history", "--format", "json"}).out,
             "{\"run\":2,\"job\":\"keep\",\"kind\":\"mirror\""));
  REQUIRE(folder.linkferry({"run"}).code == 4);
  CHECK(std::ranges::count(folder.linkferry({"history", "--limit", "1"}).out, '\n') == 3);
  CHECK(folder.linkferry({"history", "--limit", "0"}).code == 64);
  CHECK(says(folder.linkferry({"history", "other"}).out, "No run of the job other"));
}

TEST_CASE("a job that is forgotten deletes nothing at its next run", "[cli][state]") {
  const MirrorFolder folder;
  REQUIRE(folder.linkferry({"run"}).code == 0);
  CHECK(says(folder.linkferry({"state", "export"}).out, "\"type\":\"link\""));
  CHECK(folder.linkferry({"state", "forget", "keep"}).code == 0);
  CHECK(folder.linkferry({"state", "forget", "keep"}).code == 64);
  CHECK_FALSE(says(folder.linkferry({"state", "export"}).out, "\"type\":\"link\""));
  folder.fill(1, 30);
  CHECK(folder.linkferry({"run"}).code == 0);
  CHECK(folder.holds(0));
}

TEST_CASE("a damaged state stops the run with a way out, and repair keeps what it can",
          "[cli][state]") {
  const MirrorFolder folder;
  REQUIRE(folder.linkferry({"run"}).code == 0);
  CHECK(says(folder.linkferry({"state", "repair"}).out, "nothing to repair"));
  {
    std::fstream file(folder.state(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    for (int i = 0; i < 4096; ++i) file.put('x');
  }
  folder.fill(1, 30);
  const Ran ran = folder.linkferry({"run"});
  CHECK(ran.code == 7);
  CHECK(says(ran.err, "linkferry state repair"));
  const Ran repaired = folder.linkferry({"state", "repair"});
  CHECK(repaired.code == 0);
  CHECK(says(repaired.out, "the damaged file is"));
  CHECK(folder.linkferry({"run"}).code == 0);
  CHECK(says(folder.linkferry({"run"}).out, "Nothing to do."));
}

TEST_CASE("what a run moved between folders comes back, and what a person moved since stays",
          "[cli][undo]") {
  const MirrorFolder folder;
  const auto write_in = [&](const std::string& path) {
    folder.write("in.jsonl", "{\"url\":\"https://a.example/1\",\"title\":\"T1\",\"folders\":[" +
                                 path + "]}\n{\"url\":\"https://a.example/2\",\"title\":\"T2\"}\n");
  };
  write_in("[\"A\"],[\"B\"]");
  REQUIRE(folder.linkferry({"run"}).code == 0);
  const std::string before = folder.read("out.html");
  write_in("[\"C\"]");
  REQUIRE(folder.linkferry({"run"}).code == 0);
  SECTION("by undo") {
    const Ran undone = folder.linkferry({"undo", "2"});
    INFO(undone.out << undone.err);
    CHECK(undone.code == 0);
    const std::string html = folder.read("out.html");
    std::size_t times = 0;
    for (std::size_t at = html.find("a.example/1\""); at != std::string::npos;
         at = html.find("a.example/1\"", at + 1))
      ++times;
    CHECK(times == 2);
    write_in("[\"A\"],[\"B\"]");
    CHECK(says(folder.linkferry({"run"}).out, "Nothing to do."));
  }
  SECTION("but not from where somebody put it") {
    std::string html = folder.read("out.html");
    html.replace(html.find(">C</H3>"), 7, ">Mine</H3>");
    folder.write("out.html", html);
    const Ran undone = folder.linkferry({"undo", "2"});
    CHECK(says(undone.out, "it was changed after the run"));
    CHECK(folder.read("out.html") == html);
  }
}

TEST_CASE("what linkferry created elsewhere is not its own where a job goes now", "[cli][mirror]") {
  const MirrorFolder folder;
  REQUIRE(folder.linkferry({"run"}).code == 0);
  // The person's own library has the same bookmarks already.
  folder.write("mine.html", folder.read("out.html"));
  std::string config = folder.read("linkferry.yaml");
  config.replace(config.find("out.html"), 8, "mine.html");
  folder.write("linkferry.yaml", config);
  REQUIRE(folder.linkferry({"run"}).code == 0);
  folder.fill(1, 30);
  CHECK(folder.linkferry({"run"}).code == 0);
  CHECK(folder.read("mine.html").find("\"https://a.example/0\"") != std::string::npos);
}

TEST_CASE("a record that a person put beside linkferry's own is not deleted with it",
          "[cli][mirror]") {
  const MirrorFolder folder;
  REQUIRE(folder.linkferry({"run"}).code == 0);
  std::string html = folder.read("out.html");
  html.insert(html.rfind("</DL>"),
              "    <DT><H3>Mine</H3>\n    <DL><p>\n        <DT><A "
              "HREF=\"https://a.example/0\">My words</A>\n    </DL><p>\n");
  folder.write("out.html", html);
  folder.fill(1, 30);
  CHECK(folder.linkferry({"run"}).code == 0);
  const std::string after = folder.read("out.html");
  CHECK(says(after, "My words"));
  CHECK_FALSE(says(after, ">T0<"));
}

TEST_CASE("a run that was held has nothing to be taken back", "[cli][undo]") {
  const MirrorFolder folder;
  folder.write("in.jsonl", "{\"url\":\"https://a.example/0\"}\n{\"url\":\"https://a.exa");
  CHECK(folder.linkferry({"run"}).code == 4);
  REQUIRE(folder.linkferry({"run", "--accept-partial"}).code == 0);
  CHECK(folder.linkferry({"undo", "1"}).code == 64);
  CHECK(folder.holds(0));
}

TEST_CASE("a state is not repaired while a run writes its journal", "[cli][state]") {
  const MirrorFolder folder;
  REQUIRE(folder.linkferry({"run"}).code == 0);
  std::filesystem::remove(folder.file("in.jsonl"));
  REQUIRE(::mkfifo(folder.file("in.jsonl").c_str(), 0600) == 0);
  const pid_t process = start(folder, {"run"});
  // Opens when the run does, which has its locks by then.
  const int write_end = ::open(folder.file("in.jsonl").c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(write_end >= 0);
  RunSettings beside;
  beside.variables["XDG_STATE_HOME"] = folder.path().string() + ".state";
  const Folder elsewhere;
  const Ran repair = run(elsewhere, {"state", "repair"}, beside);
  CHECK(repair.code == 9);
  CHECK(says(repair.err, "what linkferry remembers is busy: process " + std::to_string(process)));
  ::close(write_end);
  wait_for(folder, process);
  CHECK(run(elsewhere, {"state", "repair"}, beside).code == 0);
}
