#include <algorithm>
#include <thread>

#include "memory/memory_sink.hpp"
#include "memory/memory_source.hpp"
#include "plugins/jsonl/random_records.hpp"
#include "plugins/jsonl/read_all.hpp"
#include "plugins/jsonl/record_equality.hpp"
#include "support/catch.hpp"
#include "support/map_settings.hpp"
#include "support/memory_host.hpp"

using namespace linkferry;
using test::is_same;
using test::MapSettings;
using test::ReadAll;

namespace {

Bookmark bookmark_of(Text url, Text title = {}) {
  Bookmark bookmark;
  bookmark.url = url;
  bookmark.title = title;
  return bookmark;
}

/// A sink on a store of its own.
struct Service {
  explicit Service(MapSettings options = {}) {
    static int count = 0;
    name = "store " + std::to_string(++count);
    sink = memory::make_sink(options.set("name", name), host);
  }

  Outcome write(Action action, const Bookmark& bookmark, Text id = {}) {
    Outcome outcome;
    const Change change{action, &bookmark, nullptr, id};
    sink->write({&change, 1}, {&outcome, 1}, {});
    return outcome;
  }
  ReadAll all() { return ReadAll(*memory::make_source(MapSettings{{"name", name}}, host)); }

  test::MemoryHost host;
  std::string name;
  std::unique_ptr<Sink> sink;
};

}  // namespace

TEST_CASE("what the memory sink stores it gives back, with an id, whatever the record",
          "[memory]") {
  const std::uint64_t seed = test::make_seed();
  INFO("LINKFERRY_SEED=" << seed);
  test::RandomRecords records(seed);
  for (int i = 0; i < 200; ++i) {
    Service service;
    auto arena = std::make_unique<Arena>();
    const Bookmark bookmark = records.bookmark(*arena);
    const std::string id =
        service.write(Action::create, service.sink->represent(bookmark, *arena).bookmark).id;
    const ReadAll read(*service.sink->existing());
    REQUIRE(read.bookmarks.size() == 1);
    CHECK(is_same(read.bookmarks[0], bookmark));
    REQUIRE(read.bookmarks[0].origin != nullptr);
    CHECK(read.bookmarks[0].origin->id == id);
    CHECK(read.bookmarks[0].origin->plugin == "memory");
  }
}

TEST_CASE("changes to a live store show at once, and a second time change nothing", "[memory]") {
  Service service;
  CHECK(service.sink->kind() == SinkKind::live);
  const Outcome created = service.write(Action::create, bookmark_of("u", "one"));
  CHECK(created.result == Result::done);
  const Outcome again = service.write(Action::create, bookmark_of("u", "one"));
  CHECK(again.result == Result::already_so);
  CHECK(again.id == created.id);
  for (int i = 0; i < 2; ++i)
    CHECK(service.write(Action::update, bookmark_of("u", "two"), created.id).result ==
          Result::done);
  CHECK(service.all().bookmarks.at(0).title == "two");
  CHECK(service.write(Action::remove, bookmark_of("u"), created.id).result == Result::done);
  CHECK(service.write(Action::remove, bookmark_of("u"), created.id).result == Result::already_so);
  CHECK(service.write(Action::update, bookmark_of("u"), created.id).result == Result::rejected);
  CHECK(service.all().bookmarks.empty());
}

TEST_CASE("a staged store shows nothing before its commit, and then just what was written",
          "[memory]") {
  Service service(MapSettings{{"kind", "staged"}});
  CHECK(service.sink->kind() == SinkKind::staged);
  service.write(Action::create, bookmark_of("a"));
  CHECK(service.all().bookmarks.empty());
  service.sink->commit();
  const ReadAll first = service.all();
  REQUIRE(first.bookmarks.size() == 1);
  const std::string id(first.bookmarks[0].origin->id);
  service.sink =
      memory::make_sink(MapSettings{{"kind", "staged"}, {"name", service.name}}, service.host);
  service.write(Action::keep, bookmark_of("a"), id);
  service.write(Action::create, bookmark_of("b"));
  service.sink->commit();
  const ReadAll read = service.all();
  REQUIRE(read.bookmarks.size() == 2);
  CHECK(read.bookmarks[0].origin->id == id);
  CHECK(read.bookmarks[1].url == "b");
}

