#include "bkmark/bkmark_array.hpp"
#include "bkmark_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Requests = FakeBkmark::Kind;
using Strings = std::vector<std::string>;

namespace {

Strings items_of(std::string_view document, std::size_t piece) {
  Strings items;
  bkmark::ArrayItems array([&items](std::string_view item) { items.emplace_back(item); });
  for (std::size_t i = 0; i < document.size(); i += piece) array.feed(document.substr(i, piece));
  CHECK(array.is_whole());
  return items;
}

}  // namespace

TEST_CASE("an array is taken apart however it is cut", "[bkmark][export]") {
  const std::size_t piece = GENERATE(as<std::size_t>(), 1, 2, 7, 1000);
  const auto items =
      items_of("\xEF\xBB\xBF [ {\"a\":\"],[\\\"}\\\\\"} ,\n[1,[2]],\"x\" ]\n", piece);
  REQUIRE(items.size() == 3);
  CHECK(items[0] == "{\"a\":\"],[\\\"}\\\\\"} ");
  CHECK(items[1] == "[1,[2]]");
  CHECK(items_of("[]", piece).empty());
}

TEST_CASE("what is no array is refused", "[bkmark][export]") {
  bkmark::ArrayItems array([](std::string_view) {});
  const std::string deep = "[" + std::string(200, '[');
  const std::string document =
      GENERATE_COPY(std::string("<html>"), std::string("{}"), std::string("[] x"), deep);
  CHECK_THROWS_AS(array.feed(document), Failure);
}

TEST_CASE("a library that is large is exported after its first pages", "[bkmark][export]") {
  BkmarkSetup setup;
  setup.options["export_from"] = "200";
  setup.fill(1000, 10);
  const auto listing = setup.read(*setup.source());
  CHECK(listing.bookmarks().size() == 1000);
  CHECK(setup.fake.count(Requests::exported) == 1);
  CHECK(setup.fake.count(Requests::list) == 3);
}

TEST_CASE("an export is asked for at once where that is wanted", "[bkmark][export]") {
  BkmarkSetup setup;
  setup.options["export_from"] = "0";
  setup.fill(300, 10);
  CHECK(setup.read(*setup.source()).bookmarks().size() == 300);
  CHECK(setup.fake.count(Requests::exported) == 1);
  CHECK(setup.fake.count(Requests::list) <= 1);
}

TEST_CASE("an export gives what is not in trash, archived or not", "[bkmark][export][open]") {
  const bool has_trash = GENERATE(true, false);
  const bool has_archived = GENERATE(true, false);
  const bool list_has_archived = GENERATE(true, false);
  BkmarkSetup setup(FakeBkmark::Options{.list_has_archived = list_has_archived,
                                        .export_has_trash = has_trash,
                                        .export_has_archived = has_archived});
  setup.options["export_from"] = "50";
  setup.fill(300, 4);
  for (std::size_t i = 1; i < 300; i += 50) setup.library().rows()[i].is_in_trash = true;
  CHECK(setup.read(*setup.source()).bookmarks().size() == 294);
}

TEST_CASE("an export that fails is followed by the list", "[bkmark][export][faults]") {
  BkmarkSetup setup(FakeBkmark::Options{.cut_export = 1});
  setup.options["export_from"] = "50";
  setup.fill(2000, 4);
  const auto listing = setup.read(*setup.source());
  CHECK(listing.bookmarks().size() == 2000);
  CHECK(setup.host.has_logged("listed instead of exported"));
}

TEST_CASE("a view is never exported", "[bkmark][export][filter]") {
  BkmarkSetup setup;
  setup.options["export_from"] = "50";
  setup.options["favorite"] = "true";
  setup.fill(300);
  for (BkmarkRow& row : setup.library().rows()) row.is_favorite = true;
  CHECK(setup.read(*setup.source()).bookmarks().size() == 300);
  CHECK(setup.fake.count(Requests::exported) == 0);
}

TEST_CASE("an export that is not read to its end is given up", "[bkmark][export]") {
  BkmarkSetup setup;
  setup.options["export_from"] = "0";
  setup.fill(20'000);
  const auto source = setup.source();
  Batch batch;
  source->read(batch, 10, {});
  CHECK(batch.bookmarks.size() == 10);
}
