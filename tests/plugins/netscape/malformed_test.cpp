#include "netscape_files.hpp"
#include "support/catch.hpp"

namespace linkferry::test {
namespace {

/// Each entry as `url|title|description`.
std::vector<std::string> brief(const Reading& reading) {
  std::vector<std::string> all;
  for (const auto* b : reading.bookmarks) {
    all.push_back(std::string(b->url) + "|" + std::string(b->title) + "|" +
                  std::string(b->description));
  }
  return all;
}

using Entries = std::vector<std::string>;

}  // namespace

TEST_CASE("files that are written wrong are read as they were meant", "[netscape][malformed]") {
  struct Case {
    std::string html;
    Entries expected;
  };
  const std::vector<Case> cases = {
      // What is around the entries
      {"\xEF\xBB\xBF<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p><DT><A HREF=\"1\">a</A>\n</DL><p>",
       {"1|a|"}},
      {"<DL>\n<DT><A HREF=\"1\">a</A>\n</DL>", {"1|a|"}},
      {"<DT><A HREF=\"1\">a</A>", {"1|a|"}},
      {"<H1>x</H1><DT><A HREF=\"1\">a</A>\n<DT><A HREF=\"2\">b</A>\n", {"1|a|", "2|b|"}},
      {"<!-- one --><!-- two --><META charset=utf-8>x<H1></H1><dl><dt><a "
       "href=1>a</a></dl></dl></dl><dt><a href=2>b</a>",
       {"1|a|", "2|b|"}},
      {"<html><head/><body><DL></p><DT><A HREF=\"1\">a</A></DT></DL></p></body></html>", {"1|a|"}},
      {"<DL><p><DT><A HREF=\"1\">a</A></DL><script>document.write('<DT><A "
       "HREF=\"x\">y</A>')</script>",
       {"1|a|"}},
      {"<DL><p><DT><A HREF=\"1\">a</A></DL>\n<DL><DT><A HREF=\"2\">b</A>", {"1|a|", "2|b|"}},
      {"<!DOCTYPE NETSCAPE-Bookmark-file-1><META "
       "CONTENT=\"a\"><TITLE>b</TITLE><H1>c</H1><DL><DT><A HREF=\"1\">a</A><DT><A "
       "HREF=\"2\">b</A></DL>",
       {"1|a|", "2|b|"}},
      {"<DL><p>\n<!-- <DT><A HREF=\"x\">y</A> -->\n<DT><A HREF=\"1\">a</A>\n", {"1|a|"}},
      {"<DL><!-- never closed <DT><A HREF=\"1\">a</A>", {"1|a|"}},
      // The entry itself
      {"<DL>\nDT><A HREF=\"1\">a</A>\n<DD>x\nDT><A HREF=\"2\">b</A>\n", {"1|a|x", "2|b|"}},
      {"<DL>\n<A HREF=\"1\">a</A>\n  <A HREF=\"2\">b</A> <A HREF=\"no\">c</A>\n</DL>",
       {"1|a|", "2|b|"}},
      {"<DL><DT><p> <A HREF=\"1\">a</A>", {"1|a|"}},
      {"<DL><DT>\n  <A\n HREF='1'\n TAGS=x\n>\n  a\n  b\n</A\n>\n", {"1|a b|"}},
      {"<DL><DT><a Href = \"1\" FOLDED>a</A><DT><A HREF=1 >b</A>", {"1|a|", "1|b|"}},
      {"<DL><DT><A ADD_DATE=\"1\">no address</A><DT><A HREF=\"\">empty</A>",
       {"|no address|", "|empty|"}},
      {"<DL><DT><A HREF=\"1\">a <b>bold</b> &amp; <img src=x></A>",
       {"1|a <b>bold</b> & <img src=x>|"}},
      {"<DL><DT><A HREF=\"1\"></A><DT><A HREF=\"2\"> \n </A>", {"1||", "2||"}},
      {"<DL><DT><A HREF=\"1\">a\n<DT><A HREF=\"2\">b</A>", {"1|a|", "2|b|"}},
      {"<DL><DT><A HREF=\"1\">a<DD>d</DL>", {"1|a|d"}},
      // What decides stands far behind
      {"<DL><H1>x</H1 " + std::string(150, 'y') +
           "<DT><A HREF=\"1\">a</A>\n<DT><A HREF=\"2\">b</A>\n",
       {"1|a|", "2|b|"}},
      {"<DL><DT><A HREF='1' TAGS=\"a>b\"c<DT <a x1" + std::string(150, ' ') +
           "=y\"<z/><A HREF=\"2\">b</A></DL>",
       {"1|<z/><A HREF=\"2\">b|"}},
      {"<DL><DT><A HREF=\"1\"\n<DT><A HREF=\"2\">b</A>", {"1||", "2|b|"}},
      {"<DL><DT><A HREF=\"a > b < c\" ADD_DATE=\"1\">a</A>", {"a > b < c|a|"}},
      // Quotes
      {"<DL><DT><A HREF=\"http://a>T</A>\n<DT><A HREF=\"2\">b</A>\n", {"http://a|T|", "2|b|"}},
      {"<DL><DT><A HREF=\"http://a ADD_DATE=\"1\">T</A>\n<DT><A HREF=\"2\">b</A>\n",
       {"http://a|T|", "2|b|"}},
      {"<DL><DT><A HREF=\"1\" TAGS=\"x>T</A>\n<DT><A HREF=\"2\">b</A>\n", {"1|T|", "2|b|"}},
      {"<DL><DT><A HREF=\"https://e/\"q\"\" ADD_DATE=\"1\">T</A>\n", {"https://e/\"q\"|T|"}},
      {"<DL><DT><A HREF=\"1\"ADD_DATE=\"1\">T</A>\n", {"1|T|"}},
      {"<DL><DT><A HREF=\"1\" \" >T</A><DT><A HREF=\"2\">b</A>", {"1|T|", "2|b|"}},
      // Descriptions
      {"<DL><DT><A HREF=\"1\">a</A>\n<DD>x <a href=\"no\"><img/></a>\n  <li>#CLE ---> "
       "#V</li></code>\n</DL>",
       {"1|a|x <a href=\"no\"><img/></a>\n  <li>#CLE ---> #V</li></code>"}},
      {"<DL><DT><A HREF=\"1\">a</A>\n<DD>\n  one\n    two\n\nthree  \n\n<DT><A "
       "HREF=\"2\">b</A><DD>\n<DT><A HREF=\"3\">c</A>",
       {"1|a|one\n    two\n\nthree", "2|b|", "3|c|"}},
      {"<DL><DT><A HREF=\"1\">a</A>\n<DD>last line</DL>\n<DT><A HREF=\"2\">b</A>",
       {"1|a|last line", "2|b|"}},
      {"<DL><DT><DD>before</DD>\n<A HREF=\"1\">a</A>\n<DT><DD>b2 <A HREF=\"2\">b</A><DD>after",
       {"1|a|before", "2|b|b2\nafter"}},
      {"<DL><DT><A HREF=\"1\">a</A></DT>\n<DD>d</DD></DT>\n<DT><A HREF=\"2\">b</A></DT>",
       {"1|a|d", "2|b|"}},
      {"<DL><DT><A HREF=\"1\">a</A><DD>d<HR><DT><A HREF=\"2\">b</A>", {"1|a|d", "2|b|"}},
      {"<DL><DT><A HREF=\"1\">a</A><DD>one<DD>two", {"1|a|one\ntwo"}},
      {"<DL><DT><H3>F</H3><DD>of the folder\n<DL><DT><A HREF=\"1\">a</A></DL>", {"1|a|"}},
      {"<DL><DT><A HREF=\"1\">a</A><DD>&amp;#8230; a < b", {"1|a|&#8230; a < b"}},
  };
  for (const auto& [html, expected] : cases) {
    CAPTURE(html);
    CHECK(brief(read_html(html)) == expected);
    CHECK(brief(skim_html(html)) == expected);
    // The same in blocks of any size, and however the file is read.
    for (const std::size_t block : {std::size_t{33}, std::size_t{64}, std::size_t{101}}) {
      for (const auto& sizes : std::vector<std::vector<std::size_t>>{{}, {1}, {2}, {3}, {7}}) {
        CHECK(brief(read_html(html, {}, block, sizes)) == expected);
      }
      CHECK(brief(skim_html(html, {}, block)) == expected);
    }
  }
}

TEST_CASE("a value that was repaired, or a text that was left out, is noticed with its line",
          "[netscape][malformed]") {
  CHECK(read_html(list_of("<DT><A HREF=\"1>a</A>\n<DT><A HREF=\"2\">b</A>\n"))
            .notices.at("a quote was missing or stood inside a value: the value was read as it "
                        "seems meant") == 6);
  CHECK(read_html(list_of("\n<DT><A HREF=\"1\" ADD_DATE=\"x\">a</A>\n"))
            .notices.at("a date that is no date was left out") == 7);
  CHECK(read_html(list_of("<HR><DD>lost\n<DT><A HREF=\"1\">a</A>\n"))
            .notices.count("a description that belongs to no entry was left out") == 1);
  CHECK(read_html(list_of("<DT><A HREF=\"1\" PRIVATE=\"maybe\">a</A>\n"))
            .notices.count("a flag that is neither yes nor no was left out") == 1);
  CHECK(read_html(list_of("<DT><A HREF=\"1\" PRIVATE=\"1\">a</A>\n<DD>x\n")).notices.empty());
}

TEST_CASE("a file that ends inside something is read as far as it goes and said to be incomplete",
          "[netscape][malformed]") {
  struct Case {
    std::string end;
    std::size_t bookmarks;
    std::size_t rejections;
    std::string notice;
  };
  const std::vector<Case> cases = {
      {"<DT><A HREF=\"2\">Tit", 2, 0,
       "the file is cut off: it ends inside a link: <A> without </A>"},
      {"<DT><A HREF=\"2\">Title</A", 2, 0,
       "the file is cut off: it ends inside a link: <A> without </A>"},
      {"<DT><A HREF=\"2\" ADD_", 1, 1, "the file is cut off: it ends inside a tag"},
      {"<DT><A HREF=\"http://x", 1, 1, "the file is cut off: it ends inside an attribute value"},
      {"<DT><H3 ADD_DATE=\"1", 1, 0, "the file is cut off: it ends inside an attribute value"},
      {"<DT><H3>Fold", 1, 0,
       "the file is cut off: it ends inside a folder's name: <H3> without </H3>"},
      {"<DT", 1, 0, "the file is cut off: it ends inside a tag"},
      {"</DL", 1, 0, "the file is cut off: it ends inside a tag"},
  };
  for (const auto& [end, bookmarks, rejections, notice] : cases) {
    CAPTURE(end);
    for (const std::size_t block : {std::size_t{40}, std::size_t{4096}}) {
      const auto reading =
          read_html("<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n<DT><A HREF=\"1\">a</A>\n" + end,
                    {}, block);
      CHECK(reading.result == ReadResult::incomplete);
      CHECK(reading.bookmarks.size() == bookmarks);
      CHECK(reading.rejections.size() == rejections);
      REQUIRE(reading.notices.count(notice) == 1);
      CHECK(reading.notices.at(notice) == 4);
    }
  }
}

TEST_CASE("a list without its end, or with a cut description, is not incomplete",
          "[netscape][malformed]") {
  for (const auto* end : {"", "<DD>desc", "<DT>", "<DD>a < b", "\n\n"}) {
    const auto reading =
        read_html("<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n<DT><A HREF=\"1\">a</A>\n" +
                  std::string(end));
    CHECK(reading.result == ReadResult::end);
    CHECK(reading.bookmarks.size() == 1);
  }
}

TEST_CASE("an empty file is an empty list", "[netscape][malformed]") {
  for (const auto* text : {"", " \n\n", "\xEF\xBB\xBF"}) {
    const auto reading = read_html(text);
    CHECK(reading.result == ReadResult::end);
    CHECK(reading.entries.empty());
  }
}

TEST_CASE("a file that is no bookmark file is refused, and it is said what it looks like",
          "[netscape][malformed]") {
  const auto [bytes, what] = GENERATE(table<std::string, std::string>({
      {"{\"a\": 1}", "JSON"},
      {"\x89PNG\r\n\x1a\n....", "a PNG image"},
      {"<html><head><title>Not a bookmark file</title></head>\n<body>Just a page <a "
       "href=\"x\">y</a></body></html>",
       "an HTML page"},
      {"hello\n", "plain text"},
      {"id,title,url\n1,2,3\n", "a table (CSV)"},
      {std::string("\1\2\0\3", 4), "binary data"},
      {"<?xml version=\"1.0\"?><xbel/>", "XML"},
      {std::string(3'000'000, 'x'), "plain text"},
  }));
  try {
    read_html(bytes);
    FAIL("not refused");
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::configuration);
    CHECK(std::string(failure.what())
              .find("in.html: this is no bookmark file; it looks like " + what) == 0);
  }
}

