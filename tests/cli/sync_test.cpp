#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry::test;

namespace {

constexpr char config[] =
    "version: 1\n"
    "endpoints:\n"
    "  firefox: {plugin: netscape, path: bookmarks.html}\n"
    "  list: {plugin: jsonl, path: list.jsonl}\n"
    "jobs:\n"
    "  both: {from: firefox, to: list, mode: sync, conflicts: {default: newer, title: ask}}\n";

std::string netscape_file(const std::string& links) {
  return "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<H1>Bookmarks</H1>\n"
         "<DL><p>\n" +
         links + "</DL><p>\n";
}

std::string entry(const std::string& name, const std::string& title) {
  return "    <DT><A HREF=\"https://" + name + ".example/\" ADD_DATE=\"1500000000\" TAGS=\"x\">" +
         title + "</A>\n";
}

/// The runs of one test share what they remember.
struct Place {
  Folder folder;
  RunSettings settings;

  Place() {
    settings.variables["XDG_STATE_HOME"] = folder.file("state");
    folder.write("linkferry.yaml", config);
    folder.write("bookmarks.html", netscape_file(entry("a", "A") + entry("b", "B")));
    folder.write("list.jsonl",
                 "{\"url\":\"https://c.example/\",\"title\":\"C\",\"tags\":[\"y\"]}\n");
  }
  Ran run(const std::vector<std::string>& arguments) const {
    return linkferry::test::run(folder, arguments, settings);
  }
  bool has(const char* file, const char* text) const {
    return folder.read(file).find(text) != std::string::npos;
  }
  void replace(const char* file, const std::string& old, const std::string& text) const {
    std::string content = folder.read(file);
    const std::size_t at = content.find(old);
    REQUIRE(at != std::string::npos);
    folder.write(file, content.replace(at, old.size(), text));
  }
};

}  // namespace

TEST_CASE("two files are kept the same, whatever changes in either", "[cli][sync]") {
  const Place place;
  const Ran planned = place.run({"plan", "both"});
  CHECK(planned.code == 0);
  CHECK(planned.out.find("firefox <-> list") != std::string::npos);
  CHECK(planned.out.find("+ A  -> list") != std::string::npos);
  CHECK(planned.out.find("+ C  -> firefox") != std::string::npos);
  CHECK_FALSE(place.has("list.jsonl", "a.example"));

  CHECK(place.run({"run", "both"}).code == 0);
  CHECK(place.has("bookmarks.html", "c.example"));
  CHECK(place.has("list.jsonl", "b.example"));
  CHECK(place.run({"run", "both"}).out.find("Nothing to do.") != std::string::npos);

  place.replace("list.jsonl", "\"title\":\"A\"", "\"title\":\"A of the list\"");
  place.replace("bookmarks.html", ">B<", " PRIVATE=\"1\">B<");
  place.replace("bookmarks.html", "TAGS=\"y\"", "TAGS=\"y,z\"");
  CHECK(place.run({"run", "both"}).code == 0);
  CHECK(place.has("bookmarks.html", ">A of the list<"));
  CHECK(place.has("list.jsonl", "\"tags\":[\"y\",\"z\"]"));
  CHECK(place.run({"run", "both"}).out.find("Nothing to do.") != std::string::npos);

  std::string html = place.folder.read("bookmarks.html");
  const std::size_t begin = html.find("<DT><A HREF=\"https://c.example/\"");
  REQUIRE(begin != std::string::npos);
  place.folder.write("bookmarks.html", html.erase(begin, html.find("</A>", begin) + 4 - begin));
  const Ran deleted = place.run({"run", "both"});
  CHECK(deleted.out.find("of what either side held: 1 deleted") != std::string::npos);
  CHECK_FALSE(place.has("list.jsonl", "c.example"));
  CHECK(place.run({"run", "both"}).out.find("Nothing to do.") != std::string::npos);
}

