#include "pipeline/compare.hpp"

#include "support/bookmarks.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using linkferry::test::BookmarkMaker;

TEST_CASE("an absent text and an empty one differ", "[pipeline][compare]") {
  BookmarkMaker make;
  Bookmark absent = make.link("https://example.org/");
  Bookmark empty = absent;
  empty.title = "";
  CHECK(differing_fields(absent, empty) == std::vector<Field>{Field::title});
  CHECK(fingerprint(absent) != fingerprint(empty));
}

TEST_CASE("every field counts in a comparison, and in the fingerprint", "[pipeline][compare]") {
  BookmarkMaker make;
  const Bookmark base = make.link("https://example.org/");
  static const Highlight highlight{"text", {}, {}, {}};
  static const Media media{"https://example.org/a.png", {}, {}, {}};
  static const Post post{"https://example.org/1", {}, {}, {}, {}, {}, {}};
  static const Attribute attribute{"netscape.X", "1"};
  const Timestamp time = parse_rfc3339("2020-01-01");
  std::vector<std::pair<Field, Bookmark>> cases;
  const auto add = [&](Field field, auto change) {
    Bookmark other = base;
    change(other);
    cases.emplace_back(field, other);
  };
  add(Field::url, [](Bookmark& b) { b.url = "https://example.org/x"; });
  add(Field::title, [](Bookmark& b) { b.title = "x"; });
  add(Field::description, [](Bookmark& b) { b.description = "x"; });
  add(Field::notes, [](Bookmark& b) { b.notes = "x"; });
  add(Field::tags, [&](Bookmark& b) { b.tags = make.texts({"x"}); });
  add(Field::folders, [&](Bookmark& b) { b.folders = make.folders({{"x"}}); });
  add(Field::created_at, [&](Bookmark& b) { b.created_at = time; });
  add(Field::modified_at, [&](Bookmark& b) { b.modified_at = time; });
  add(Field::read_at, [&](Bookmark& b) { b.read_at = time; });
  add(Field::visited_at, [&](Bookmark& b) { b.visited_at = time; });
  add(Field::unread, [](Bookmark& b) { b.unread = Flag::no; });
  add(Field::favorite, [](Bookmark& b) { b.favorite = Flag::yes; });
  add(Field::archived, [](Bookmark& b) { b.archived = Flag::yes; });
  add(Field::shared, [](Bookmark& b) { b.shared = Flag::yes; });
  add(Field::kind, [](Bookmark& b) { b.kind = Kind::note; });
  add(Field::language, [](Bookmark& b) { b.language = "de"; });
  add(Field::icon, [](Bookmark& b) { b.icon = "data:,"; });
  add(Field::cover_url, [](Bookmark& b) { b.cover_url = "x"; });
  add(Field::keyword, [](Bookmark& b) { b.keyword = "x"; });
  add(Field::highlights, [](Bookmark& b) { b.highlights = {&highlight, 1}; });
  add(Field::media, [](Bookmark& b) { b.media = {&media, 1}; });
  add(Field::post, [](Bookmark& b) { b.post = &post; });
  add(Field::extra, [](Bookmark& b) { b.extra = {&attribute, 1}; });
  REQUIRE(cases.size() == field_count);
  for (const auto& [field, other] : cases) {
    INFO(name_of(field));
    CHECK(differing_fields(base, other) == std::vector<Field>{field});
    CHECK(fingerprint(base) != fingerprint(other));
  }
  CHECK(differing_fields(base, base).empty());
}

TEST_CASE("folders are a set, and the fingerprints of a record in two folders add up",
          "[pipeline][compare]") {
  BookmarkMaker make;
  Bookmark both = make.link("https://example.org/");
  Bookmark swapped = both;
  Bookmark first = both;
  Bookmark second = both;
  both.folders = make.folders({{"A"}, {"B", "C"}});
  swapped.folders = make.folders({{"B", "C"}, {"A"}});
  first.folders = make.folders({{"A"}});
  second.folders = make.folders({{"B", "C"}});
  CHECK(differing_fields(both, swapped).empty());
  CHECK(fingerprint(both) == fingerprint(swapped));
  CHECK(fingerprint(both).folders == fingerprint(first).folders + fingerprint(second).folders);
  CHECK(fingerprint(both).content == fingerprint(first).content);
}

TEST_CASE("where a record came from is not compared", "[pipeline][compare]") {
  BookmarkMaker make;
  Bookmark a = make.link("https://example.org/");
  Bookmark b = a;
  static const Origin origin{"netscape", "firefox", "1", {}, {}};
  b.origin = &origin;
  b.line = 12;
  CHECK(differing_fields(a, b).empty());
  CHECK(fingerprint(a) == fingerprint(b));
}

TEST_CASE("a creation that was broken off is known by all but its flags and its date",
          "[pipeline][compare]") {
  BookmarkMaker make;
  Bookmark sent = make.link("https://example.org/");
  sent.unread = Flag::no;
  sent.archived = Flag::yes;
  const std::uint64_t content = lasting_fingerprint(sent).content;
  Bookmark held = sent;
  CHECK(may_be_left_by(content, held));
  held.unread = Flag::yes;
  held.archived = Flag::no;
  held.created_at = parse_rfc3339("2020-01-01T00:00:00Z");
  held.modified_at = held.created_at;
  CHECK(may_be_left_by(content, held));
  held.title = "Mine";
  CHECK_FALSE(may_be_left_by(content, held));
}
