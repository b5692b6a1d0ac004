#include "text/key_index.hpp"

#include <map>
#include <random>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace linkferry {
namespace {

Key key_number(std::uint64_t i) { return hash_of({reinterpret_cast<const char*>(&i), sizeof(i)}); }

TEST_CASE("an empty index knows nothing", "[key_index]") {
  KeyIndex index;
  CHECK(index.size() == 0);
  CHECK_FALSE(index.find(Key{}));
  index.prefetch(Key{});
}

TEST_CASE("a key keeps the first ordinal that came with it", "[key_index]") {
  KeyIndex index;
  CHECK_FALSE(index.insert(key_number(1), 10));
  CHECK_FALSE(index.insert(key_number(2), 11));
  CHECK(index.insert(key_number(1), 12) == 10u);
  CHECK(index.find(key_number(1)) == 10u);
  CHECK(index.find(key_number(2)) == 11u);
  CHECK_FALSE(index.find(key_number(3)));
  CHECK(index.size() == 2);
}

TEST_CASE("keys that differ in one half only are two keys", "[key_index]") {
  KeyIndex index;
  CHECK_FALSE(index.insert({1, 1}, 0));
  CHECK_FALSE(index.insert({1, 2}, 1));
  CHECK_FALSE(index.insert({2, 1}, 2));
  CHECK_FALSE(index.insert({0, 0}, 3));
  CHECK(index.insert({0, 0}, 4) == 3u);
}

TEST_CASE("an index agrees with a map, one by one and in batches", "[key_index]") {
  const std::size_t expected = GENERATE(std::size_t{0}, std::size_t{100}, std::size_t{100'000});
  KeyIndex single(expected);
  KeyIndex batched(expected);
  std::map<std::uint64_t, std::uint32_t> model;
  std::mt19937_64 random{3};
  std::vector<Key> keys(500);
  std::vector<std::uint32_t> firsts(keys.size());
  for (std::uint32_t base = 0; base < 100'000; base += 500) {
    std::vector<std::uint32_t> want;
    for (std::uint32_t i = 0; i < 500; ++i) {
      const std::uint64_t value = random() % 60'000;
      keys[i] = key_number(value);
      want.push_back(model.try_emplace(value, base + i).first->second);
      REQUIRE(single.insert(keys[i], base + i).value_or(base + i) == want.back());
    }
    batched.insert(keys, base, firsts);
    REQUIRE(firsts == want);
  }
  CHECK(single.size() == model.size());
  CHECK(batched.size() == model.size());
  for (const auto& [value, ordinal] : model) REQUIRE(single.find(key_number(value)) == ordinal);
}

TEST_CASE("one key a hundred thousand times takes the room of one", "[key_index]") {
  KeyIndex index;
  const std::vector<Key> keys(100'000, key_number(1));
  std::vector<std::uint32_t> firsts(keys.size());
  index.insert(keys, 7, firsts);
  CHECK(firsts == std::vector<std::uint32_t>(keys.size(), 7));
  CHECK(index.size() == 1);
  CHECK(index.memory_bytes() < 16 * 1024);
}

TEST_CASE("keys that all fall into one shard are found again", "[key_index]") {
  KeyIndex index;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    Key key = key_number(i);
    key.high >>= 8;
    REQUIRE_FALSE(index.insert(key, i));
    REQUIRE(index.find(key) == i);
  }
}

TEST_CASE("a million keys take at most 30 bytes each", "[key_index]") {
  const std::size_t expected = GENERATE(std::size_t{0}, std::size_t{1'000'000});
  KeyIndex index(expected);
  for (std::uint32_t i = 0; i < 1'000'000; ++i) index.insert(key_number(i), i);
  CHECK(index.size() == 1'000'000);
  CHECK(index.memory_bytes() <= 30'000'000);
}

TEST_CASE("a payload stays with its key while the index grows", "[key_index]") {
  KeyIndexWithHash index;
  for (std::uint32_t i = 0; i < 50'000; ++i)
    index.insert(key_number(i), i, Key{i, ~std::uint64_t{i}});
  for (std::uint32_t i = 0; i < 50'000; ++i) {
    REQUIRE(index.find(key_number(i)) == i);
    REQUIRE(*index.find_payload(key_number(i)) == Key{i, ~std::uint64_t{i}});
  }
  index.find_payload(key_number(1))->high = 99;
  CHECK(index.find_payload(key_number(1))->high == 99);
  CHECK(index.find_payload(key_number(50'001)) == nullptr);
}

}  // namespace
}  // namespace linkferry