TEST_CASE("the plan of a sync is applied as long as neither side has changed",
          "[cli][sync][apply]") {
  const Place place;
  REQUIRE(place.run({"plan", "both", "-o", "plan.ndjson"}).code == 0);
  SECTION("since nobody did anything") {
    CHECK(place.run({"apply", "plan.ndjson"}).code == 0);
    CHECK(place.has("bookmarks.html", "c.example"));
    CHECK(place.has("list.jsonl", "b.example"));
    return;
  }
  SECTION("in what is planned") {
    place.replace("bookmarks.html", ">A<", ">Another A<");
    place.replace("list.jsonl", "\"C\"", "\"Another C\"");
  }
  SECTION("in what the plan has nothing to do with") {
    place.replace("bookmarks.html", "    <DT>", entry("d", "D") + "    <DT>");
    place.folder.write("list.jsonl", place.folder.read("list.jsonl") +
                                         R"({"url":"https://d.example/","title":"D","tags":["x"],)"
                                         R"("created_at":"2017-07-14T02:40:00Z"})"
                                         "\n");
  }
  const std::string before = place.folder.read("list.jsonl");
  const Ran applied = place.run({"apply", "plan.ndjson"});
  CHECK(applied.code == 6);
  CHECK_THAT(applied.err, Catch::Contains("now: firefox and list changed since it was made"));
  CHECK(place.folder.read("list.jsonl") == before);
}

TEST_CASE("a conflict that waits for a person is told with both values and exit code 3",
          "[cli][sync]") {
  const Place place;
  REQUIRE(place.run({"run", "both"}).code == 0);
  place.replace("list.jsonl", "\"title\":\"A\"", "\"title\":\"Mine\"");
  place.replace("bookmarks.html", ">A<", ">Yours<");
  const Ran ran = place.run({"run", "both"});
  CHECK(ran.code == 3);
  CHECK(ran.out.find("conflict in title: \"Yours\" in firefox, \"Mine\" in list") !=
        std::string::npos);
  CHECK(ran.out.find("1 conflict, 1 of them open") != std::string::npos);
  CHECK(place.has("list.jsonl", "Mine"));
  CHECK(place.has("bookmarks.html", "Yours"));
  const Ran json = place.run({"run", "both", "--format", "json"});
  CHECK(json.out.find(R"("change":"conflict")") != std::string::npos);
  CHECK(json.out.find(R"("conflicts":[{"field":"title","policy":"ask","from":{"title":"Yours"},)"
                      R"("to":{"title":"Mine"}}])") != std::string::npos);
  place.replace("list.jsonl", "Mine", "Yours");
  CHECK(place.run({"run", "both"}).code == 0);
}

TEST_CASE("a sync that would delete too much writes nothing, and says what lets it",
          "[cli][sync]") {
  const Place place;
  REQUIRE(place.run({"run", "both"}).code == 0);
  place.folder.write("list.jsonl", "{\"url\":\"https://a.example/\",\"title\":\"A\"}\n");
  const std::string before = place.folder.read("bookmarks.html");
  const Ran ran = place.run({"run", "both"});
  CHECK(ran.code == 4);
  CHECK(ran.err.find("deleted in firefox") != std::string::npos);
  CHECK(place.folder.read("bookmarks.html") == before);
  CHECK(place.run({"run", "both", "--max-delete", "2"}).code == 0);
  CHECK_FALSE(place.has("bookmarks.html", "b.example"));
}

TEST_CASE("without its state a sync deletes nothing", "[cli][sync]") {
  const Place place;
  REQUIRE(place.run({"run", "both"}).code == 0);
  std::filesystem::remove_all(place.folder.file("state"));
  place.folder.write("list.jsonl", "{\"url\":\"https://a.example/\",\"title\":\"A\"}\n");
  CHECK(place.run({"run", "both"}).code == 0);
  CHECK(place.has("list.jsonl", "b.example"));
  CHECK(place.has("bookmarks.html", "b.example"));
}

