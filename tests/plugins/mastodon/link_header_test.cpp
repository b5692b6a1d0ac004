#include "mastodon/link_header.hpp"

#include "support/catch.hpp"

using linkferry::mastodon::read_links;

TEST_CASE("paging ids are read whatever the host and scheme of the address", "[mastodon]") {
  const auto links = read_links(
      "<http://inner:3000/api/v1/bookmarks?limit=40&max_id=23771>; rel=\"next\", "
      "<http://inner:3000/api/v1/bookmarks?limit=40&min_id=370065>; rel=\"prev\"");
  CHECK(links.has_next);
  CHECK(links.oldest == "23771");
  CHECK(links.newest == "370065");
  CHECK(links.limit == "40");
}

TEST_CASE("a relation without quotes, other parameters and commas do not hide a page",
          "[mastodon]") {
  const auto links = read_links(
      "<https://a.example/b?x=1,2&max_id=01ABC>; title=\"a, b; rel=prev\"; REL=next , "
      "<https://a.example/b?since_id=9>;rel='x'; q, <https://a.example/b?since_id=%39>; rel=prev");
  CHECK(links.oldest == "01ABC");
  CHECK(links.newest == "9");
}

TEST_CASE("a broken Link header says nothing", "[mastodon]") {
  for (const auto* text : {"", "<", "<a>", "<a>; rel", "<a>; rel=\"next", ">; rel=next", ",,<>,"}) {
    CHECK(read_links(text).oldest.empty());
  }
}
