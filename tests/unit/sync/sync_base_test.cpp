#include "sync/sync_base.hpp"

#include "support/bookmarks.hpp"
#include "support/catch.hpp"
#include "sync/base_table.hpp"

using namespace linkferry;

namespace {

SyncBase some_base() {
  SyncBase base;
  base.from_key = {1, 2};
  base.prints[0][static_cast<std::size_t>(Field::title)] = 7;
  base.prints[1][static_cast<std::size_t>(Field::extra)] = 8;
  base.tags = {{{3, 4}}, {{5, 0}}};
  base.folders = {{{0, 6}}};
  return base;
}

}  // namespace

TEST_CASE("the base of a link is the same after it was stored", "[sync]") {
  std::string bytes;
  encode(some_base(), bytes);
  const SyncBase read = decode_base(bytes);
  CHECK(read.from_key == Key{1, 2});
  CHECK(read.prints == some_base().prints);
  REQUIRE(read.tags.size() == 2);
  CHECK(read.tags[1].at == std::array<Print, 2>{5, 0});
  CHECK(read.folders[0].at == std::array<Print, 2>{0, 6});
}

TEST_CASE("a base that was cut off is read as far as it goes", "[sync]") {
  std::string bytes;
  encode(some_base(), bytes);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const SyncBase read = decode_base(std::string_view(bytes).substr(0, size));
    CHECK(read.tags.size() <= 2);
  }
}

TEST_CASE("absent and empty texts are the same to a sync, everything else counts", "[sync]") {
  test::BookmarkMaker make;
  const Bookmark bookmark = make.link("https://a.example/", "T");
  SyncBase base;
  base.prints[1] = prints_of(bookmark);
  Bookmark now = bookmark;
  now.notes = "";
  CHECK(is_same(base, 1, now, true));
  CHECK_FALSE(is_same(base, 0, now, true));
  now.keyword = "k";
  CHECK_FALSE(is_same(base, 1, now, true));
}

TEST_CASE("a bookmark is found by the key that it has on either side, until it is dropped",
          "[sync]") {
  BaseTable table;
  table.put({9, 9}, some_base());
  REQUIRE(table.find({9, 9}));
  CHECK(table.find({1, 2}) == table.find({9, 9}));
  CHECK(table.base_of(*table.find({1, 2})).tags.size() == 2);
  table.drop(*table.find({9, 9}));
  CHECK_FALSE(table.find({9, 9}));
  CHECK_FALSE(table.find({1, 2}));
  CHECK(table.size() == 0);
}

TEST_CASE("what is stored of fields stays the same from version to version", "[sync]") {
  test::BookmarkMaker make;
  Bookmark bookmark = make.link("https://a.example/", "A title");
  bookmark.created_at = {1'700'000'000, 0, Precision::second};
  CHECK(print_of(bookmark, Field::title) == print_of(Text("A title")));
  CHECK(print_of(bookmark, Field::title) == 989'779'167U);
  CHECK(print_of(bookmark, Field::created_at) == 3'044'243'133U);
  CHECK(print_of(make.folders({{"A", "B"}})[0]) == 1'817'807'902U);
}
