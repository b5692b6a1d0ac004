#include "pipeline/match_policy.hpp"

#include "support/bookmarks.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using linkferry::test::as_strings;
using linkferry::test::BookmarkMaker;
using Names = std::vector<std::string>;

namespace {

struct Sides {
  BookmarkMaker make;
  Bookmark present = make.link("https://example.org/", "Present");
  Bookmark wanted = make.link("https://EXAMPLE.org", "Wanted");

  Sides() {
    present.tags = make.texts({"a"});
    wanted.tags = make.texts({"b"});
    wanted.description = "wanted";
    wanted.favorite = Flag::yes;
  }
  Bookmark apply(OnMatch policy) { return apply_policy(policy, present, wanted, make.arena()); }
};

}  // namespace

TEST_CASE("skip leaves what the sink has", "[pipeline][on_match]") {
  Sides sides;
  const Bookmark result = sides.apply(OnMatch::skip);
  CHECK(result.title == "Present");
  CHECK(is_absent(result.description));
}

TEST_CASE("fill adds only what is empty", "[pipeline][on_match]") {
  Sides sides;
  const Bookmark result = sides.apply(OnMatch::fill);
  CHECK(result.title == "Present");
  CHECK(as_strings(result.tags) == Names{"a"});
  CHECK(result.description == "wanted");
  CHECK(result.favorite == Flag::yes);
}

TEST_CASE("merge unites both sides, the sink's first", "[pipeline][on_match]") {
  Sides sides;
  const Bookmark result = sides.apply(OnMatch::merge);
  CHECK(result.title == "Present");
  CHECK(as_strings(result.tags) == Names{"a", "b"});
}

TEST_CASE("overwrite takes the source's, but keeps what the source does not know",
          "[pipeline][on_match]") {
  Sides sides;
  sides.present.notes = "mine";
  const Bookmark result = sides.apply(OnMatch::overwrite);
  CHECK(result.title == "Wanted");
  CHECK(as_strings(result.tags) == Names{"b"});
  CHECK(result.notes == "mine");
}

TEST_CASE("newer overwrites only when both dates are known and the source's is later",
          "[pipeline][on_match]") {
  Sides sides;
  CHECK(sides.apply(OnMatch::newer).title == "Present");
  sides.present.created_at = parse_rfc3339("2020-01-01");
  sides.wanted.modified_at = parse_rfc3339("2021-01-01");
  CHECK(sides.apply(OnMatch::newer).title == "Wanted");
  sides.present.modified_at = parse_rfc3339("2022-01-01");
  CHECK(sides.apply(OnMatch::newer).title == "Present");
}

TEST_CASE("newer goes by when a sink says that it was changed, though it dates changes itself",
          "[pipeline][on_match]") {
  Sides sides;
  sides.present.created_at = parse_rfc3339("2019-01-01");
  sides.wanted.created_at = parse_rfc3339("2020-01-01");
  Origin held;
  held.changed_at = parse_rfc3339("2022-01-01");
  Origin read;
  read.changed_at = parse_rfc3339("2021-01-01");
  sides.present.origin = &held;
  sides.wanted.origin = &read;
  CHECK(sides.apply(OnMatch::newer).title == "Present");
  read.changed_at = parse_rfc3339("2023-01-01");
  CHECK(sides.apply(OnMatch::newer).title == "Wanted");
}

TEST_CASE("no policy rewrites the URL that the sink has", "[pipeline][on_match]") {
  const OnMatch policy =
      GENERATE(OnMatch::skip, OnMatch::fill, OnMatch::merge, OnMatch::newer, OnMatch::overwrite);
  Sides sides;
  sides.present.created_at = parse_rfc3339("2020-01-01");
  sides.wanted.created_at = parse_rfc3339("2021-01-01");
  CHECK(sides.apply(policy).url == "https://example.org/");
}
