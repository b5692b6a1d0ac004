#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include "text/url_key.hpp"

namespace linkferry {

struct NoPayload {};

/// Remembers the first ordinal of every key, and a payload with it. Nothing is ever taken out.
///
/// 256 shards by the top bits of the key, each an open-addressed table of cache lines that hold
/// three keys. A shard grows alone, by a quarter and out of step with the others, so that no
/// doubling shows in the peak: about 27 bytes a key in all (without payload), 26 where `expected`
/// was right. Up to 2^32 - 2 keys. Thread: one at a time. Errors: std::bad_alloc; what was inserted
/// before stays.
///
/// Rationale: one cache miss an insert; one array each for the halves of the key and the ordinal
/// would take three.
template <class Payload = NoPayload>
class BasicKeyIndex {
 public:
  using Ordinal = std::uint32_t;

  explicit BasicKeyIndex(std::size_t expected = 0) {
    if (expected != 0) reserve(expected);
  }

  /// Takes room for `expected` keys in all at once; a wrong guess costs memory or time, nothing
  /// else.
  void reserve(std::size_t expected) {
    // Shards differ by chance: four standard deviations more than the mean, and hardly one will
    // have to grow.
    const double mean = static_cast<double>(expected) / shard_count;
    const double keys = mean + 4 * std::sqrt(mean) + 1;
    const auto buckets = static_cast<std::size_t>(keys * 16 / (usable_of_16 * slots)) + 1;
    for (Shard& shard : shards_) {
      if (shard.size < buckets) resize(shard, buckets);
    }
  }

  std::size_t size() const { return size_; }
  /// What all of it takes, in bytes.
  std::size_t memory_bytes() const { return bucket_count_ * sizeof(Bucket) + sizeof(*this); }

  /// Remembers `key` with `ordinal`; or, where it is known, changes nothing and returns the ordinal
  /// that it has.
  std::optional<Ordinal> insert(const Key& key, Ordinal ordinal, const Payload& payload = {}) {
    Shard& shard = shard_of(key);
    if (shard.free == 0) {
      if (const auto known = find(key)) return known;
      grow(shard);
    }
    const Place place = locate(shard, key);
    if (place.is_known()) return place.bucket->ordinal[place.slot];
    place.bucket->fill(place.slot, key, ordinal, payload);
    --shard.free;
    ++size_;
    return {};
  }

