#include "netscape_files.hpp"
#include "support/catch.hpp"

namespace linkferry::test {
namespace {

std::string only_entry(std::string_view html, const common::NetscapeOptions& options = {}) {
  const auto reading = read_html(list_of(html), options);
  REQUIRE(reading.bookmarks.size() == 1);
  return shown(*reading.bookmarks[0]);
}

const Bookmark& first(const Reading& reading) {
  REQUIRE_FALSE(reading.bookmarks.empty());
  return *reading.bookmarks[0];
}

std::vector<std::string> tags_of(std::string_view value, bool has_blanks = false) {
  const auto reading =
      read_html(list_of("<DT><A HREF=\"u\" TAGS=\"" + std::string(value) + "\">t</A>\n"),
                {.has_blank_separated_tags = has_blanks});
  return {first(reading).tags.begin(), first(reading).tags.end()};
}

}  // namespace

TEST_CASE("every attribute that has a field fills it", "[netscape]") {
  CHECK(only_entry(
            "<DT><A HREF=\"https://e.org/?a=1&amp;b=2\" ADD_DATE=\"1700000000\" "
            "LAST_MODIFIED=\"1700000001\" "
            "LAST_VISIT=\"1700000002\" PRIVATE=\"1\" TOREAD=\"1\" TAGS=\"a, b c,\" ICON=\"data:x\" "
            "SHORTCUTURL=\"k\" DATA-COVER=\"https://c/\" DATA-IMPORTANT=\"true\">T &amp; "
            "t</A>\n<DD>Text &lt;b&gt;\n") ==
        "url='https://e.org/?a=1&b=2' title='T & t' description='Text <b>' notes=- tags='a''b c' "
        "folders= "
        "2023-11-14T22:13:20Z 2023-11-14T22:13:21Z  2023-11-14T22:13:22Z yes yes ? no kind=link "
        "icon='data:x' "
        "cover='https://c/' keyword='k' language=-");
}

TEST_CASE("attributes without a field are kept by their names", "[netscape]") {
  const auto reading =
      read_html(list_of("<DT><A HREF=\"u\" LAST_CHARSET=\"UTF-8\" hash=\"a&amp;b\" WEB_PANEL "
                        "FEEDURL='f' LAST_CHARSET=\"2\">t</A>"));
  CHECK(shown(first(reading).extra) ==
        " netscape.LAST_CHARSET='UTF-8' netscape.hash='a&b' netscape.WEB_PANEL='' "
        "netscape.FEEDURL='f'");
}

TEST_CASE("folders, their facts and separators stand where they were", "[netscape]") {
  const auto reading = read_html(
      list_of("<DT><H3 ADD_DATE=\"1700000000\" LAST_MODIFIED=\"0\" "
              "PERSONAL_TOOLBAR_FOLDER=\"true\" ID=\"x\">Bar &amp; co</H3>\n"
              "<DD>About it\n<DL><p>\n<DT><A HREF=\"1\">1</A>\n<HR>    <DT><A HREF=\"2\">2</A>\n"
              "<DT><H3>In</H3>\n<DL><p>\n<DT><A HREF=\"3\">3</A></DL><p>\n</DL><p>\n"
              "<DT><H3>Empty</H3>\n<DT><H3 UNFILED_BOOKMARKS_FOLDER=\"true\">Last</H3><DL><p>\n<HR "
              "NAME=\"line\"></DL><p>\n<DT><A HREF=\"4\">4</A>\n"));
  const std::vector<std::string> expected = {
      "folder /Bar & co title=- description='About it' 2023-11-14T22:13:20Z  toolbar "
      "netscape.ID='x'",
      "/Bar & co 1",
      "separator /Bar & co title=- description=-   ",
      "/Bar & co 2",
      "folder /Bar & co/In title=- description=-   ",
      "/Bar & co/In 3",
      "folder /Empty title=- description=-   ",
      "folder /Last title=- description=-   unfiled",
      "separator /Last title='line' description=-   ",
      " 4",
  };
  REQUIRE(reading.entries.size() == expected.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (expected[i].starts_with("folder") || expected[i].starts_with("separator")) {
      CHECK(reading.entries[i] == expected[i]);
      continue;
    }
    const Bookmark& bookmark = *reading.bookmarks[next++];
    CHECK((bookmark.folders.empty() ? "" : shown(bookmark.folders[0])) + " " +
              std::string(bookmark.url) ==
          expected[i]);
  }
}

TEST_CASE("tags are separated by commas, blanks inside are part of them", "[netscape]") {
  CHECK(tags_of("dev, php dev, php 7.x") == std::vector<std::string>{"dev", "php dev", "php 7.x"});
  CHECK(tags_of("spip3 , astuces ,") == std::vector<std::string>{"spip3", "astuces"});
  CHECK(tags_of("").empty());
  CHECK(tags_of("no_tag").empty());
  CHECK(tags_of("no_tag,x") == std::vector<std::string>{"no_tag", "x"});
  CHECK(tags_of("a &amp; b,&lt;c") == std::vector<std::string>{"a & b", "<c"});
  CHECK(tags_of("private secret") == std::vector<std::string>{"private secret"});
  CHECK(tags_of("private secret,x", true) == std::vector<std::string>{"private", "secret", "x"});
}

TEST_CASE("addresses are kept as they are, raw ampersands too", "[netscape]") {
  const auto [raw, expected] = GENERATE(table<std::string, std::string>({
      {"http://e.org/?a=1&region=Header&copy=1", "http://e.org/?a=1&region=Header&copy=1"},
      {"https://example.com&center=123", "https://example.com&center=123"},
      {"http://e.org/?q=&quot;x&quot;&copy", "http://e.org/?q=\"x\"&copy"},
      {"javascript:alert('x < y')", "javascript:alert('x < y')"},
      {" b0rked ", " b0rked "},
      {"?lY47tw", "?lY47tw"},
      {"", ""},
  }));
  const auto reading = read_html(list_of("<DT><A HREF=\"" + raw + "\" ADD_DATE=\"1\">t</A>\n"));
  CHECK(first(reading).url == expected);
  CHECK(is_present(first(reading).url));
}

TEST_CASE("icons that Firefox made up are left out, and an address beside an icon is kept",
          "[netscape]") {
  auto reading = read_html(list_of("<DT><A HREF=\"u\" ICON_URI=\"fake-favicon-uri:1\">t</A>"));
  CHECK(is_absent(first(reading).icon));
  CHECK(reading.notices.size() == 1);
  reading =
      read_html(list_of("<DT><A HREF=\"u\" ICON_URI=\"http://e/i.ico\" ICON=\"data:x\">t</A>"));
  CHECK(first(reading).icon == "data:x");
  CHECK(shown(first(reading).extra) == " netscape.ICON_URI='http://e/i.ico'");
  reading = read_html(list_of("<DT><A HREF=\"u\" ICON_URI=\"http://e/i.ico\">t</A>"));
  CHECK(first(reading).icon == "http://e/i.ico");
}

TEST_CASE("linkding's notes and its archived tag are understood", "[netscape]") {
  auto reading = read_html(
      list_of("<DT><A HREF=\"u\" TAGS=\"a,linkding:bookmarks.archived\">t</A>\n"
              "<DD>about[linkding-notes]one [/linkding-notes] two[/linkding-notes] rest\n"));
  CHECK(first(reading).description == "about\nrest");
  CHECK(first(reading).notes == "one [/linkding-notes] two");
  CHECK(first(reading).archived == Flag::yes);
  CHECK(first(reading).tags.size() == 1);
  reading = read_html(list_of("<DT><A HREF=\"u\">t</A><DD>[linkding-notes]only\n"));
  CHECK(is_absent(first(reading).description));
  CHECK(first(reading).notes == "only");
  reading = read_html(list_of("<DT><A HREF=\"u\">t</A><DD>a &#91;linkding-notes]b\n"));
  CHECK(first(reading).description == "a [linkding-notes]b");
}

TEST_CASE("a description attribute is the description unless there is a DD", "[netscape]") {
  auto reading = read_html(list_of("<dt><a href=\"u\" description=\"one\ntwo &amp; 3\">t</a>"));
  CHECK(first(reading).description == "one\ntwo & 3");
  reading = read_html(list_of("<dt><a href=\"u\" description=\"one\">t</a><dd>dd"));
  CHECK(first(reading).description == "dd");
  CHECK(shown(first(reading).extra) == " netscape.description='one'");
}

TEST_CASE("every record has the line in which it begins", "[netscape]") {
  for (const std::string end : {"\n", "\r\n", "\r", "\n\r"}) {
    std::string html = "<!DOCTYPE NETSCAPE-Bookmark-file-1>" + end + "<DL><p>" + end;
    for (int i = 0; i < 500; ++i)
      html += "<DT><A HREF=\"" + std::to_string(i) + "\">t</A>" + end + "<DD>d" + end;
    const auto reading = read_html(html, {}, 300);
    REQUIRE(reading.bookmarks.size() == 500);
    for (std::size_t i = 0; i < 500; ++i) CHECK(reading.bookmarks[i]->line == 3 + 2 * i);
  }
}

TEST_CASE("an Instapaper list has the headings as folders", "[netscape]") {
  const auto reading = read_html(
      "<!DOCTYPE html>\n<html><head><title>Instapaper: "
      "Export</title></head><body>\n<h1>Unread</h1>\n<ol>\n"
      "<li><a href=\"http://a/?x&amp;y\">A &amp; B</a>\n\n<li><a "
      "href=\"http://b/\">B</a>\n</ol>\n<h1>Archive</h1>\n<ol>\n"
      "<li><a href=\"http://c/\">C</a>\n</ol>\n</body></html>\n");
  REQUIRE(reading.bookmarks.size() == 3);
  CHECK(shown(reading.bookmarks[0]->folders[0]) == "/Unread");
  CHECK(reading.bookmarks[0]->url == "http://a/?x&y");
  CHECK(reading.bookmarks[0]->title == "A & B");
  CHECK(shown(reading.bookmarks[2]->folders[0]) == "/Archive");
  CHECK(reading.folders.size() == 2);
}

TEST_CASE("reading goes on after any batch as if it had never stopped", "[netscape]") {
  std::string html = "<DT><H3>A</H3><DL><p>\n";
  for (int i = 0; i < 40; ++i) {
    html += "<DT><A HREF=\"" + std::to_string(i) + "\">t &amp; t</A>\n";
    if (i % 7 == 0) html += "<HR><DT><H3>F" + std::to_string(i) + "</H3>\n";
    if (i % 9 == 0) html += "<DL><p>";
  }
  html = list_of(html);
  for (const std::string& bytes : {html, "\xEF\xBB\xBF" + html}) {
    MemoryHost host({{"f", bytes}});
    const auto whole = read_html(bytes);
    for (const std::size_t limit : {std::size_t{1}, std::size_t{5}}) {
      common::NetscapeReader reader(host.open_file("f"), {}, 4096);
      std::vector<std::string> checkpoints;
      std::vector<std::size_t> read;
      Reading so_far;
      do {
        so_far.result = reader.read(so_far.batches.emplace_back(), limit, {});
        add_batch(so_far);
        checkpoints.push_back(so_far.batches.back().checkpoint);
        read.push_back(so_far.entries.size());
      } while (so_far.result == ReadResult::more);
      REQUIRE(so_far.entries == whole.entries);
      for (std::size_t i = 0; i < checkpoints.size(); ++i) {
        common::NetscapeReader other(host.open_file("f"), {}, 4096);
        REQUIRE(other.resume(checkpoints[i]));
        const auto rest = read_all(other, limit);
        REQUIRE(std::vector(whole.entries.begin() + static_cast<std::ptrdiff_t>(read[i]),
                            whole.entries.end()) == rest.entries);
        if (!rest.bookmarks.empty())
          CHECK(rest.bookmarks.back()->line == whole.bookmarks.back()->line);
      }
    }
  }
}

TEST_CASE("a checkpoint of something else changes nothing", "[netscape]") {
  MemoryHost host({{"f", list_of("<DT><A HREF=\"1\">t</A>\n")}});
  common::NetscapeReader reader(host.open_file("f"), {});
  for (const auto* text : {"", "1", "1;", "2;0;1;0000000000000;0;0;0;",
                           "1;99999;1;0000000000000;0;0;0;", "1;0;1;0000000000000;5;0;"}) {
    CHECK_FALSE(reader.resume(text));
  }
  CHECK(read_all(reader).bookmarks.size() == 1);
  CHECK(reader.rewind());
  CHECK(read_all(reader).bookmarks.size() == 1);
}

TEST_CASE("a pipe can be read but not rewound", "[netscape]") {
  MemoryHost host({{"-", list_of("<DT><A HREF=\"1\">t</A>\n")}});
  common::NetscapeReader reader(host.open_file("-"), {});
  CHECK(read_all(reader).bookmarks.size() == 1);
  CHECK_FALSE(reader.rewind());
  CHECK_FALSE(reader.resume("1;0;1;0000000000000;0;0;0;"));
}

TEST_CASE("a stop request is heard", "[netscape]") {
  MemoryHost host({{"f", list_of("<DT><A HREF=\"1\">t</A>\n")}});
  common::NetscapeReader reader(host.open_file("f"), {});
  std::stop_source stop;
  stop.request_stop();
  Batch batch;
  CHECK(reader.read(batch, 10, stop.get_token()) == ReadResult::more);
  CHECK(batch.bookmarks.empty());
  CHECK(read_all(reader).bookmarks.size() == 1);
}

TEST_CASE("what is a bookmark file is recognised by its beginning", "[netscape]") {
  CHECK(common::recognize_netscape(list_of(""), true) >= 90);
  CHECK(common::recognize_netscape("<!doctype netscape-bookmark-file-1>", true) >= 90);
  CHECK(common::recognize_netscape("<dl>\n<DT><A HREF=\"u\">t</A>", true) >= 70);
  CHECK(common::recognize_netscape("<h1>Unread</h1>\n<ol>\n<li><a href=\"u\">t</a>", true) >= 50);
  CHECK(common::recognize_netscape("", true) == 1);
  for (const auto* text :
       {"{\"a\": \"<DT><A HREF\"}", "<html><body>page <a href='x'>y</a></body></html>",
        "url,title\n", "PK\x03\x04"}) {
    CHECK(common::recognize_netscape(text, true) == 0);
  }
}

}  // namespace linkferry::test
