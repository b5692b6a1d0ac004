#include "linkding_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Requests = FakeLinkding::Kind;
using Strings = std::vector<std::string>;

namespace {

struct Incremental : LinkdingSetup {
  using LinkdingSetup::LinkdingSetup;

  std::string checkpoint;

  /// Reads from the last checkpoint on, or all.
  Strings read_next() {
    const auto from = source();
    CHECK(from->is_incremental());
    if (!checkpoint.empty()) REQUIRE(from->resume(checkpoint));
    const auto listing = read(*from);
    checkpoint = listing.borders.back().checkpoint;
    fake.forget_counts();
    return urls(listing);
  }
  void post(const std::string& url, const char* modified = nullptr) {
    LinkdingLibrary::Fields fields;
    fields.url = url;
    if (modified != nullptr) fields.added = fields.modified = moment(modified);
    fake.library().post(fields);
  }
};

}  // namespace

TEST_CASE("after a checkpoint nothing is read again when nothing has changed",
          "[linkding][incremental]") {
  Incremental setup;
  setup.fill(300, 4);
  setup.post("https://just.example/");
  CHECK(setup.read_next().size() == 301);
  CHECK(setup.read_next().empty());
  CHECK(setup.read_next().empty());
}

TEST_CASE("an incremental reading takes two requests a list", "[linkding][incremental]") {
  Incremental setup;
  setup.options["page_size"] = "10";
  setup.fill(300, 4);
  setup.read_next();
  const auto source = setup.source();
  REQUIRE(source->resume(setup.checkpoint));
  setup.read(*source);
  CHECK(setup.fake.reads() == 4);
}

TEST_CASE("after a checkpoint comes what was added, changed, archived and brought back",
          "[linkding][incremental]") {
  Incremental setup;
  setup.fill(100, 4);
  setup.read_next();
  LinkdingLibrary& library = setup.fake.library();
  setup.post("https://new.example/");
  LinkdingLibrary::Fields title;
  title.title = "Changed";
  library.patch(*library.find(50), title);
  library.set_archived(*library.find(51), true);
  library.set_archived(*library.find(5), false);
  Strings found = setup.read_next();
  std::ranges::sort(found);
  CHECK(found == Strings{"https://new.example/", "https://site.example/4",
                         "https://site.example/49", "https://site.example/50"});
  CHECK(setup.read_next().empty());
}

TEST_CASE("a bookmark that was added with an old date of change is found all the same",
          "[linkding][incremental]") {
  Incremental setup;
  setup.fill(100);
  setup.read_next();
  setup.post("https://old.example/", "2005-01-01T00:00:00Z");
  const Strings found = setup.read_next();
  CHECK(std::ranges::count(found, "https://old.example/") == 1);
  CHECK(found.size() == 101);
  CHECK(setup.read_next().empty());
}

TEST_CASE("a deletion makes the next reading a full one, once", "[linkding][incremental]") {
  Incremental setup;
  setup.fill(100);
  setup.read_next();
  setup.fake.library().remove(7);
  CHECK(setup.read_next().size() == 99);
  CHECK(setup.read_next().empty());
}

TEST_CASE("a server that passes over modified_since is read whole", "[linkding][incremental]") {
  Incremental setup(FakeLinkding::Options{.version = "1.40.0"});
  setup.fill(100, 4);
  CHECK(setup.read_next().size() == 100);
  setup.post("https://new.example/");
  auto found = setup.read_next();
  std::ranges::sort(found);
  CHECK(std::ranges::adjacent_find(found) == found.end());
  CHECK(std::ranges::count(found, "https://new.example/") == 1);
}

TEST_CASE("what was stored in the seconds of the reading is not lost to the next",
          "[linkding][incremental]") {
  Incremental setup;
  setup.fill(10);
  setup.read_next();
  // It became visible after the reading, with a date shortly before it.
  LinkdingLibrary::Fields late;
  late.url = "https://late.example/";
  late.added = late.modified = std::chrono::duration_cast<std::chrono::microseconds>(
                                   std::chrono::system_clock::now().time_since_epoch())
                                   .count() -
                               2'000'000;
  setup.fake.library().post(late);
  CHECK(setup.read_next() == Strings{"https://late.example/"});
}