TEST_CASE("check tries both sides of a sync, and standard input is none", "[cli][sync]") {
  const Place place;
  const Ran ran = place.run({"check"});
  CHECK(ran.code == 0);
  CHECK(ran.out.find("firefox (netscape): can be written") != std::string::npos);
  place.replace("linkferry.yaml", "bookmarks.html", "\"-\"");
  CHECK(place.run({"run", "both"}).code == 78);
}

TEST_CASE("a sync is taken back on both sides, and the next one leaves it so",
          "[cli][sync][undo]") {
  const Place place;
  REQUIRE(place.run({"run", "both"}).code == 0);
  place.replace("list.jsonl", "\"title\":\"A\"", "\"title\":\"A of the list\"");
  place.replace("bookmarks.html", ">B<", " PRIVATE=\"1\">B<");
  std::string html = place.folder.read("bookmarks.html");
  const std::size_t begin = html.find("<DT><A HREF=\"https://c.example/\"");
  REQUIRE(begin != std::string::npos);
  place.folder.write("bookmarks.html", html.erase(begin, html.find("</A>", begin) + 4 - begin));
  place.folder.write("list.jsonl", place.folder.read("list.jsonl") +
                                       "{\"url\":\"https://d.example/\",\"title\":\"D\"}\n");
  REQUIRE(place.run({"run", "both"}).code == 0);
  REQUIRE(place.has("bookmarks.html", "d.example"));
  REQUIRE_FALSE(place.has("list.jsonl", "c.example"));
  const std::string synced = place.folder.read("bookmarks.html");
  CHECK(place.run({"verify", "both"}).code == 0);

  const Ran shown = place.run({"undo", "2", "--dry-run"});
  CHECK(shown.code == 0);
  CHECK(shown.out.find("firefox <-> list") != std::string::npos);
  CHECK(shown.out.find("+ C  -> list") != std::string::npos);
  CHECK(shown.out.find("- D  -> firefox") != std::string::npos);
  CHECK(shown.out.find("~ A  -> firefox") != std::string::npos);
  CHECK(place.folder.read("bookmarks.html") == synced);

  const Ran undone = place.run({"undo", "2"});
  INFO(undone.out << undone.err);
  CHECK(undone.code == 0);
  CHECK(place.has("list.jsonl", "c.example"));
  CHECK(place.has("list.jsonl", "A of the list"));
  CHECK(place.has("list.jsonl", "d.example"));
  CHECK_FALSE(place.has("bookmarks.html", "d.example"));
  CHECK_FALSE(place.has("bookmarks.html", "A of the list"));
  CHECK_FALSE(place.has("bookmarks.html", "c.example"));
  CHECK(place.has("bookmarks.html", "PRIVATE=\"1\""));

  const std::string list = place.folder.read("list.jsonl");
  const std::string page = place.folder.read("bookmarks.html");
  for (int times = 0; times < 2; ++times) {
    const Ran next = place.run({"run", "both"});
    CHECK(next.code == 0);
    CHECK(next.out.find("Nothing to do.") != std::string::npos);
    CHECK(next.out.find("2 kept") != std::string::npos);
    CHECK(next.out.find("an undo has left it on this side alone") != std::string::npos);
  }
  CHECK(place.folder.read("list.jsonl") == list);
  CHECK(place.folder.read("bookmarks.html") == page);
  CHECK(place.run({"verify", "both"}).code == 2);
  CHECK(place.run({"history"}).out.find("done, taken back by run 3") != std::string::npos);
  CHECK(place.run({"undo", "2"}).code == 64);
  place.replace("list.jsonl", "\"title\":\"D\"", "\"title\":\"D, changed\"");
  CHECK(place.run({"run", "both"}).code == 0);
  CHECK(place.has("bookmarks.html", "D, changed"));
}

