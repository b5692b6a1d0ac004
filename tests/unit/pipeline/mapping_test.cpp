#include "pipeline/mapping.hpp"

#include "support/bookmarks.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using linkferry::test::as_strings;
using linkferry::test::BookmarkMaker;
using Names = std::vector<std::string>;

namespace {

Names mapped_tags(const TagRules& rules, std::initializer_list<Text> tags,
                  std::initializer_list<std::initializer_list<Text>> folders = {}) {
  BookmarkMaker make;
  const TagMapping mapping(rules);
  return as_strings(mapping.map(make.texts(tags), make.folders(folders), make.arena()));
}

Names mapped_path(const FolderRules& rules, std::initializer_list<Text> path) {
  BookmarkMaker make;
  const FolderMapping mapping(rules);
  return as_strings(mapping.map(FolderPath(make.texts(path)), make.arena()));
}

}  // namespace

TEST_CASE("tags become lower case by Unicode, and the same tag comes once", "[pipeline][mapping]") {
  TagRules rules;
  rules.lower_case = true;
  CHECK(mapped_tags(rules, {"C++", "c++", "ÉTÉ", "ΣΟΦΟΣ"}) == Names{"c++", "été", "σοφος"});
}

TEST_CASE("tags are renamed, split, dropped and added in that order", "[pipeline][mapping]") {
  TagRules rules;
  rules.lower_case = true;
  rules.rename = {{"js", "javascript"}, {"c++", "cpp"}};
  rules.split = {{"dev/*", {"dev", "*"}}, {"both", {"one", "two"}}};
  rules.drop = {"toread", "two"};
  rules.add = {"imported", "cpp"};
  CHECK(mapped_tags(rules, {"JS", "dev/Rust", "toread", "both", "C++"}) ==
        Names{"javascript", "dev", "rust", "one", "cpp", "imported"});
}

TEST_CASE("a split pattern does not match an empty star", "[pipeline][mapping]") {
  TagRules rules;
  rules.split = {{"dev/*", {"dev", "*"}}};
  CHECK(mapped_tags(rules, {"dev/", "dev"}) == Names{"dev/", "dev"});
}

TEST_CASE("folders become tags by their last name, each name or the whole path",
          "[pipeline][mapping]") {
  TagRules rules;
  rules.from_folders = FolderTags::leaf;
  CHECK(mapped_tags(rules, {"t"}, {{"A", "B"}, {"C"}}) == Names{"t", "B", "C"});
  rules.from_folders = FolderTags::each;
  CHECK(mapped_tags(rules, {"t"}, {{"A", "B"}, {"C"}}) == Names{"t", "A", "B", "C"});
  rules.from_folders = FolderTags::path;
  CHECK(mapped_tags(rules, {"t"}, {{"A", "B"}, {"C"}}) == Names{"t", "A/B", "C"});
}

TEST_CASE("a folder is renamed at any level, a path only from the root", "[pipeline][mapping]") {
  FolderRules rules;
  rules.rename = {{"Bookmarks Toolbar", "Toolbar"}, {"Old/News", "News/Archive"}};
  CHECK(mapped_path(rules, {"Bookmarks Toolbar", "A"}) == Names{"Toolbar", "A"});
  CHECK(mapped_path(rules, {"X", "Bookmarks Toolbar"}) == Names{"X", "Toolbar"});
  CHECK(mapped_path(rules, {"Old", "News", "2020"}) == Names{"News", "Archive", "2020"});
  CHECK(mapped_path(rules, {"X", "Old", "News"}) == Names{"X", "Old", "News"});
}

TEST_CASE("what is in a dropped folder moves up", "[pipeline][mapping]") {
  FolderRules rules;
  rules.drop = {"Mozilla Firefox"};
  CHECK(mapped_path(rules, {"A", "Mozilla Firefox", "B"}) == Names{"A", "B"});
  CHECK(mapped_path(rules, {"Mozilla Firefox"}).empty());
  BookmarkMaker make;
  CHECK(FolderMapping(rules).is_dropped(make.texts({"A", "Mozilla Firefox"})));
  CHECK_FALSE(FolderMapping(rules).is_dropped(make.texts({"Mozilla Firefox", "B"})));
}

TEST_CASE("folders that a rule makes the same are one folder", "[pipeline][mapping]") {
  FolderRules rules;
  rules.rename = {{"Dev", "Development"}};
  BookmarkMaker make;
  const FolderMapping mapping(rules);
  const auto paths = mapping.map(make.folders({{"Dev"}, {"Development"}}), make.arena());
  CHECK(as_strings(paths) == std::vector<Names>{{"Development"}});
}
