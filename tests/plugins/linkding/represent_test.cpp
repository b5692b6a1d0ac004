#include "linkding/linkding_format.hpp"
#include "linkding/linkding_represent.hpp"
#include "linkferry/timestamp_text.hpp"
#include "pipeline/compare.hpp"
#include "plugins/jsonl/random_records.hpp"
#include "support/bookmarks.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using linkferry::linkding::RepresentRules;
using linkferry::test::as_strings;

namespace {

using Strings = std::vector<std::string>;

struct Held {
  test::BookmarkMaker make;
  Bookmark given = make.link("https://a.example/", "A");
  RepresentRules rules;
  Representation result;

  Held() { given.unread = given.archived = given.shared = Flag::no; }

  Held& represent() {
    result = linkding::represent(given, rules, make.arena());
    return *this;
  }
  bool loses(Field field, LossKind kind, std::string_view part) const {
    return std::ranges::any_of(result.losses, [&](const Loss& loss) {
      return loss.field == field && loss.kind == kind && loss.reason.find(part) != Text::npos;
    });
  }
  Strings tags(std::initializer_list<Text> tags) {
    given.tags = make.texts(tags);
    represent();
    return as_strings(result.bookmark.tags);
  }
};

}  // namespace

TEST_CASE("a plain record is held as it is", "[linkding][represent]") {
  Held held;
  held.given.description = "d";
  held.given.notes = "n\n\nm";
  held.given.tags = held.make.texts({"a", "b"});
  held.given.created_at = parse_rfc3339("2020-01-02T03:04:05.123456Z");
  held.given.modified_at = parse_rfc3339("2021-01-02T03:04:05Z");
  held.represent();
  CHECK(differing_fields(held.given, held.result.bookmark).empty());
  CHECK(held.result.losses.empty());
}

TEST_CASE("texts lose the blanks at their ends, and an empty one is none",
          "[linkding][represent]") {
  Held held;
  held.given.title = " \u00a0 A \n";
  held.given.description = "d\n";
  held.given.notes = "\t \n";
  held.represent();
  CHECK(held.result.bookmark.title == "A");
  CHECK(held.result.bookmark.description == "d");
  CHECK(is_absent(held.result.bookmark.notes));
  CHECK(held.loses(Field::notes, LossKind::transformed, "strips"));
}

TEST_CASE("titles are cut at 512 characters, and not at bytes", "[linkding][represent]") {
  Held held;
  std::string title;
  for (int i = 0; i < 511; ++i) title += "\u00e9";
  const std::string long_title = title + " \u00e9";
  held.given.title = long_title;
  CHECK(held.represent().result.bookmark.title == title);
  CHECK(held.loses(Field::title, LossKind::truncated, "512"));
}

TEST_CASE("tags become what linkding makes of them", "[linkding][represent][tags]") {
  Held held;
  CHECK(held.tags({"b", "a"}) == Strings{"a", "b"});
  CHECK(held.loses(Field::tags, LossKind::transformed, "order"));
  CHECK(held.tags({"two words", " x ", "a  b"}) == Strings{"a--b", "two-words", "x"});
  CHECK(held.loses(Field::tags, LossKind::transformed, "blank"));
  CHECK(held.tags({"x,y", ",", "z , w"}) == Strings{"w", "x", "y", "z"});
  CHECK(held.tags({"Dup", "dup", "DUP"}) == Strings{"DUP"});
  CHECK(held.loses(Field::tags, LossKind::transformed, "case"));
  CHECK(held.tags({"\u00c9clair", "\u00e9clair"}) == Strings{"\u00e9clair"});
  CHECK(held.tags({"a\u00a0b", "tab\ttab", "#x", "<b>", "a/b", "\U0001F389"}).size() == 6);
  CHECK(held.tags({"Zebra", "alpha"}) == Strings{"Zebra", "alpha"});
  CHECK(held.result.losses.empty());
  CHECK(held.tags({"  "}).empty());
}

TEST_CASE("a tag has up to 64 characters", "[linkding][represent][tags]") {
  Held held;
  const std::string longest(64, 'x');
  CHECK(held.tags({longest}) == Strings{longest});
  CHECK(held.result.losses.empty());
  const std::string longer = longest + "y";
  CHECK(held.tags({longer}) == Strings{longest});
  CHECK(held.loses(Field::tags, LossKind::truncated, "64"));
}

TEST_CASE("a tag that the library has keeps the library's spelling",
          "[linkding][represent][tags]") {
  Held held;
  linkding::Library library;
  Origin origin;
  origin.id = "1";
  Bookmark present;
  present.origin = &origin;
  for (const Text tag : {Text("Python"), Text("PYTHON")}) {
    present.tags = held.make.texts({tag});
    library.learn(present);
  }
  held.rules.library = &library;
  CHECK(held.tags({"python", "c"}) == Strings{"Python", "c"});
  CHECK(held.loses(Field::tags, LossKind::transformed, "spelling"));
  CHECK(held.tags({"Python"}) == Strings{"Python"});
  CHECK(held.result.losses.empty());
}

