#include "pipeline/spool.hpp"

#include <random>
#include <vector>

#include "support/catch.hpp"

using linkferry::Spool;

TEST_CASE("a spool gives back what was put in, in memory and from disk", "[pipeline][spool]") {
  const std::size_t largest = GENERATE(100u, 300'000u);
  std::mt19937 random(7);
  Spool spool;
  std::vector<std::string> records;
  std::vector<std::uint64_t> offsets;
  for (int i = 0; i < 400; ++i) {
    records.emplace_back(random() % largest, static_cast<char>('a' + i % 26));
    offsets.push_back(spool.append(records.back()));
  }
  std::uint64_t offset = 0;
  std::string_view record;
  for (const std::string& wanted : records) {
    REQUIRE(spool.next(offset, record));
    REQUIRE(record == wanted);
  }
  CHECK_FALSE(spool.next(offset, record));
  for (int i = 0; i < 100; ++i) {
    const std::size_t any = random() % records.size();
    offset = offsets[any];
    REQUIRE(spool.next(offset, record));
    REQUIRE(record == records[any]);
  }
}