TEST_CASE("an undo of a sync can be taken back", "[cli][sync][undo]") {
  const Place place;
  REQUIRE(place.run({"run", "both"}).code == 0);
  const std::string list = place.folder.read("list.jsonl");
  REQUIRE(place.run({"undo", "1"}).code == 0);
  CHECK_FALSE(place.has("bookmarks.html", "c.example"));
  CHECK_FALSE(place.has("list.jsonl", "a.example"));
  CHECK(place.run({"undo", "2"}).code == 0);
  CHECK(place.has("bookmarks.html", "c.example"));
  CHECK(place.has("list.jsonl", "b.example"));
  CHECK(place.run({"run", "both"}).out.find("Nothing to do.") != std::string::npos);
  place.replace("list.jsonl", "\"title\":\"A\"", "\"title\":\"Another\"");
  CHECK(place.run({"run", "both"}).code == 0);
  CHECK(place.has("bookmarks.html", ">Another<"));
}

TEST_CASE("what somebody has changed since a sync is named by its undo, and stays",
          "[cli][sync][undo]") {
  const Place place;
  REQUIRE(place.run({"run", "both"}).code == 0);
  place.replace("bookmarks.html", ">C<", ">Mine<");
  const Ran undone = place.run({"undo", "1"});
  CHECK(undone.code == 0);
  CHECK(undone.out.find("it was changed after the run; it stays as it is") != std::string::npos);
  CHECK(place.has("bookmarks.html", ">Mine<"));
  CHECK_FALSE(place.has("list.jsonl", "b.example"));
  CHECK(place.run({"run", "both"}).code == 0);
  CHECK(place.has("list.jsonl", "Mine"));
}

TEST_CASE("a sync is not taken back by a job that is none any more", "[cli][sync][undo]") {
  const Place place;
  REQUIRE(place.run({"run", "both"}).code == 0);
  const std::string before = place.folder.read("list.jsonl");
  place.replace("linkferry.yaml", "mode: sync, conflicts: {default: newer, title: ask}",
                "mode: mirror");
  const Ran ran = place.run({"undo", "1"});
  CHECK(ran.code == 78);
  CHECK(ran.err.find("went both ways") != std::string::npos);
  CHECK(place.folder.read("list.jsonl") == before);
}

TEST_CASE("a bookmark that both sides have moved stands in both folders of a tree, once each",
          "[cli][sync][folders]") {
  const Place place;
  const auto folder_with_a = [&](const std::string& name) {
    place.folder.write(
        "bookmarks.html",
        netscape_file("    <DT><H3>" + name + "</H3>\n    <DL><p>\n" + entry("a", "A") +
                      "    </DL><p>\n" + entry("b", "B") + entry("c", "C")));
  };
  folder_with_a("F");
  REQUIRE(place.run({"run", "both"}).code == 0);
  REQUIRE(place.has("list.jsonl", "\"folders\":[[\"F\"]]"));
  folder_with_a("G");
  place.replace("list.jsonl", "[[\"F\"]]", "[[\"H\"]]");
  const Ran ran = place.run({"run", "both"});
  INFO(ran.out << ran.err << place.folder.read("bookmarks.html")
               << place.folder.read("list.jsonl"));
  CHECK(ran.code == 0);
  const std::string html = place.folder.read("bookmarks.html");
  std::size_t times = 0;
  for (std::size_t at = html.find("a.example/"); at != std::string::npos;
       at = html.find("a.example/", at + 1))
    ++times;
  CHECK(times == 2);
  CHECK(html.find(">G</H3>") != std::string::npos);
  CHECK(html.find(">H</H3>") != std::string::npos);
  CHECK_FALSE(place.has("list.jsonl", "\"F\""));
  CHECK(place.run({"run", "both"}).out.find("Nothing to do.") != std::string::npos);
  const Ran undone = place.run({"undo", "2"});
  CHECK(undone.code == 0);
  CHECK(place.has("list.jsonl", "\"folders\":[[\"H\"]]"));
  CHECK(place.folder.read("bookmarks.html").find("a.example/") ==
        place.folder.read("bookmarks.html").rfind("a.example/"));
  const Ran next = place.run({"run", "both"});
  INFO(undone.out << place.folder.read("bookmarks.html") << next.out);
  CHECK(next.out.find("Nothing to do.") != std::string::npos);
}