TEST_CASE("a value, title or description of more than 16 MiB is rejected and the rest is read",
          "[netscape][malformed]") {
  const std::string large(17 * 1024 * 1024, 'x');
  const std::string huge(60 * 1024 * 1024, 'x');
  for (const auto& text : {large, huge}) {
    for (const auto& entry :
         {"<DT><A HREF=\"" + text + "\">t</A>\n", "<DT><A HREF=\"u\" TAGS=\"" + text + "\">t</A>\n",
          "<DT><A HREF=\"u\">" + text + "</A>\n", "<DT><A HREF=\"u\">t</A><DD>" + text + "\n"}) {
      const auto reading =
          read_html(list_of("<DT><A HREF=\"1\">a</A>\n" + entry + "<DT><A HREF=\"2\">b</A>\n"));
      CHECK(brief(reading) == Entries{"1|a|", "2|b|"});
      CHECK(reading.rejections == Entries{"a value or text is larger than 16 MiB"});
    }
  }
}

TEST_CASE("large values below the limit are read whole", "[netscape][malformed]") {
  const std::string large(3 * 1024 * 1024, 'x');
  const auto reading = read_html(list_of("<DT><A HREF=\"u\" ICON=\"data:" + large + "\">" + large +
                                         "</A>\n<DD>" + large + "\n"));
  REQUIRE(reading.bookmarks.size() == 1);
  CHECK(reading.bookmarks[0]->title == large);
  CHECK(reading.bookmarks[0]->description == large);
  CHECK(reading.bookmarks[0]->icon.size() == large.size() + 5);
}

