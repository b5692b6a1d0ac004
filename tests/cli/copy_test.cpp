#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry::test;

namespace {

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

TEST_CASE("copy writes a new file and tells what it did", "[cli][copy]") {
  Folder folder;
  folder.write("in.jsonl", two_bookmarks);
  const auto ran = run(folder, {"copy", "in.jsonl", "out.jsonl"});
  CHECK(ran.code == 0);
  CHECK(ran.err.empty());
  CHECK(ran.out.find("2 read = 2 created + 0 updated + 0 unchanged + 0 merged + 0 filtered + 0 "
                     "skipped + 0 failed\n") != std::string::npos);
  CHECK(folder.read("out.jsonl") == two_bookmarks);
  CHECK(folder.names() == std::vector<std::string>{"in.jsonl", "out.jsonl"});
}

TEST_CASE("the second copy finds nothing to do and leaves the file alone", "[cli][copy]") {
  Folder folder;
  folder.write("in.jsonl", two_bookmarks);
  run(folder, {"copy", "in.jsonl", "out.jsonl"});
  const auto before = std::filesystem::last_write_time(folder.path() / "out.jsonl");
  const auto ran = run(folder, {"copy", "in.jsonl", "out.jsonl", "--detailed-exitcode"});
  CHECK(ran.code == 0);
  CHECK(ran.out.find("Nothing to do.") != std::string::npos);
  CHECK(std::filesystem::last_write_time(folder.path() / "out.jsonl") == before);
}

TEST_CASE("a dry run shows the plan and writes nothing", "[cli][copy]") {
  Folder folder;
  folder.write("in.jsonl", two_bookmarks);
  const auto ran = run(folder, {"copy", "-n", "in.jsonl", "out.jsonl"});
  CHECK(ran.code == 0);
  CHECK(ran.out.find("2 created") != std::string::npos);
  CHECK_FALSE(folder.has("out.jsonl"));
  CHECK(run(folder, {"copy", "-n", "in.jsonl", "out.jsonl", "--detailed-exitcode"}).code == 2);
}

TEST_CASE("bookmarks for standard output are alone there, and the report is on standard error",
          "[cli][copy]") {
  Folder folder;
  folder.write("in.jsonl", two_bookmarks);
  const auto ran = run(folder, {"copy", "in.jsonl", "jsonl:-"});
  CHECK(ran.code == 0);
  CHECK(ran.out == two_bookmarks);
  CHECK(ran.err.find("2 read = 2 created") != std::string::npos);
  const auto quiet = run(folder, {"copy", "-q", "in.jsonl", "jsonl:-"});
  CHECK(quiet.out == two_bookmarks);
  CHECK(quiet.err.empty());
}

TEST_CASE("standard input is recognized by its content", "[cli][copy]") {
  Folder folder;
  RunSettings piped;
  piped.input = two_bookmarks;
  CHECK(run(folder, {"copy", "-q", "-", "jsonl:-"}, piped).out == two_bookmarks);
  const auto twice = run(folder, {"copy", "-", "jsonl:-", "out.jsonl"}, piped);
  CHECK(twice.code == 64);
  CHECK(twice.err ==
        "linkferry: error: standard input (-) is named more than once; it can be read only once\n");
}

TEST_CASE("a pipe is recognized by its content and read from its beginning", "[cli][copy]") {
  Folder folder;
  folder.write("in.jsonl", two_bookmarks);
  const std::string command = "cd '" + folder.path().string() +
                              "' && cat in.jsonl | '" LINKFERRY_PROGRAM "' copy -q - out.jsonl";
  CHECK(std::system(command.c_str()) == 0);
  CHECK(folder.read("out.jsonl") == two_bookmarks);
}

TEST_CASE("several sources become one library", "[cli][copy]") {
  Folder folder;
  folder.write("a.jsonl", "{\"url\":\"https://a.example/\",\"title\":\"A\",\"tags\":[\"one\"]}\n");
  folder.write(
      "b.jsonl",
      "{\"url\":\"http://a.example\",\"title\":\"A\",\"tags\":[\"two\"]}\n{\"url\":\"https://"
      "c.example/\"}\n");
  const auto ran = run(folder, {"copy", "a.jsonl", "b.jsonl", "all.jsonl"});
  CHECK(ran.code == 0);
  CHECK(ran.out.find("3 read = 2 created + 0 updated + 0 unchanged + 1 merged") !=
        std::string::npos);
  CHECK(folder.read("all.jsonl").find("\"tags\":[\"one\",\"two\"]") != std::string::npos);
  run(folder, {"copy", "--match", "exact", "a.jsonl", "b.jsonl", "exact.jsonl"});
  CHECK(folder.read("exact.jsonl").find("http://a.example\"") != std::string::npos);
}

TEST_CASE("option --on-match decides about what is already there", "[cli][copy]") {
  Folder folder;
  folder.write("in.jsonl", "{\"url\":\"https://a.example/\",\"title\":\"new\"}\n");
  const std::string old = "{\"url\":\"https://a.example/\",\"title\":\"old\"}\n";
  folder.write("out.jsonl", old);
  run(folder, {"copy", "in.jsonl", "out.jsonl"});
  CHECK(folder.read("out.jsonl") == old);
  run(folder, {"copy", "--on-match", "overwrite", "in.jsonl", "out.jsonl"});
  CHECK(folder.read("out.jsonl") == "{\"url\":\"https://a.example/\",\"title\":\"new\"}\n");
}

TEST_CASE("options after the location belong to the plugin", "[cli][copy]") {
  Folder folder;
  folder.write("in.jsonl", two_bookmarks);
  CHECK(run(folder, {"copy", "in.jsonl", "jsonl:with\\,comma.jsonl,origin=true"}).code == 0);
  CHECK(folder.has("with,comma.jsonl"));
  const auto unknown = run(folder, {"copy", "in.jsonl", "jsonl:x.jsonl,orgin=true"});
  CHECK(unknown.code == 64);
  CHECK(first_line(unknown.err) ==
        "linkferry: error: \"jsonl:x.jsonl\": unknown key \"orgin\" in jsonl; did you "
        "mean \"origin\"?");
  const auto mistyped = run(folder, {"copy", "in.jsonl", "jsonl:x.jsonl,origin=yes"});
  CHECK(mistyped.code == 64);
  CHECK(first_line(mistyped.err) ==
        "linkferry: error: \"jsonl:x.jsonl\": jsonl/origin is \"yes\", expected true or "
        "false");
}

TEST_CASE("a file whose name looks like a plugin can be written with its folder", "[cli][copy]") {
  Folder folder;
  folder.write("jsonl:x", two_bookmarks);
  CHECK(run(folder, {"copy", "./jsonl:x", "out.jsonl"}).code == 0);
  CHECK(folder.read("out.jsonl") == two_bookmarks);
}

TEST_CASE("what cannot be a source is told with what to do", "[cli][copy]") {
  Folder folder;
  folder.write("in.jsonl", two_bookmarks);
  folder.write("page.html", "<!DOCTYPE html><html><p>hello</p></html>");
  folder.write("empty.jsonl", "");
  const auto missing = run(folder, {"copy", "gone.jsonl", "out.jsonl"});
  CHECK(missing.code == 66);
  CHECK(missing.err == "linkferry: error: \"gone.jsonl\": there is no such file\n");
  const auto misspelled = run(folder, {"copy", "jsonk:in.jsonl", "out.jsonl"});
  CHECK(misspelled.code == 66);
  CHECK(misspelled.err ==
        "linkferry: error: \"jsonk:in.jsonl\": there is no such file; did you mean \"jsonl\"?\n");
  const auto address = run(folder, {"copy", "https://a.example/x", "out.jsonl"});
  CHECK(address.code == 66);
  const auto page = run(folder, {"copy", "page.html", "out.jsonl"});
  CHECK(page.code == 78);
  CHECK(first_line(page.err) ==
        "linkferry: error: \"page.html\": this is no bookmark file that a plugin knows; it looks "
        "like HTML "
        "without bookmarks; if you know better, name the plugin: PLUGIN:page.html");
  CHECK(run(folder, {"copy", ".", "out.jsonl"}).code == 66);
  CHECK_FALSE(folder.has("out.jsonl"));
}

TEST_CASE("what cannot be a target is told with what to do", "[cli][copy]") {
  Folder folder;
  folder.write("in.jsonl", two_bookmarks);
  const auto ending = run(folder, {"copy", "in.jsonl", "out.xyz"});
  CHECK(ending.code == 64);
  CHECK(ending.err ==
        "linkferry: error: \"out.xyz\": there is no such file yet, and the ending \".xyz\" tells "
        "no format; write PLUGIN:out.xyz\n");
  const auto none = run(folder, {"copy", "in.jsonl", "out"});
  CHECK(none.err ==
        "linkferry: error: \"out\": there is no such file yet, and a name without an ending tells "
        "no format; write PLUGIN:out\n");
  const auto stream = run(folder, {"copy", "in.jsonl", "-"});
  CHECK(stream.code == 64);
  const auto ambiguous = run(folder, {"copy", "in.jsonl", "out.csv"});
  CHECK(ambiguous.code == 64);
  CHECK(ambiguous.err ==
        "linkferry: error: \"out.csv\": the ending \".csv\" may be mastodon, pocket or raindrop; "
        "write "
        "PLUGIN:out.csv\n");
  const auto nowhere = run(folder, {"copy", "in.jsonl", "nowhere/out.jsonl"});
  CHECK(nowhere.code == 64);
  CHECK(nowhere.err.find("mkdir -p") != std::string::npos);
  const auto unknown = run(folder, {"copy", "in.jsonl", "netscpe:out.html"});
  CHECK(unknown.code == 64);
  CHECK(unknown.err.find("there is no plugin \"netscpe\"; did you mean \"netscape\"?") !=
        std::string::npos);
  CHECK(folder.names() == std::vector<std::string>{"in.jsonl"});
}

TEST_CASE("reports go to files in the format of their ending, into folders that are made",
          "[cli][copy]") {
  Folder folder;
  folder.write("in.jsonl", two_bookmarks);
  const auto ran = run(folder, {"copy", "in.jsonl", "out.jsonl", "--report", "r/a.json", "--report",
                                "r/b.txt", "--report", "r/c.ndjson"});
  CHECK(ran.code == 0);
  CHECK(folder.read("r/a.json").starts_with("{\"version\":1,"));
  CHECK(folder.read("r/b.txt").find("2 read = 2 created") != std::string::npos);
  CHECK(folder.read("r/c.ndjson").starts_with("{\"type\":\"plan\","));
  CHECK(run(folder, {"copy", "in.jsonl", "out.jsonl", "--format", "json"})
            .out.starts_with("{\"version\":1,"));
}

TEST_CASE("an input that is cut off is not written unless that is accepted", "[cli][copy]") {
  Folder folder;
  folder.write("in.jsonl", std::string(two_bookmarks) + "{\"url\":\"https://c.exam");
  const auto ran = run(folder, {"copy", "in.jsonl", "out.jsonl"});
  CHECK(ran.code == 4);
  CHECK(ran.err.find("--accept-partial") != std::string::npos);
  CHECK_FALSE(folder.has("out.jsonl"));
  CHECK(run(folder, {"copy", "--accept-partial", "in.jsonl", "out.jsonl"}).code == 0);
  CHECK(folder.read("out.jsonl") == two_bookmarks);
}

TEST_CASE("colors are only for those who want them", "[cli][copy]") {
  Folder folder;
  folder.write("in.jsonl", two_bookmarks);
  CHECK(run(folder, {"copy", "-n", "in.jsonl", "out.jsonl"}).out.find('\x1b') == std::string::npos);
  CHECK(
      run(folder, {"copy", "-n", "in.jsonl", "out.jsonl", "--color", "always"}).out.find('\x1b') !=
      std::string::npos);
  RunSettings settings;
  settings.variables["LINKFERRY_COLOR"] = "always";
  CHECK(run(folder, {"copy", "-n", "in.jsonl", "out.jsonl"}, settings).out.find('\x1b') !=
        std::string::npos);
  CHECK(run(folder, {"copy", "-n", "in.jsonl", "out.jsonl", "--color", "never"}, settings)
            .out.find('\x1b') == std::string::npos);
}