TEST_CASE("the limits of the memory sink show in what it represents", "[memory]") {
  Service service(MapSettings{{"max_title", "2"}, {"no_folders", "true"}});
  const Text names[] = {"A"};
  const FolderPath folders[] = {names};
  Bookmark bookmark = bookmark_of("u", "éàü");
  bookmark.folders = folders;
  Arena arena;
  const Representation represented = service.sink->represent(bookmark, arena);
  CHECK(represented.bookmark.title == "éà");
  CHECK(represented.bookmark.folders.empty());
  CHECK(represented.losses.size() == 2);
  CHECK(service.sink->represent(represented.bookmark, arena).losses.empty());
}

TEST_CASE("a store that folds case has one key for URLs that differ in it", "[memory]") {
  Service service(MapSettings{{"unique_url", "case_insensitive_path"}});
  Arena arena;
  CHECK(service.sink->unique_key("https://A.example/B?C", arena) == "https://a.example/b?C");
  CHECK(is_absent(service.sink->unique_key({}, arena)));
  CHECK(is_absent(Service().sink->unique_key("https://A.example", arena)));
  service.write(Action::create, bookmark_of("https://a.example/B"));
  CHECK(service.write(Action::create, bookmark_of("https://a.example/b")).result ==
        Result::already_so);
}

TEST_CASE("a store rejects and fails the URLs it is told to", "[memory]") {
  Service service(
      MapSettings{{"reject_url_containing", "bad"}, {"fail_url_containing", "unlucky"}});
  CHECK(service.write(Action::create, bookmark_of("a bad one")).result == Result::rejected);
  CHECK(service.write(Action::create, bookmark_of("an unlucky one")).result == Result::failed);
  CHECK(service.write(Action::create, bookmark_of("a fine one")).result == Result::done);
  CHECK(service.all().bookmarks.size() == 1);
}

TEST_CASE("a stop request leaves the rest of the changes undone and says so", "[memory]") {
  Service service;
  std::stop_source stop;
  stop.request_stop();
  const Bookmark bookmark = bookmark_of("u");
  const Change change{Action::create, &bookmark, nullptr, {}};
  Outcome outcome;
  service.sink->write({&change, 1}, {&outcome, 1}, stop.get_token());
  CHECK(outcome.result == Result::failed);
  CHECK(service.all().bookmarks.empty());
}

TEST_CASE("reading a store resumes at any checkpoint and does not see what came later",
          "[memory]") {
  Service service;
  for (const Text url : {"a", "b", "c", "d", "e"}) service.write(Action::create, bookmark_of(url));
  const auto source = memory::make_source(MapSettings{{"name", service.name}}, service.host);
  service.write(Action::create, bookmark_of("f"));
  const ReadAll all(*source, 2);
  CHECK(all.bookmarks.size() == 5);
  REQUIRE(source->resume(all.batches[0]->checkpoint));
  CHECK(ReadAll(*source).bookmarks.size() == 3);
  CHECK_FALSE(source->resume("6"));
  CHECK_FALSE(source->resume("x"));
  CHECK(source->rewind());
  CHECK(ReadAll(*source).bookmarks.size() == 5);
}

TEST_CASE("endpoints of one name share a store, from any thread", "[memory]") {
  Service service;
  const auto fill = [&](char first) {
    test::MemoryHost host;
    const auto sink = memory::make_sink(MapSettings{{"name", service.name}}, host);
    for (int i = 0; i < 50; ++i) {
      const std::string url = first + std::to_string(i);
      const Bookmark bookmark = bookmark_of(url);
      const Change change{Action::create, &bookmark, nullptr, {}};
      Outcome outcome;
      sink->write({&change, 1}, {&outcome, 1}, {});
    }
  };
  {
    std::jthread one(fill, 'a');
    std::jthread two(fill, 'b');
  }
  CHECK(service.all().bookmarks.size() == 100);
}
