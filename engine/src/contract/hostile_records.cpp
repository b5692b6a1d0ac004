#include <fmt/format.h>

#include "contract/record_builder.hpp"

namespace linkferry::contract {
namespace {

constexpr Timestamp noon_2024{1'721'044'800, 0, Precision::second};

/// A record of the set with an address of its own.
RecordBuilder add(RecordSet& set, const std::string& name) {
  const std::string url = fmt::format("https://hostile.example/{}", set.records.size());
  RecordBuilder record(set, name);
  record.url(url).title(fmt::format("Record {}", set.records.size()));
  return record;
}

void add_full_and_empty(RecordSet& set) {
  auto full = add(set, "every field set");
  // The page and the uri of one post: two addresses, of which some services know only one.
  full.url("https://hostile.example/@ann/1")
      .description("A description")
      .notes("Notes")
      .tags({"one", "two"})
      .folder({"A", "B"})
      .created(noon_2024);
  full->modified_at = full->read_at = full->visited_at = {1'721'044'801, 0, Precision::second};
  full->unread = full->shared = Flag::yes;
  full->favorite = full->archived = Flag::no;
  full->language = "de";
  full->icon = "data:image/png;base64,iVBORw0KGgo=";
  full->cover_url = "https://hostile.example/cover.png";
  full->keyword = "kw";
  full->highlights = full.list<Highlight>(
      {{"A quoted sentence.", "my note", "yellow", noon_2024}, {"Another", {}, {}, {}}});
  full->media =
      full.list<Media>({{"https://hostile.example/a.png", "image", "What it shows", "a.png"}});
  static constexpr Post post{"https://hostile.example/users/ann/statuses/1",
                             "ann",
                             "https://hostile.example/@ann",
                             "<p>Hello</p>",
                             "spoiler",
                             "public",
                             {}};
  full->post = &post;
  full->extra = full.list<Attribute>({{"netscape.LAST_CHARSET", "UTF-8"},
                                      {"pocket.status", "archive"},
                                      {"other.\"odd\" <key>", "a & \"b\"\n<c>"}});
  RecordBuilder(set, "only an address").url("https://hostile.example/bare");
  auto empty = add(set, "every text empty");
  empty.title("").description("").notes("");
  empty->language = empty->icon = empty->cover_url = empty->keyword = "";
  auto note = RecordBuilder(set, "a note without an address");
  note.title("Shopping").notes("milk\n\nbread");
  note->kind = Kind::note;
}

void add_texts(RecordSet& set) {
  const auto everywhere = [&set](const std::string& name, std::string_view text) {
    add(set, name).title(text).description(text).notes(text);
  };
  everywhere("markup",
             R"(<b>&amp; "q" 'q'</a></DL> <!-- --> ]]> &nbsp; &copy=1 &#39; %3C </title>)");
  everywhere("an entry inside a text",
             "one\n<DT><A HREF=\"https://inner.example/\">two</A>\n<DD>three\n<HR></DL><p>");
  everywhere("what spreadsheets take for formulas", "=1+1,\"a\"\"b\";'c\n@x\t+y -z");
  everywhere("line breaks and indentation", "first\n\n    indented\n\ttab\nlast");
  everywhere("blanks around", "  \n both ends \t ");
  everywhere("right to left and marks", "\xE2\x80\xAEשלום עולם\xE2\x80\xAC مرحبا e\xCC\x81");
  everywhere("emoji", "👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 𝄞");
  everywhere("odd blanks",
             "\xEF\xBB\xBFstart\xC2\xA0nbsp\xE2\x80\xA8line\xE2\x80\x8Bzero\xE3\x80\x80wide");
  everywhere("delete, C1 controls and noncharacters",
             "a\x7F"
             "b\xC2\x85"
             "c\xEF\xBF\xBE"
             "d\xEF\xBF\xBF"
             "e\xF4\x8F\xBF\xBF");
  everywhere("backslashes", "C:\\new\\table \\n \\\" \\u0041 \\");
  everywhere("words that look like values", "null");
  everywhere("a lone zero", "0");
  add(set, "marks of another program")
      .description("before [linkding-notes]inside[/linkding-notes] after");
  add(set, "a title that is the address")
      .title("https://hostile.example/" + std::to_string(set.records.size() - 1));
  add(set, "a long line").description(std::string(70'000, 'x'));
}

void add_tags_and_folders(RecordSet& set) {
  add(set, "tags with separators")
      .tags({"a,b", "c|d", "e;f", "two words", "#hash", "\"quoted\"", "x/y", "g, h"});
  add(set, "tags in an order of their own").tags({"zulu", "Alpha", "mike", "alpha", "ÄÖ"});
  add(set, "tags with markup").tags({"<b>", "&amp;", "a=b", "it's"});
  add(set, "a tag that means none elsewhere").tags({"no_tag"});
  add(set, "tags with blanks around").tags({" padded ", "tab\ttab", "line\nbreak"});
  add(set, "several folders").folder({"A", "B"}).folder({"C"}).folder({"A"});
  add(set, "folder names with separators").folder({"a/b", "c / d", "e\\f", "g|h", "i,j"});
  add(set, "folder names with markup").folder({"<H3>x</H3>", "&amp;", "\"quoted\""});
  add(set, "folder names that are paths elsewhere").folder({".", "..", "/"});
  add(set, "folder names with blanks around").folder({" padded ", "line\nbreak"});
  add(set, "a folder without a name").folder({"Named", "", "Inner"});
  add(set, "folders called as the roots of programs").folder({"Unsorted"});
}

void add_dates(RecordSet& set) {
  add(set, "before 1970").created({-157'766'400, 0, Precision::second});
  add(set, "the second 0").created({0, 0, Precision::second});
  add(set, "one second before 1970").created({-1, 0, Precision::second});
  add(set, "the last second of 9999").created({253'402'300'799, 0, Precision::second});
  add(set, "the first second of year 1").created({-62'135'596'800, 0, Precision::second});
  add(set, "a day").created({1'720'915'200, 0, Precision::day});
  add(set, "milliseconds").created({1'721'044'800, 7'000'000, Precision::millisecond});
  add(set, "microseconds").created({1'721'044'800, 123'456'000, Precision::microsecond});
  add(set, "nanoseconds").created({1'721'044'800, 123'456'789, Precision::nanosecond});
  add(set, "nanoseconds before 1970").created({-2, 999'999'999, Precision::nanosecond});
  add(set, "1973, whose milliseconds look like seconds")
      .created({99'999'999, 5'000'000, Precision::millisecond});
  auto modified = add(set, "changed but never made");
  modified->modified_at = noon_2024;
}

void add_flags_and_kinds(RecordSet& set) {
  for (const auto field :
       {&Bookmark::unread, &Bookmark::favorite, &Bookmark::archived, &Bookmark::shared}) {
    for (const Flag flag : {Flag::no, Flag::yes}) {
      auto record = add(set, fmt::format("one flag {}", flag == Flag::yes ? "set" : "clear"));
      (*record.operator->()).*field = flag;
    }
  }
  auto contradiction = add(set, "unread and archived");
  contradiction->unread = contradiction->archived = Flag::yes;
  for (const Kind kind : {Kind::code, Kind::image, Kind::post}) {
    add(set, fmt::format("kind {}", name_of(kind)))->kind = kind;
  }
}

void add_addresses(RecordSet& set) {
  const std::string long_url = "https://long.example/?" + std::string(60'000, 'u');
  for (const std::string_view url :
       {std::string_view("javascript:alert('x y')"),
        std::string_view("data:text/html,<b title=\"x\">&amp;</b>"),
        std::string_view("place:type=6&sort=14&maxResults=10"), std::string_view("b0rked"),
        std::string_view("?relative"), std::string_view("//scheme-relative.example/x"),
        std::string_view("file:///C:/a b/c"),
        std::string_view("https://bücher.example/ü?a=b&copy=1&lt=2&amp;x#frag"),
        std::string_view("https://end.example/&copy"),
        std::string_view("HTTP://UPPER.example:80/%7Ea/../b//"),
        std::string_view("https://quote.example/?x=\"'<>`{}|\\^"),
        std::string_view("https://blank.example/a b"),
        std::string_view(" https://around.example/ "),
        std::string_view("https://comma.example/a,b;c|d"), std::string_view(long_url)}) {
    RecordBuilder(set, fmt::format("the address {}", url.substr(0, 50)))
        .url(url)
        .title("An odd address");
  }
}

}  // namespace

RecordSet hostile_records() {
  RecordSet set;
  add_full_and_empty(set);
  add_texts(set);
  add_tags_and_folders(set);
  add_dates(set);
  add_flags_and_kinds(set);
  add_addresses(set);
  return set;
}

}  // namespace linkferry::contract
