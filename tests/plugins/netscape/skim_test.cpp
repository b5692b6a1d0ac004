#include <filesystem>
#include <fstream>
#include <iterator>

#include "netscape_files.hpp"
#include "support/catch.hpp"

namespace linkferry::test {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Skims and completes, and compares with a full reading. Returns how many bookmarks there are.
std::size_t check_skimming(const std::string& bytes, const common::NetscapeOptions& options = {}) {
  std::size_t count = 0;
  for (const std::size_t block : {common::NetscapeReader::usual_block_bytes, std::size_t{500}}) {
    Reading whole;
    try {
      whole = read_html(bytes, options, block);
    } catch (const Failure&) {
      CHECK_THROWS_AS(skim_html(bytes, options, block), Failure);
      continue;
    }
    const Reading skimmed = skim_html(bytes, options, block);
    CHECK(skimmed.entries == whole.entries);
    CHECK(skimmed.places == whole.places);
    CHECK(skimmed.rejections == whole.rejections);
    CHECK(skimmed.result == whole.result);
    count = whole.bookmarks.size();
  }
  return count;
}

const std::string usual_entries =
    "    <DT><A HREF=\"https://e.org/?a=1&amp;b=2&c\" ADD_DATE=\"1700000000\" "
    "LAST_MODIFIED=\"1700000001\" ICON_URI=\"https://e.org/i.png\" ICON=\"data:image/png;base64,"
    "iVBORw0KGgo=\" SHORTCUTURL=\"k\" TAGS=\"a,b &amp; c\" LAST_CHARSET=\"UTF-8\">T &lt; t</A>\n"
    "    <DD>One line &amp; more\n"
    "    <DT><A HREF=\"2\" ADD_DATE=\"1700000000\" LAST_MODIFIED=\"17000000x1\">b</A>\n"
    "    <DT><A HREF=\"3\" TOREAD=\"1\" PRIVATE=\"1\" TAGS=\"linkding:bookmarks.archived\">c</A>\n"
    "    <DD>two\nlines [linkding-notes]and notes[/linkding-notes]\n<DD>and another\n"
    "    <DT><H3 ADD_DATE=\"1700000000\">F &amp; F</H3>\n    <DL><p>\n"
    "        <DT><A HREF=\"4\" ADD_DATE=\"\" HREF=\"no\">\n a \n title </A>\n"
    "        <HR>\n"
    "        <dt><a href='5' tags=x>d</a>\n"
    "        <DT><A HREF=\"6\">e</A> <DT><A HREF=\"7\">f</A></DT>\n"
    "        <DT><A HREF=\"8 &lt;\tx\" TAGS=\"a\tb\">\tg\t</A>\n<dd>\th\ti\n"
    "    </DL><p>\n"
    "    <DT><A HREF=\"9\">not a < b</A>\n"
    "    <DT><A HREF=\"9a\" ICON_URI=\"i\" DESCRIPTION=\"d\">no others</A>\n"
    "    <DT><A ADD_DATE=\"1700000000\">no address</A>\n"
    "    <DT><A HREF=\"10\">the last but one</A>\n"
    "    <DT><A HREF=\"11\">the last, in its own folder &quot;F&quot;</A>\n";

}  // namespace

TEST_CASE("what is skimmed and completed is what is read at once", "[netscape][skim]") {
  CHECK(check_skimming(list_of(usual_entries)) == 13);
  CHECK(check_skimming(list_of(usual_entries), {.has_blank_separated_tags = true}) == 13);
  CHECK(check_skimming("<!-- texts in this file are raw: no character references -->" +
                       list_of(usual_entries)) == 13);
  CHECK(check_skimming("<DL>\n<A HREF=\"1\">a</A>\n<A HREF=\"2\">b</A>\n</DL>") == 2);
  CHECK(check_skimming("<H1>x</H1><ol><li><a href=\"1\">a</a><li><a href=\"2\">b</a></ol>") == 2);
  CHECK(check_skimming(list_of(usual_entries + "<DT><A HREF=\"cut off")) == 13);
  for (const std::string& end : {std::string("\r\n"), std::string("\r")}) {
    std::string bytes;
    for (const char c : list_of(usual_entries)) bytes += c == '\n' ? end : std::string(1, c);
    CHECK(check_skimming(bytes) == 13);
  }
}

TEST_CASE("any file is skimmed as it is read", "[netscape][skim]") {
  std::size_t files = 0;
  for (const char* folder : {LINKFERRY_SOURCE "/tests/fuzz/corpus/netscape", LINKFERRY_SAMPLES}) {
    if (!fs::exists(folder)) {
      WARN("the sample files are not here: they were not skimmed");
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file() || entry.file_size() > 4'000'000) continue;
      CAPTURE(entry.path().string());
      check_skimming(bytes_of(entry.path()));
      ++files;
    }
  }
  CHECK(files >= 9);
}

