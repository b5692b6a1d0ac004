#include "pipeline/record_codec.hpp"

#include "pipeline/compare.hpp"
#include "support/bookmarks.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using linkferry::test::BookmarkMaker;

TEST_CASE("a record comes back from its bytes as it was, every field of it", "[pipeline][codec]") {
  BookmarkMaker make;
  Bookmark full = make.link("https://example.org/?a=1", "");
  static const Highlight highlight{"text", "note", {}, parse_rfc3339("2020-01-01T00:00:00.5Z")};
  static const Media media{"https://example.org/a.png", "image", "", {}};
  static const Post post{"https://example.org/1",    "ann", {}, "<p>", {}, "public",
                         parse_rfc3339("2020-01-01")};
  static const Origin origin{"netscape", "firefox", "17",
                             "list",     "raw",     parse_rfc3339("2025-01-01T00:00:00Z")};
  full.description = "d";
  full.notes = "n";
  full.tags = make.texts({"a", "b c"});
  full.folders = make.folders({{"A", "B"}, {}});
  full.created_at = parse_rfc3339("1965-01-01T00:00:00.123456789Z");
  full.modified_at = full.read_at = full.visited_at = parse_rfc3339("2024-01-01");
  full.unread = Flag::yes, full.favorite = Flag::no, full.archived = Flag::yes,
  full.shared = Flag::no;
  full.kind = Kind::post;
  full.language = "de", full.icon = "data:,", full.cover_url = "c", full.keyword = "k";
  full.highlights = {&highlight, 1};
  full.media = {&media, 1};
  full.post = &post;
  full.extra = make.extra({{"netscape.X", {}}, {"netscape.Y", "1"}});
  full.origin = &origin;
  full.line = 77;
  const Bookmark bare = make.link("x");
  std::string bytes;
  encode(full, bytes);
  encode(bare, bytes);
  std::string_view rest = bytes;
  const Bookmark again = decode_bookmark(rest, make.arena());
  CHECK(differing_fields(full, again).empty());
  CHECK(again.created_at.precision == Precision::nanosecond);
  CHECK(again.line == 77);
  CHECK(again.origin->id == "17");
  CHECK(again.origin->changed_at == origin.changed_at);
  CHECK(differing_fields(bare, decode_bookmark(rest, make.arena())).empty());
  CHECK(rest.empty());
}

TEST_CASE("what is stored keeps its form, or has another version", "[pipeline][codec]") {
  // In version 1 an origin had no date, and so it is where none is known.
  REQUIRE(stored_record_version == 2);
  static const Origin origin{"p", "e", "1", {}, {}};
  static const Origin dated{"p", "e", "1", {}, {}, parse_rfc3339("2025-01-01T00:00:00Z")};
  BookmarkMaker make;
  Bookmark bookmark = make.link("https://example.org/", "T");
  bookmark.tags = make.texts({"a"});
  const auto size_of = [&](const Origin* with) {
    std::string bytes;
    bookmark.origin = with;
    encode(bookmark, bytes);
    return bytes.size();
  };
  CHECK(size_of(nullptr) == 70);
  CHECK(size_of(&origin) == 121);
  CHECK(size_of(&dated) == 134);
}

TEST_CASE("a folder record comes back from its bytes as it was", "[pipeline][codec]") {
  BookmarkMaker make;
  Folder folder;
  folder.path = make.texts({"A", "B"});
  folder.description = "about B";
  folder.created_at = parse_rfc3339("2020-01-01T00:00:00Z");
  folder.role = FolderRole::toolbar;
  folder.extra = make.extra({{"netscape.FOLDED", ""}});
  std::string bytes;
  encode(folder, bytes);
  std::string_view rest = bytes;
  const Folder again = decode_folder(rest, make.arena());
  CHECK(is_equal(again.path, folder.path));
  CHECK(again.description == "about B");
  CHECK(is_absent(again.title));
  CHECK(again.created_at == folder.created_at);
  CHECK(again.role == FolderRole::toolbar);
  CHECK(again.extra[0].name == "netscape.FOLDED");
  CHECK(rest.empty());
}
