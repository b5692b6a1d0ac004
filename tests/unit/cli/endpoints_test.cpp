#include "cli/endpoints.hpp"

#include "support/catch.hpp"

using namespace linkferry;

TEST_CASE("a file that is no bookmark file is described by what it looks like", "[endpoints]") {
  using namespace std::string_view_literals;
  const auto [head, words] = GENERATE(table<std::string_view, const char*>({
      {"", "an empty file"},
      {" \n\t", "an empty file"},
      {"\x89PNG\r\n", "a PNG image"},
      {"PK\x03\x04 and more", "a zip archive"},
      {"SQLite format 3\0"sv, "an SQLite database"},
      {"a\0b"sv, "binary data"},
      {"<!DOCTYPE html><p>hello", "HTML without bookmarks"},
      {"\xef\xbb\xbf<?xml version=\"1.0\"?><opml>", "an OPML document"},
      {"<?xml version=\"1.0\"?><x>", "an XML document"},
      {"{\"a\": 1}", "JSON of another kind"},
      {"a,b\n1,2\n", "a table of another kind"},
      {"hello\nworld, and more\n", "plain text"},
  }));
  CHECK(describe_content(head) == words);
}