TEST_CASE("a tag has one spelling in a run, that of its first record, and the others are named",
          "[linkding][represent][tags]") {
  Held held;
  const linkding::Library library;
  held.rules.library = &library;
  CHECK(held.tags({"Python"}) == Strings{"Python"});
  CHECK(held.result.losses.empty());
  CHECK(held.tags({"c", "python"}) == Strings{"Python", "c"});
  CHECK(held.loses(Field::tags, LossKind::transformed, "spelling"));
}

TEST_CASE("dates are kept to the microsecond", "[linkding][represent][dates]") {
  Held held;
  held.given.created_at = {1'721'044'800, 123'456'789, Precision::nanosecond};
  held.represent();
  CHECK(held.result.bookmark.created_at.nanoseconds == 123'456'000);
  CHECK(held.loses(Field::created_at, LossKind::truncated, "microseconds"));
  held.given.created_at = parse_rfc3339("2024-07-14");
  held.represent();
  CHECK(format_rfc3339(held.result.bookmark.created_at) == "2024-07-14T00:00:00Z");
  CHECK(held.loses(Field::created_at, LossKind::transformed, "midnight"));
}

TEST_CASE("a date that would mean unknown is moved by its microsecond",
          "[linkding][represent][dates]") {
  Held held;
  held.given.created_at = parse_rfc3339("2024-07-14T05:00:00.000001Z");
  held.given.modified_at = parse_rfc3339("2024-07-14T05:00:07.000001Z");
  held.represent();
  CHECK(format_rfc3339(held.result.bookmark.created_at) == "2024-07-14T05:00:00Z");
  CHECK(format_rfc3339(held.result.bookmark.modified_at) == "2024-07-14T05:00:07Z");
  CHECK(held.result.losses.size() == 2);
}

TEST_CASE("a linkding before 1.45 keeps no dates, and the loss is named",
          "[linkding][represent][dates]") {
  Held held;
  held.rules.keeps_dates = false;
  held.given.created_at = parse_rfc3339("2024-07-14T05:00:00Z");
  held.represent();
  CHECK_FALSE(held.result.bookmark.created_at.is_known());
  CHECK(held.loses(Field::created_at, LossKind::dropped, "older than 1.45"));
}

TEST_CASE("what linkding holds keeps its date of change, which only linkding sets",
          "[linkding][represent][dates]") {
  Held held;
  linkding::Library library;
  Origin origin;
  origin.list = linkding::held_list;
  origin.id = "7";
  Bookmark present = held.given;
  present.origin = &origin;
  present.modified_at = parse_rfc3339("2026-01-01T00:00:00Z");
  library.learn(present);
  held.rules.library = &library;
  held.given.modified_at = parse_rfc3339("2020-01-01T00:00:00Z");
  CHECK(held.represent().result.losses.empty());
  held.given.origin = &origin;
  CHECK(held.represent().result.bookmark.modified_at == present.modified_at);
  CHECK(held.loses(Field::modified_at, LossKind::transformed, "itself"));
  origin.list = "bookmarks";
  CHECK(held.represent().result.losses.empty());
}

TEST_CASE("what linkding has no place for is named", "[linkding][represent]") {
  Held held;
  held.given.folders = held.make.folders({{"A", "B"}});
  held.given.favorite = Flag::yes;
  held.given.kind = Kind::note;
  held.given.keyword = "k";
  held.given.unread = Flag::unknown;
  held.represent();
  CHECK(held.loses(Field::folders, LossKind::dropped, "tags: {from_folders: path}"));
  CHECK(held.loses(Field::favorite, LossKind::dropped, "favourites"));
  CHECK(held.loses(Field::kind, LossKind::transformed, "links only"));
  CHECK(held.loses(Field::keyword, LossKind::dropped, "keywords"));
  CHECK(held.loses(Field::unread, LossKind::transformed, "unknown becomes no"));
  CHECK(held.result.losses.size() == 5);
}

TEST_CASE("what is no address is refused, unless the server takes all", "[linkding][represent]") {
  Held held;
  held.given.url = "javascript:alert(1)";
  CHECK(is_present(held.represent().result.refusal));
  held.rules.takes_any_url = true;
  CHECK(is_absent(held.represent().result.refusal));
  held.given.url = " ";
  CHECK(held.represent().result.refusal == "linkding holds addresses only");
}

TEST_CASE("a representation is represented as itself and loses nothing", "[linkding][represent]") {
  const auto seed = test::make_seed();
  CAPTURE(seed);
  test::RandomRecords random(seed);
  RepresentRules rules;
  rules.takes_any_url = true;
  for (int i = 0; i < 2000; ++i) {
    Arena arena;
    const auto first = linkding::represent(random.bookmark(arena), rules, arena);
    if (is_present(first.refusal)) continue;
    const auto again = linkding::represent(first.bookmark, rules, arena);
    REQUIRE(is_absent(again.refusal));
    REQUIRE(differing_fields(first.bookmark, again.bookmark).empty());
    REQUIRE(again.losses.empty());
  }
}
