#include "netscape/netscape_sink.hpp"

#include "netscape_files.hpp"
#include "support/bookmarks.hpp"
#include "support/catch.hpp"

namespace linkferry::test {
namespace {

struct Output {
  MemoryHost host;
  MapSettings settings{{"path", "out.html"}};
  std::unique_ptr<Sink> sink;

  explicit Output(const std::string& dialect = "common") {
    settings.set("dialect", dialect);
    sink = netscape::make_sink(settings, host);
  }
  void write(const Bookmark& bookmark, Action action = Action::create) {
    Arena arena;
    const auto represented = sink->represent(bookmark, arena);
    const Change change{action, &represented.bookmark, nullptr, {}};
    Outcome outcome;
    sink->write({&change, 1}, {&outcome, 1}, {});
    CHECK(outcome.result == Result::done);
  }
  void write(const Folder& folder) {
    const Change change{Action::create, nullptr, &folder, {}};
    Outcome outcome;
    sink->write({&change, 1}, {&outcome, 1}, {});
  }
  std::string finished() {
    sink->commit();
    return host.files["out.html"];
  }
  std::vector<std::string> losses(const Bookmark& bookmark) {
    Arena arena;
    std::vector<std::string> all;
    for (const auto& loss : sink->represent(bookmark, arena).losses) {
      all.push_back(std::string(name_of(loss.field)) + " " + std::string(name_of(loss.kind)));
    }
    return all;
  }
};

const std::string header =
    "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n"
    "<!-- This is an automatically generated file.\n"
    "     It will be read and overwritten.\n"
    "     DO NOT EDIT! -->\n"
    "<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset=UTF-8\">\n"
    "<TITLE>Bookmarks</TITLE>\n"
    "<H1>Bookmarks</H1>\n"
    "<DL><p>\n";

Bookmark full_bookmark(BookmarkMaker& make) {
  Bookmark b = make.link("https://e.org/?a=1&b=\"2\"", "T <1>");
  b.description = "Line 1\n  line & 2";
  b.notes = "my notes";
  b.tags = make.texts({"a b", "c"});
  b.folders = make.folders({{"A", "B"}});
  b.created_at = {1'700'000'000, 0, Precision::second};
  b.modified_at = {1'700'000'001, 0, Precision::second};
  b.visited_at = {1'700'000'002, 0, Precision::second};
  b.unread = Flag::yes;
  b.shared = Flag::yes;
  b.favorite = Flag::yes;
  b.archived = Flag::yes;
  b.icon = "data:x";
  b.cover_url = "http://c/";
  b.keyword = "k";
  b.extra = make.extra({{"netscape.LAST_CHARSET", "UTF-8"}});
  return b;
}

}  // namespace

TEST_CASE("the common dialect is what every reader understands", "[netscape][sink]") {
  BookmarkMaker make;
  Output out;
  out.write(full_bookmark(make));
  CHECK(out.losses(full_bookmark(make)) ==
        std::vector<std::string>{"notes dropped", "archived dropped"});
  CHECK(out.finished() ==
        header +
            "    <DT><H3>A</H3>\n"
            "    <DL><p>\n"
            "        <DT><H3>B</H3>\n"
            "        <DL><p>\n"
            "            <DT><A HREF=\"https://e.org/?a=1&amp;b=&quot;2&quot;\" "
            "ADD_DATE=\"1700000000\" "
            "LAST_MODIFIED=\"1700000001\" PRIVATE=\"0\" TOREAD=\"1\" TAGS=\"a b,c\" "
            "LAST_VISIT=\"1700000002\" "
            "SHORTCUTURL=\"k\" DATA-COVER=\"http://c/\" DATA-IMPORTANT=\"true\" ICON=\"data:x\" "
            "LAST_CHARSET=\"UTF-8\">T &lt;1&gt;</A>\n"
            "            <DD>Line 1\n  line &amp; 2\n"
            "        </DL><p>\n"
            "    </DL><p>\n"
            "</DL><p>\n");
}

TEST_CASE("dialect chrome writes what Chrome reads, and names the rest", "[netscape][sink]") {
  BookmarkMaker make;
  Output out("chrome");
  out.write(full_bookmark(make));
  CHECK(out.losses(full_bookmark(make)).size() == 12);
  CHECK(
      out.finished().find(
          "        <DT><A HREF=\"https://e.org/?a=1&amp;b=&quot;2&quot;\" ADD_DATE=\"1700000000\" "
          "ICON=\"data:x\">T &lt;1&gt;</A>\n        </DL>") != std::string::npos);
}

TEST_CASE("dialect linkding is flat, with notes and archived, and always says unread",
          "[netscape][sink]") {
  BookmarkMaker make;
  Output out("linkding");
  out.write(full_bookmark(make));
  out.write(make.link("u", "t"));
  CHECK(out.finished() ==
        header +
            "    <DT><A HREF=\"https://e.org/?a=1&amp;b=&quot;2&quot;\" ADD_DATE=\"1700000000\" "
            "LAST_MODIFIED=\"1700000001\" PRIVATE=\"0\" TOREAD=\"1\" "
            "TAGS=\"a-b,c,linkding:bookmarks.archived\">"
            "T &lt;1&gt;</A>\n"
            "    <DD>Line 1\n  line &amp; 2[linkding-notes]my notes[/linkding-notes]\n"
            "    <DT><A HREF=\"u\" TOREAD=\"0\" TAGS=\"\">t</A>\n"
            "</DL><p>\n");
}

TEST_CASE("dialect shaarli is raw and says so", "[netscape][sink]") {
  BookmarkMaker make;
  Output out("shaarli");
  out.write(full_bookmark(make));
  const auto text = out.finished();
  CHECK(text.find("<!-- texts in this file are raw: no character references -->") !=
        std::string::npos);
  CHECK(text.find("    <DT><A HREF=\"https://e.org/?a=1&b=%222%22\" ADD_DATE=\"1700000000\" "
                  "LAST_MODIFIED=\"1700000001\" "
                  "PRIVATE=\"0\" TAGS=\"a b,c\">T <1></A>\n    <DD>Line 1\n  line & 2\n") !=
        std::string::npos);
}

TEST_CASE("a folder's description is written for Firefox only", "[netscape][sink]") {
  for (const std::string dialect : {"common", "firefox"}) {
    Output out(dialect);
    Arena arena;
    const Text path[] = {"A"};
    Folder folder;
    folder.path = path;
    folder.description = "about";
    folder.role = FolderRole::toolbar;
    folder.created_at = {5, 0, Precision::second};
    const auto represented = out.sink->represent_folder(folder, arena);
    CHECK(represented.losses.empty() == (dialect == "firefox"));
    out.write(represented.folder);
    const std::string description = dialect == "firefox" ? "    <DD>about\n" : "";
    CHECK(out.finished() ==
          header + "    <DT><H3 ADD_DATE=\"5\" PERSONAL_TOOLBAR_FOLDER=\"true\">A</H3>\n" +
              description + "    <DL><p>\n    </DL><p>\n</DL><p>\n");
  }
}

TEST_CASE("a bookmark in several folders is written in each", "[netscape][sink]") {
  BookmarkMaker make;
  Output out;
  Bookmark b = make.link("u", "t");
  b.folders = make.folders({{"A"}, {"B"}});
  out.write(b);
  out.write(b, Action::remove);
  const auto text = out.finished();
  CHECK(read_html(text).bookmarks.size() == 2);
}

TEST_CASE("a tag with a comma keeps a blank in its place, and that is named", "[netscape][sink]") {
  BookmarkMaker make;
  Output out;
  Bookmark b = make.link("u", "t");
  b.tags = make.texts({"a,b", "no_tag"});
  Arena arena;
  const auto represented = out.sink->represent(b, arena);
  CHECK(as_strings(represented.bookmark.tags) == std::vector<std::string>{"a b", "no_tag"});
  CHECK(out.losses(b) == std::vector<std::string>{"tags transformed"});
  b.tags = make.texts({"no_tag"});
  CHECK(out.losses(b) == std::vector<std::string>{"tags dropped"});
}

TEST_CASE("a day becomes its midnight, and that is named", "[netscape][sink]") {
  BookmarkMaker make;
  Output out;
  Bookmark b = make.link("u", "t");
  b.created_at = {1'556'668'800, 0, Precision::day};
  Arena arena;
  const auto represented = out.sink->represent(b, arena);
  CHECK(represented.bookmark.created_at.precision == Precision::second);
  CHECK(out.losses(b) == std::vector<std::string>{"created_at transformed"});
}

TEST_CASE("an entry without an address is refused", "[netscape][sink]") {
  Output out;
  Arena arena;
  Bookmark b;
  b.title = "t";
  CHECK(is_present(out.sink->represent(b, arena).refusal));
}

TEST_CASE("an entry too large to be read back is refused", "[netscape][sink]") {
  Output out;
  Arena arena;
  BookmarkMaker make;
  CHECK(is_absent(out.sink->represent(make.link("u", std::string(3'000'000, '&')), arena).refusal));
  CHECK(
      is_present(out.sink->represent(make.link("u", std::string(5'000'000, '&')), arena).refusal));
}

TEST_CASE("an old file of another program is read by the sink like by a source",
          "[netscape][sink]") {
  Output out;
  CHECK(out.sink->existing() == nullptr);
  out.host.files["out.html"] =
      "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p><DT><A HREF=\"u?a&b\" "
      "ADD_DATE=\"1616337559000000\">T</A>\n</DL>";
  const auto reading = read_all(*out.sink->existing());
  REQUIRE(reading.bookmarks.size() == 1);
  CHECK(reading.bookmarks[0]->url == "u?a&b");
}

TEST_CASE("nothing is visible before the commit", "[netscape][sink]") {
  BookmarkMaker make;
  Output out;
  out.host.files["out.html"] = "old";
  out.write(make.link("u", "t"));
  CHECK(out.host.files["out.html"] == "old");
  out.sink.reset();
  CHECK(out.host.files["out.html"] == "old");
}

TEST_CASE("an empty list is a file too", "[netscape][sink]") {
  Output out;
  CHECK(out.finished() == header + "</DL><p>\n");
}

TEST_CASE("changes after a stop request are not written", "[netscape][sink]") {
  BookmarkMaker make;
  Output out;
  const Bookmark b = make.link("u", "t");
  const Change change{Action::create, &b, nullptr, {}};
  Outcome outcome;
  std::stop_source stop;
  stop.request_stop();
  out.sink->write({&change, 1}, {&outcome, 1}, stop.get_token());
  CHECK(outcome.result == Result::failed);
  CHECK(out.finished() == header + "</DL><p>\n");
}

}  // namespace linkferry::test
