#include "api_setup.hpp"
#include "raindrop/raindrop_api_represent.hpp"
#include "raindrop/raindrop_item.hpp"

using namespace linkferry;
using namespace linkferry::test;
using raindrop::represent_for_api;

namespace {

/// `field kind`, in order.
Strings losses_of(const Representation& representation) {
  Strings all;
  for (const Loss& loss : representation.losses)
    all.push_back(std::string(name_of(loss.field)) + " " + std::string(name_of(loss.kind)));
  return all;
}

Bookmark plain(BookmarkMaker& make) {
  Bookmark b = make.link("https://a.example/", "A");
  b.favorite = Flag::no;
  return b;
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("a bookmark that Raindrop can hold loses nothing", "[raindrop][api][represent]") {
  BookmarkMaker make;
  Bookmark b = plain(make);
  b.description = "An excerpt";
  b.notes = "A note";
  b.tags = make.texts({"zulu", "Alpha"});
  b.folders = make.folders({{"Work", "C++ / Qt"}});
  b.created_at = date("2024-09-03T20:06:53.347Z");
  b.kind = Kind::image;
  b.cover_url = "https://a.example/c.png";
  const Highlight highlights[] = {{"Quoted", "why", "blue", {}}};
  b.highlights = highlights;
  const auto held = represent_for_api(b, make.arena());
  CHECK(losses_of(held).empty());
  CHECK(as_strings(held.bookmark.folders) == as_strings(b.folders));
}

TEST_CASE("texts are cut at the limits that the service states", "[raindrop][api][represent]") {
  BookmarkMaker make;
  Bookmark b = plain(make);
  const std::string title = repeated("t", 1001);
  const std::string text = repeated("x", 10'001);
  b.title = title;
  b.description = b.notes = text;
  const auto held = represent_for_api(b, make.arena());
  CHECK(held.bookmark.title.size() == 1000);
  CHECK(held.bookmark.description.size() == 10'000);
  CHECK(held.bookmark.notes.size() == 10'000);
  CHECK(losses_of(held) == Strings{"title truncated", "description truncated", "notes truncated"});
}

TEST_CASE("characters beyond the first plane count twice, as in JavaScript",
          "[raindrop][api][represent]") {
  CHECK(raindrop::first_units("a𝄞b", 2) == "a");
  CHECK(raindrop::first_units("a𝄞b", 3) == "a𝄞");
  CHECK(raindrop::first_units("äöü", 2) == "äö");
}

TEST_CASE("what Raindrop has no place for is named", "[raindrop][api][represent]") {
  BookmarkMaker make;
  Bookmark b = plain(make);
  b.modified_at = b.read_at = b.visited_at = date("2024-09-03T20:06:53Z");
  b.unread = b.archived = b.shared = Flag::yes;
  b.kind = Kind::note;
  b.language = "de";
  b.icon = "data:image/png;base64,AA==";
  b.keyword = "kw";
  b.extra = make.extra({{"netscape.X", "y"}});
  const Media media[] = {{"https://a.example/a.png", "image", {}, {}}};
  b.media = media;
  static constexpr Post post{"https://social.example/1", {}, {}, {}, {}, {}, {}};
  b.post = &post;
  CHECK(losses_of(represent_for_api(b, make.arena())) ==
        Strings{"kind transformed", "modified_at dropped", "read_at dropped", "visited_at dropped",
                "unread dropped", "archived dropped", "shared dropped", "language dropped",
                "icon dropped", "keyword dropped", "media dropped", "post dropped",
                "extra dropped"});
}

TEST_CASE("one folder is kept, and no deeper than 50 levels", "[raindrop][api][represent]") {
  BookmarkMaker make;
  Bookmark b = plain(make);
  b.folders = make.folders({{" A ", "", "B\nC"}, {"D"}});
  auto held = represent_for_api(b, make.arena());
  CHECK(as_strings(held.bookmark.folders) == std::vector<Strings>{{"A", "B C"}});
  CHECK(losses_of(held) == Strings{"folders transformed", "folders dropped"});
  const std::vector<Text> deep(60, "f");
  const FolderPath path = deep;
  b.folders = {&path, 1};
  held = represent_for_api(b, make.arena());
  CHECK(held.bookmark.folders.front().size() == 50);
  CHECK(losses_of(held) == Strings{"folders truncated"});
}

TEST_CASE("a folder called Unsorted is one like others", "[raindrop][api][represent]") {
  BookmarkMaker make;
  Bookmark b = plain(make);
  b.folders = make.folders({{"Unsorted"}});
  CHECK(losses_of(represent_for_api(b, make.arena())).empty());
}

TEST_CASE("highlights keep one of twelve colours and no dates", "[raindrop][api][represent]") {
  BookmarkMaker make;
  Bookmark b = plain(make);
  const Highlight highlights[] = {{"Quoted", {}, "#ff0000", date("2024-09-03T20:06:53Z")},
                                  {" ", {}, "red", {}}};
  b.highlights = highlights;
  const auto held = represent_for_api(b, make.arena());
  REQUIRE(held.bookmark.highlights.size() == 1);
  CHECK(held.bookmark.highlights[0].color == "yellow");
  CHECK(losses_of(held) ==
        Strings{"highlights truncated", "highlights transformed", "highlights transformed"});
}

TEST_CASE("a date that stands for an unknown one is moved by its millisecond",
          "[raindrop][api][represent]") {
  BookmarkMaker make;
  Bookmark b = plain(make);
  b.created_at = date("2024-09-03T00:00:00.001Z");
  const auto held = represent_for_api(b, make.arena());
  CHECK(held.bookmark.created_at == date("2024-09-03T00:00:00Z"));
  CHECK(losses_of(held) == Strings{"created_at truncated"});
}

TEST_CASE("a bookmark without a date has none when it is read back", "[raindrop][api][sink]") {
  RaindropSetup setup;
  BookmarkMaker make;
  const auto sink = setup.sink();
  write(*sink, Action::create, {make.link("https://a.example/", "A")}, make.arena());
  const auto listing = contract::read_all(*sink->existing(), 10);
  CHECK_FALSE(listing.bookmarks().front()->created_at.is_known());
  CHECK_FALSE(setup.read().bookmarks().front()->created_at.is_known());
}

TEST_CASE("there is no address that Raindrop takes for another", "[raindrop][api][represent]") {
  RaindropSetup setup;
  Arena arena;
  CHECK(is_absent(setup.sink()->unique_key("https://a.example/", arena)));
}
