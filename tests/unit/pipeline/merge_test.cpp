#include "pipeline/merge.hpp"

#include "support/bookmarks.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using linkferry::test::as_strings;
using linkferry::test::BookmarkMaker;

namespace {

Bookmark merged(std::vector<Bookmark> parents, BookmarkMaker& make) {
  return merge(parents, make.arena()).bookmark;
}

}  // namespace

TEST_CASE("merged tags and folders are unions in first-seen order", "[pipeline][merge]") {
  BookmarkMaker make;
  Bookmark a = make.link("https://example.org/");
  Bookmark b = a;
  a.tags = make.texts({"one", "two"});
  b.tags = make.texts({"two", "Two", "three"});
  a.folders = make.folders({{"A", "B"}});
  b.folders = make.folders({{"C"}, {"A", "B"}});
  const Bookmark result = merged({a, b}, make);
  CHECK(as_strings(result.tags) == std::vector<std::string>{"one", "two", "Two", "three"});
  CHECK(as_strings(result.folders) == std::vector<std::vector<std::string>>{{"A", "B"}, {"C"}});
}

TEST_CASE(
    "a merged bookmark was created when its earliest parent was, and changed when its latest was",
    "[pipeline][merge]") {
  BookmarkMaker make;
  Bookmark a = make.link("https://example.org/");
  Bookmark b = a;
  Bookmark unknown = a;
  a.created_at = parse_rfc3339("2020-01-02T00:00:00Z");
  b.created_at = parse_rfc3339("1965-01-01T00:00:00Z");
  a.modified_at = parse_rfc3339("2021-01-01");
  b.modified_at = parse_rfc3339("2022-01-01");
  const Bookmark result = merged({unknown, a, b}, make);
  CHECK(format_rfc3339(result.created_at) == "1965-01-01T00:00:00Z");
  CHECK(format_rfc3339(result.modified_at) == "2022-01-01");
  CHECK_FALSE(result.read_at.is_known());
}

TEST_CASE("a title that is only the URL yields to one that says more", "[pipeline][merge]") {
  BookmarkMaker make;
  const Bookmark bare = make.link("https://example.org/", "https://example.org/");
  const Bookmark empty = make.link("https://example.org/", "");
  const Bookmark titled = make.link("https://example.org/", "Example");
  CHECK(merged({bare, empty, titled}, make).title == "Example");
  CHECK(merged({empty, bare}, make).title == "https://example.org/");
  CHECK(is_absent(
      merged({make.link("https://example.org/"), make.link("https://example.org/")}, make).title));
}

TEST_CASE("a description that does not win goes to the notes unless the winner contains it",
          "[pipeline][merge]") {
  BookmarkMaker make;
  Bookmark a = make.link("https://example.org/");
  Bookmark b = a;
  Bookmark c = a;
  a.description = "short";
  b.description = "a long description";
  c.description = "long";
  b.notes = "note";
  const Bookmark result = merged({a, b, c}, make);
  CHECK(result.description == "a long description");
  CHECK(result.notes == "note\n\nshort");
}

TEST_CASE(
    "favorite and shared are true if any parent says so; archived and unread only if all that know "
    "do",
    "[pipeline][merge]") {
  BookmarkMaker make;
  Bookmark a = make.link("https://example.org/");
  Bookmark b = a;
  Bookmark c = a;
  a.favorite = Flag::no, b.favorite = Flag::yes;
  a.shared = Flag::no;
  a.archived = Flag::yes, b.archived = Flag::yes;
  a.unread = Flag::yes, b.unread = Flag::no;
  const Bookmark result = merged({a, b, c}, make);
  CHECK(result.favorite == Flag::yes);
  CHECK(result.shared == Flag::no);
  CHECK(result.archived == Flag::yes);
  CHECK(result.unread == Flag::no);
}

TEST_CASE("a second value of an extra attribute is kept beside the first", "[pipeline][merge]") {
  BookmarkMaker make;
  Bookmark a = make.link("https://example.org/");
  Bookmark b = a;
  Bookmark c = a;
  a.extra = make.extra({{"netscape.ID", "1"}});
  b.extra = make.extra({{"netscape.ID", "2"}, {"netscape.X", "x"}});
  c.extra = make.extra({{"netscape.ID", "2"}, {"netscape.ID", "3"}});
  const Bookmark result = merged({a, b, c}, make);
  std::string all;
  for (const Attribute& attribute : result.extra)
    all += std::string(attribute.name) + "=" + std::string(attribute.value) + " ";
  CHECK(all == "netscape.ID=1 netscape.ID#2=2 netscape.X=x netscape.ID#3=3 ");
}

TEST_CASE("what is in several folders was changed when one of them was changed last",
          "[pipeline][merge]") {
  BookmarkMaker make;
  std::vector<Bookmark> parents{make.link("https://a.example/"), make.link("https://a.example/"),
                                make.link("https://a.example/")};
  Origin first{{}, {}, "1", {}, {}, parse_rfc3339("2020-01-01")};
  Origin second{{}, {}, "2", {}, {}, parse_rfc3339("2022-01-01")};
  parents[0].origin = &first;
  parents[2].origin = &second;
  const Bookmark merged = merge(parents, make.arena()).bookmark;
  CHECK(merged.origin->id == "1");
  CHECK(merged.origin->changed_at == second.changed_at);
  CHECK(first.changed_at == parse_rfc3339("2020-01-01"));
}

TEST_CASE("notes that would grow past their bound are cut, and the merge says so",
          "[pipeline][merge]") {
  BookmarkMaker make;
  const std::string large(max_merged_notes_bytes - 10, 'a');
  Bookmark a = make.link("https://example.org/");
  Bookmark b = a;
  a.notes = large;
  b.notes = "something else";
  const Bookmark both[] = {a, b};
  const Merged result = merge(both, make.arena());
  CHECK(result.are_notes_cut);
  CHECK(result.bookmark.notes.size() == large.size());
}