TEST_CASE("however the config file is named, a sync knows what it did last", "[cli][sync]") {
  const Place place;
  REQUIRE(place.run({"run", "both", "-c", "linkferry.yaml"}).code == 0);
  std::filesystem::create_directory_symlink(place.folder.path(), place.folder.file("link"));
  std::filesystem::create_directory(place.folder.file("below"));
  const std::string name =
      GENERATE("./linkferry.yaml", "below/../linkferry.yaml", "link/linkferry.yaml");
  place.folder.write("list.jsonl",
                     "{\"url\":\"https://a.example/\",\"title\":\"A\",\"tags\":[\"x\"]}\n"
                     "{\"url\":\"https://c.example/\",\"title\":\"C\",\"tags\":[\"y\"]}\n");
  CHECK(place.run({"run", "both", "-c", name}).code == 0);
  CHECK_FALSE(place.has("list.jsonl", "b.example"));
  CHECK_FALSE(place.has("bookmarks.html", "b.example"));
}

TEST_CASE(
    "a sync deletes nothing by what it knew before another match, or another mode, had its "
    "turn",
    "[cli][sync]") {
  const Place place;
  REQUIRE(place.run({"run", "both"}).code == 0);
  const std::string synced = place.folder.read("list.jsonl");
  const auto [then, changed] = GENERATE(
      table<const char*, const char*>({{"mode: sync", "mode: sync, match: exact"},
                                       {"mode: sync, conflicts: {default: newer, title: ask}",
                                        "mode: mirror, delete: {policy: matched}"}}));
  place.replace("linkferry.yaml", then, changed);
  REQUIRE(place.run({"run", "both"}).code == 0);
  std::string html = place.folder.read("bookmarks.html");
  const std::size_t begin = html.find("<DT><A HREF=\"https://b.example/\"");
  REQUIRE(begin != std::string::npos);
  place.folder.write("bookmarks.html", html.erase(begin, html.find("</A>", begin) + 4 - begin));
  REQUIRE(place.run({"run", "both", "--max-delete", "5"}).code == 0);
  place.folder.write("list.jsonl", synced);
  place.replace("linkferry.yaml", changed, then);
  CHECK(place.run({"run", "both"}).code == 0);
  CHECK(place.has("list.jsonl", "b.example"));
  CHECK(place.has("bookmarks.html", "b.example"));
  place.folder.write("bookmarks.html", html);
  CHECK(place.run({"run", "both"}).code == 0);
  CHECK_FALSE(place.has("list.jsonl", "b.example"));
}

TEST_CASE("a sync of a file with itself is refused, whatever the file is called", "[cli][sync]") {
  const Place place;
  place.replace("linkferry.yaml", "list.jsonl", "./link.html");
  std::filesystem::create_symlink("bookmarks.html", place.folder.file("link.html"));
  const Ran ran = place.run({"run", "both"});
  CHECK(ran.code == 78);
  CHECK(ran.err.find("jobs/both/to is the file " + place.folder.file("bookmarks.html")) !=
        std::string::npos);
}

TEST_CASE("verify says that a list agrees only when all of it was read", "[cli][verify]") {
  const Place place;
  REQUIRE(place.run({"run", "both"}).code == 0);
  const std::string list = place.folder.read("list.jsonl");
  REQUIRE(place.run({"verify", "both"}).code == 0);
  place.folder.write("list.jsonl",
                     list + GENERATE("{\"url\":\"https://d.exam", "{\"title\":\"D\"}\n"));
  CHECK(place.run({"verify", "both"}).code == 2);
}