  /// The same for many: `keys[i]` has the ordinal `first_ordinal + i`. `firsts[i]` becomes the
  /// ordinal that the key has then, which is its own where it is new. `firsts` is as long as
  /// `keys`. About three times as fast as one by one.
  void insert(std::span<const Key> keys, Ordinal first_ordinal, std::span<Ordinal> firsts) {
    for (std::size_t i = 0; i < std::min(ahead, keys.size()); ++i) prefetch(keys[i]);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i + ahead < keys.size()) prefetch(keys[i + ahead]);
      const auto own = static_cast<Ordinal>(first_ordinal + i);
      firsts[i] = insert(keys[i], own).value_or(own);
    }
  }

  /// The ordinal of a key, where it is known.
  std::optional<Ordinal> find(const Key& key) const {
    const Shard& shard = shard_of(key);
    if (shard.size == 0) return {};
    const Place place = locate(shard, key);
    if (!place.is_known()) return {};
    return place.bucket->ordinal[place.slot];
  }

  /// The payload of a key, to read or to change; null where the key is not known. Lifetime: until
  /// the next insert.
  Payload* find_payload(const Key& key) requires(!std::is_empty_v<Payload>) {
    const Shard& shard = shard_of(key);
    if (shard.size == 0) return nullptr;
    const Place place = locate(shard, key);
    return place.is_known() ? &place.bucket->payload[place.slot] : nullptr;
  }

  /// Fetches what `insert` or `find` of this key will need; worth it some ten keys ahead.
  void prefetch(const Key& key) const {
    const Shard& shard = shard_of(key);
    if (shard.size != 0) __builtin_prefetch(&shard.buckets[home(shard, key)], 1);
  }

 private:
  static constexpr std::size_t shard_count = 256;
  static constexpr std::uint32_t slots = 3;
  static constexpr std::size_t usable_of_16 = 14;  ///< of 16 slots this many may be taken: 87 %
  static constexpr std::size_t ahead = 12;         ///< keys; 8 to 24 measure the same
  static constexpr bool has_payload = !std::is_empty_v<Payload>;

  /// 64 bytes without payload: one cache line.
  struct alignas(has_payload ? 8 : 64) Bucket {
    std::uint64_t high[slots];
    std::uint64_t low[slots];
    Ordinal ordinal[slots];
    std::uint32_t count = 0;
    [[no_unique_address]] std::conditional_t<has_payload, std::array<Payload, slots>, Payload>
        payload;

    Payload payload_of(std::uint32_t slot) const {
      if constexpr (has_payload)
        return payload[slot];
      else
        return {};
    }

    void fill(std::uint32_t slot, const Key& key, Ordinal value, const Payload& more) {
      high[slot] = key.high;
      low[slot] = key.low;
      ordinal[slot] = value;
      if constexpr (has_payload) payload[slot] = more;
      count = slot + 1;
    }
  };

  static_assert(has_payload || sizeof(Bucket) == 64);

  struct Shard {
    std::unique_ptr<Bucket[]> buckets;
    std::size_t size = 0;  ///< buckets
    std::size_t free = 0;  ///< keys that may be added before it grows
  };

  struct Place {
    Bucket* bucket;
    std::uint32_t slot;
    bool is_known() const { return slot < bucket->count; }
  };

  Shard& shard_of(const Key& key) { return shards_[key.high >> 56]; }
  const Shard& shard_of(const Key& key) const { return shards_[key.high >> 56]; }

  /// Keeps the order of the keys, so that growing walks through both tables from front to back.
  static std::size_t home(const Shard& shard, const Key& key) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::size_t>(Wide{key.high << 8} * shard.size >> 64);
  }

  static std::size_t next(const Shard& shard, std::size_t i) {
    return i + 1 == shard.size ? 0 : i + 1;
  }

  /// Where the key is, or the free slot where it belongs. There is one: a shard is never full.
  static Place locate(const Shard& shard, const Key& key) {
    for (std::size_t i = home(shard, key);; i = next(shard, i)) {
      Bucket& bucket = shard.buckets[i];
      for (std::uint32_t slot = 0; slot < bucket.count; ++slot) {
        if (bucket.high[slot] == key.high && bucket.low[slot] == key.low) return {&bucket, slot};
      }
      if (bucket.count < slots) return {&bucket, bucket.count};
    }
  }

  /// By a quarter; the first sizes differ, which keeps the shards out of step.
  void grow(Shard& shard) {
    const auto number = static_cast<std::size_t>(&shard - shards_.data());
    resize(shard, shard.size == 0 ? 4 + number % 4 : shard.size + shard.size / 4 + 1);
  }

  void resize(Shard& shard, std::size_t buckets) {
    Shard larger{std::unique_ptr<Bucket[]>(new Bucket[buckets]), buckets,
                 buckets * slots * usable_of_16 / 16};
    for (std::size_t i = 0; i < shard.size; ++i) {
      const Bucket& from = shard.buckets[i];
      for (std::uint32_t slot = 0; slot < from.count; ++slot) {
        const Key key{from.high[slot], from.low[slot]};
        std::size_t to = home(larger, key);
        while (larger.buckets[to].count == slots) to = next(larger, to);
        larger.buckets[to].fill(larger.buckets[to].count, key, from.ordinal[slot],
                                from.payload_of(slot));
        --larger.free;
      }
    }
    bucket_count_ += larger.size - shard.size;
    shard = std::move(larger);
  }

  std::array<Shard, shard_count> shards_;
  std::size_t size_ = 0;
  std::size_t bucket_count_ = 0;
};

/// Which keys were seen, and where first.
using KeyIndex = BasicKeyIndex<>;

/// 16 bytes more for each key: for instance the hash of what a sink holds under it.
using KeyIndexWithHash = BasicKeyIndex<Key>;

}  // namespace linkferry