TEST_CASE("folders are kept to a thousand levels, entries below them too",
          "[netscape][malformed]") {
  std::string html;
  for (int i = 0; i < 100'000; ++i) html += "<DT><H3>f</H3><DL><p>";
  html += "<DT><A HREF=\"deep\">t</A>";
  for (int i = 0; i < 99'999; ++i) html += "</DL>";
  html += "<DT><A HREF=\"one\">t</A></DL><DT><A HREF=\"root\">t</A>";
  const auto reading = read_html(list_of(html));
  REQUIRE(reading.bookmarks.size() == 3);
  CHECK(reading.bookmarks[0]->folders[0].size() == max_folder_depth);
  CHECK(reading.bookmarks[1]->folders[0].size() == 1);
  CHECK(reading.bookmarks[2]->folders.empty());
  CHECK(reading.folders.size() == max_folder_depth);
  CHECK(reading.notices.size() == 1);
}

TEST_CASE("garbage of any kind neither stops the reading nor grows the memory",
          "[netscape][malformed]") {
  const std::string entry = "<DT><A HREF=\"1\">a</A>\n";
  for (const std::string piece : {"<", "<!--", "<a", "</dl>", "<dl>", "\"", "&", "<dt><dd>", "<h3>",
                                  "<DT", "<hr ", "<A HREF=\"", "<script>", "<!"}) {
    std::string garbage;
    while (garbage.size() < 2'000'000) garbage += piece;
    CAPTURE(piece);
    for (const std::size_t block : {std::size_t{4096}, std::size_t{256 * 1024}}) {
      const auto reading = read_html(list_of(entry + garbage + "\n" + entry), {}, block);
      CHECK(reading.bookmarks.size() >= 1);
    }
  }
}

}  // namespace linkferry::test
