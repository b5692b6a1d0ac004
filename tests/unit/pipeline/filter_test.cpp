#include "pipeline/filter.hpp"

#include "linkferry/failure.hpp"
#include "support/bookmarks.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using linkferry::test::BookmarkMaker;

namespace {

bool passes(const FilterRules& rules, const Bookmark& bookmark) {
  return is_absent(Filter(rules).reason_to_leave_out(bookmark));
}

}  // namespace

TEST_CASE("a bookmark passes when it meets every criterion of include", "[pipeline][filter]") {
  BookmarkMaker make;
  Bookmark b = make.link("https://example.org/a");
  b.tags = make.texts({"x"});
  b.created_at = parse_rfc3339("2020-06-01T00:00:00Z");
  FilterRules rules;
  rules.include.tags = {"x", "y"};
  rules.include.after = parse_rfc3339("2020-06-01");
  CHECK(passes(rules, b));
  rules.include.before = parse_rfc3339("2020-06-01");
  CHECK_FALSE(passes(rules, b));
}

TEST_CASE("a bookmark of unknown date does not pass a filter by date", "[pipeline][filter]") {
  BookmarkMaker make;
  FilterRules rules;
  rules.include.after = parse_rfc3339("2019-01-01");
  CHECK_FALSE(passes(rules, make.link("https://example.org/")));
}

TEST_CASE("one criterion of exclude is enough to leave a bookmark out", "[pipeline][filter]") {
  BookmarkMaker make;
  FilterRules rules;
  rules.exclude.url = {"^place:"};
  rules.exclude.folders = {"A/B"};
  CHECK_FALSE(passes(rules, make.link("place:sort=8")));
  Bookmark b = make.link("https://example.org/place:");
  CHECK(passes(rules, b));
  b.folders = make.folders({{"A", "B", "C"}});
  CHECK_FALSE(passes(rules, b));
  b.folders = make.folders({{"A", "Bee"}});
  CHECK(passes(rules, b));
}

TEST_CASE("a flag that is unknown is neither true nor false", "[pipeline][filter]") {
  BookmarkMaker make;
  Bookmark b = make.link("https://example.org/");
  FilterRules rules;
  rules.include.flags = {{Field::archived, false}};
  CHECK_FALSE(passes(rules, b));
  b.archived = Flag::no;
  CHECK(passes(rules, b));
}

TEST_CASE("an expression that is none is an error of the configuration that shows it",
          "[pipeline][filter]") {
  FilterRules rules;
  rules.include.url = {"(unclosed"};
  CHECK_THROWS_WITH(Filter(rules), Catch::Contains("(unclosed"));
}

TEST_CASE("an expression that explodes on a hostile URL gives up instead of hanging",
          "[pipeline][filter]") {
  BookmarkMaker make;
  FilterRules rules;
  rules.include.url = {"^(a+)+$"};
  CHECK_FALSE(passes(rules, make.link(std::string(60'000, 'a') + "b")));
}
