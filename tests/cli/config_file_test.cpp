#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry::test;

namespace {

constexpr char config[] =
    "version: 1\n"
    "endpoints:\n"
    "  in: {plugin: jsonl, path: in.jsonl}\n"
    "  gone: {plugin: jsonl, path: gone.jsonl}\n"
    "  lib: {plugin: jsonl, path: lib.jsonl}\n"
    "  other: {plugin: jsonl, path: other.jsonl}\n"
    "jobs:\n"
    "  good: {from: in, to: lib, tags: {add: [imported]}, report: out/good.json}\n"
    "  bad: {from: gone, to: lib}\n"
    "  last: {from: in, to: other}\n";

void prepare(const Folder& folder) {
  folder.write("linkferry.yaml", config);
  folder.write("in.jsonl", two_bookmarks);
}

}  // namespace

TEST_CASE("a plan shows what a job would do, saves it, and writes nothing else", "[cli][config]") {
  Folder folder;
  prepare(folder);
  const auto ran = run(folder, {"plan", "good", "-o", "plan.ndjson"});
  CHECK(ran.code == 0);
  CHECK(ran.out.find("2 created") != std::string::npos);
  CHECK(folder.read("plan.ndjson")
            .starts_with("{\"type\":\"plan\",\"version\":1,\"job\":\"good\",\"from\":[\"in\"],"
                         "\"to\":\"lib\""));
  CHECK_FALSE(folder.has("lib.jsonl"));
  CHECK(run(folder, {"plan", "good", "--detailed-exitcode"}).code == 2);
  CHECK(run(folder, {"plan", "good", "--format", "ndjson"}).out.starts_with("{\"type\":\"plan\""));
  CHECK(run(folder, {"plan", "good", "-o", "-"}).code == 64);
}

TEST_CASE("a job is run with its rules and its reports", "[cli][config]") {
  Folder folder;
  prepare(folder);
  CHECK(run(folder, {"run", "good"}).code == 0);
  CHECK(folder.read("lib.jsonl").find("\"tags\":[\"x\",\"imported\"]") != std::string::npos);
  CHECK(folder.read("out/good.json").find("\"job\":\"good\"") != std::string::npos);
  CHECK(run(folder, {"run", "good", "--detailed-exitcode"}).code == 0);
}

TEST_CASE("a dry run of a job writes nothing", "[cli][config]") {
  Folder folder;
  prepare(folder);
  CHECK(run(folder, {"run", "last", "--dry-run"}).code == 0);
  CHECK_FALSE(folder.has("other.jsonl"));
}

TEST_CASE("one job's failure does not stop the others, and the worst exit code counts",
          "[cli][config]") {
  Folder folder;
  prepare(folder);
  const auto ran = run(folder, {"run"});
  CHECK(ran.code == 66);
  CHECK(ran.err.find("linkferry: error: job bad: ") != std::string::npos);
  CHECK(folder.has("lib.jsonl"));
  CHECK(folder.has("other.jsonl"));
}

TEST_CASE("option --report wins over the job's report, and is for one job", "[cli][config]") {
  Folder folder;
  prepare(folder);
  CHECK(run(folder, {"run", "good", "--report", "mine.txt"}).code == 0);
  CHECK(folder.has("mine.txt"));
  CHECK_FALSE(folder.has("out/good.json"));
  CHECK(run(folder, {"run", "--report", "mine.txt"}).code == 64);
}

TEST_CASE("an unknown job is named with the nearest", "[cli][config]") {
  Folder folder;
  prepare(folder);
  const auto ran = run(folder, {"run", "godo"});
  CHECK(ran.code == 64);
  CHECK(ran.err ==
        "linkferry: error: linkferry.yaml has no job \"godo\"; did you mean \"good\"?\n");
}

TEST_CASE("mistakes in a config file are lines that an editor can jump to", "[cli][config]") {
  Folder folder;
  folder.write("linkferry.yaml",
               "version: 1\nendpoints:\n  in: {plugin: jsnol, path: x}\njobs:\n  x:\n    from: "
               "in\n    to: inn\n    on_mach: fill\n");
  const auto ran = run(folder, {"run"});
  CHECK(ran.code == 78);
  CHECK(ran.out.empty());
  CHECK(ran.err ==
        "linkferry.yaml:3:16: unknown plugin \"jsnol\" in endpoints/in; did you mean \"jsonl\"?\n"
        "linkferry.yaml:7:9: unknown endpoint \"inn\" in jobs/x/to; did you mean \"in\"?\n"
        "linkferry.yaml:8:5: unknown key \"on_mach\" in jobs/x; did you mean \"on_match\"?\n");
}

TEST_CASE(
    "the config file is that of the flag, else of the variable, else of the folder, else of the "
    "user",
    "[cli][config]") {
  Folder folder;
  const auto config_for = [](const std::string& job) {
    return "version: 1\nendpoints: {in: {plugin: jsonl, path: x.jsonl}}\njobs: {" + job +
           ": {from: in, to: in}}\n";
  };
  const auto first_problem = [&](const std::vector<std::string>& arguments,
                                 const RunSettings& settings) {
    return run(folder, arguments, settings).err;
  };
  RunSettings settings;
  settings.variables["XDG_CONFIG_HOME"] = folder.file("xdg");
  CHECK(first_problem({"run", "?"}, settings)
            .find("there is no config file; searched linkferry.yaml and ") != std::string::npos);
  CHECK(run(folder, {"run"}, settings).code == 78);
  folder.write(".config/linkferry/config.yaml", config_for("home"));
  CHECK(first_problem({"run", "?"}, {}).find("it has home") != std::string::npos);
  folder.write("xdg/linkferry/config.yaml", config_for("xdg"));
  CHECK(first_problem({"run", "?"}, settings).find("it has xdg") != std::string::npos);
  folder.write("linkferry.yaml", config_for("here"));
  CHECK(first_problem({"run", "?"}, settings).find("it has here") != std::string::npos);
  folder.write("variable.yaml", config_for("variable"));
  settings.variables["LINKFERRY_CONFIG"] = "variable.yaml";
  CHECK(first_problem({"run", "?"}, settings).find("it has variable") != std::string::npos);
  folder.write("flag.yaml", config_for("flag"));
  CHECK(first_problem({"-c", "flag.yaml", "run", "?"}, settings).find("it has flag") !=
        std::string::npos);
  const auto missing = run(folder, {"-c", "nowhere.yaml", "run"}, settings);
  CHECK(missing.code == 66);
  CHECK(missing.err ==
        "linkferry: error: nowhere.yaml: the config file cannot be read: No such file or "
        "directory\n");
}

TEST_CASE("paths in a config file start from its folder", "[cli][config]") {
  Folder folder;
  folder.write("sub/linkferry.yaml", config);
  folder.write("sub/in.jsonl", two_bookmarks);
  CHECK(run(folder, {"-c", "sub/linkferry.yaml", "run", "good"}).code == 0);
  CHECK(folder.has("sub/lib.jsonl"));
  CHECK(folder.has("sub/out/good.json"));
}

TEST_CASE("a plan that is not there is an input that is missing", "[cli][apply]") {
  Folder folder;
  prepare(folder);
  CHECK(run(folder, {"apply", "plan.ndjson"}).code == 66);
}