TEST_CASE("an entry as browsers write it is left as it is, any other is read at once",
          "[netscape][skim]") {
  MemoryHost host({{"f", list_of("<DT><A HREF=\"1\" TAGS=\"a\">x</A>\n<DD>y\n"
                                 "<DT><A HREF=\"2\" TAGS=\"a>unclosed</A>\n"
                                 "<DT><A HREF=\"3\" FOO=\"a\">z</A>\n"
                                 "<DT><A HREF=\"4\">the last</A>\n")}});
  common::NetscapeReader reader(host.open_file("f"), {});
  REQUIRE(reader.skim());
  Batch batch;
  reader.read(batch, 100, {});
  REQUIRE(batch.bookmarks.size() == 4);
  REQUIRE(batch.rests.size() == 4);
  CHECK(batch.rests[0] == "<A HREF=\"1\" TAGS=\"a\">x</A>\n<DD>y\n");
  CHECK(is_absent(batch.bookmarks[0].title));
  CHECK(is_absent(batch.rests[1]));
  CHECK(batch.bookmarks[1].title == "unclosed");
  CHECK(batch.rests[2] == "<A HREF=\"3\" FOO=\"a\">z</A>\n");
  CHECK(batch.bookmarks[2].url == "3");
}

TEST_CASE("a rewind ends skimming, and what cannot be rewound is not skimmed", "[netscape][skim]") {
  MemoryHost host({{"f", list_of(usual_entries)}, {"-", list_of(usual_entries)}});
  const auto whole = read_html(list_of(usual_entries)).entries;
  common::NetscapeReader reader(host.open_file("f"), {});
  CHECK(read_skimmed(reader, 5).entries == whole);
  REQUIRE(reader.rewind());
  const auto again = read_all(reader);
  CHECK(again.entries == whole);
  CHECK(again.batches.front().rests.empty());
  common::NetscapeReader pipe(host.open_file("-"), {});
  CHECK_FALSE(pipe.skim());
  CHECK(read_all(pipe).entries == whole);
}

TEST_CASE("texts are vouched for until the first control character", "[netscape][skim]") {
  const auto are_clean = [](const std::string& entry, bool is_skimmed) {
    MemoryHost host({{"f", list_of(entry + "<DT><A HREF=\"https://e.org/\">the last</A>\n")}});
    common::NetscapeReader reader(host.open_file("f"), {});
    const Reading reading = is_skimmed ? read_skimmed(reader) : read_all(reader);
    return reading.batches.front().are_texts_clean;
  };
  for (const bool is_skimmed : {false, true}) {
    CHECK(are_clean("<DT><A HREF=\"1\" TAGS=\"a\tb\">x\ny</A>\n<DD>c\n\td\n", is_skimmed));
    for (const std::string entry :
         {"<DT><A HREF=\"1\x01\">x</A>\n", "<DT><A HREF=\"1\" TAGS=\"a\x1F\">x</A>\n",
          "<DT><A HREF=\"1\" FOO=\"\x02\">x</A>\n", "<DT><A HREF=\"1\">x\r</A>\n",
          "<DT><A HREF=\"1\">x</A>\n<DD>d\x03\n", "<DT><A HREF=\"1\">x</A>\n\n<DD>a\n<DD>\x04\n",
          "<DT><H3>\x05</H3>\n", "<DT><A HREF=\"1\" TAGS=\"\x06>x</A>\n"}) {
      CAPTURE(entry, is_skimmed);
      CHECK_FALSE(are_clean(entry, is_skimmed));
    }
  }
}

TEST_CASE("an entry knows its line, whatever stands before it", "[netscape]") {
  const std::string entries =
      "<DT><A HREF=\"6\">a</A>\n<DD>two\nlines\n<DT><A HREF=\"9\" TAGS=\"a\n\nb\">c\nd</A>\n\n"
      "\t<DT><A HREF=\"14\">e</A><DT><A HREF=\"14\">f</A>\n  <p>\n<DD>g\n\n<DD>h\n"
      "<DT><A HREF=\"19\">i</A>\n<!-- \n\n -->\n<DT>\n<A HREF=\"24\">j</A>\n";
  for (const std::string& end : {std::string("\n"), std::string("\r\n"), std::string("\r")}) {
    std::string bytes;
    for (const char c : list_of(entries)) bytes += c == '\n' ? end : std::string(1, c);
    CAPTURE(end);
    const auto reading = read_html(bytes);
    REQUIRE(reading.bookmarks.size() == 6);
    for (const auto* bookmark : reading.bookmarks)
      CHECK(std::to_string(bookmark->line) == bookmark->url);
  }
}

}  // namespace linkferry::test
