#include "support/catch.hpp"
#include "world.hpp"

using namespace linkferry::test;

namespace {

/// Stops the job of the world at the first point of this name.
void stop_before(World& world, const std::string& point) {
  const World::Moment start = world.remember();
  for (std::uint64_t at = 1;; ++at) {
    world.put_back(start);
    world.run({}, Mishap::killed, at);
    REQUIRE(world.points().has_struck);
    if (std::string(world.points().where).starts_with(point)) return;
  }
}

}  // namespace

TEST_CASE("what a person adds after a run that was killed stays that person's",
          "[faults][ownership]") {
  World world(Target::shelf);
  world.write_config("  s: {plugin: jsonl, path: s.jsonl}\n", "from: s, mode: mirror");
  world.write_jsonl("disk/s.jsonl", "a b c");
  stop_before(world, "change of a service");
  REQUIRE(world.listing().empty());
  world.fill_target("a=Mine+own");
  REQUIRE(world.run().code == 0);
  world.write_jsonl("disk/s.jsonl", "b c");
  REQUIRE(world.run().code == 0);
  CHECK(world.listing().size() == 3);
}

TEST_CASE("what a person adds after linkferry's own has gone is that person's",
          "[faults][ownership]") {
  World world(GENERATE(Target::jsonl, Target::shelf));
  const auto fill = [&](const std::string& bookmarks) {
    // As another program would write it.
    if (world.target() == Target::jsonl) return world.write_jsonl("disk/target.jsonl", bookmarks);
    world.fill_target(bookmarks);
  };
  world.write_config("  s: {plugin: jsonl, path: s.jsonl}\n", "from: s, mode: mirror");
  world.write_jsonl("disk/s.jsonl", "a b c");
  REQUIRE(world.run().code == 0);
  fill("a b");
  world.write_jsonl("disk/s.jsonl", "a b");
  REQUIRE(world.run().code == 0);
  fill("a b c=Mine");
  REQUIRE(world.run().code == 0);
  CHECK(world.listing() == expected_listing("a b c=Mine", world.target()));
}

TEST_CASE("what a person adds while linkferry brings something back is that person's",
          "[faults][ownership]") {
  World world(Target::shelf);
  world.write_config("  s: {plugin: jsonl, path: s.jsonl}\n", "from: s, mode: mirror");
  for (const char* bookmarks : {"a b c", "a c"}) {
    world.write_jsonl("disk/s.jsonl", bookmarks);
    REQUIRE(world.run().code == 0);
  }
  world.write_jsonl("disk/s.jsonl", "a b=Back c");
  stop_before(world, "change of a service");
  REQUIRE(world.listing().size() == 2);
  world.fill_target("b=Mine+own");
  REQUIRE(world.run().code == 0);
  world.write_jsonl("disk/s.jsonl", "a c");
  REQUIRE(world.run().code == 0);
  CHECK(world.listing().size() == 3);
}
