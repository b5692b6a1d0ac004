#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/spool.hpp"
#include "sync/sync_base.hpp"
#include "text/key_index.hpp"

namespace linkferry {

/// What a sync remembers of each link beside it. Loaded before a run, changed by it, and stored
/// after it.
///
/// Memory: about 90 bytes a link; the prints wait in a spool. Thread: one at a time.
class BaseTable {
 public:
  struct Row {
    Key key;                   ///< of the bookmark as `to` holds it, as that of its link
    std::int64_t id = 0;       ///< in the state; 0: not stored yet
    std::uint64_t record = 0;  ///< in the spool
    bool is_dropped = false;
    bool is_changed = false;  ///< since it was loaded
  };

  /// Takes in what was remembered. `prints`: as `encode` made it.
  void load(const Key& key, std::string_view prints, std::int64_t id);

  /// The row of a bookmark by the key that it has on either side.
  std::optional<std::uint32_t> find(const Key& key) const;
  SyncBase base_of(std::uint32_t row) { return decode_base(prints_of(rows_[row])); }
  /// The bytes of it. Lifetime: until the next call.
  std::string_view prints_of(const Row& row);

  void put(const Key& key, const SyncBase& base);
  void drop(std::uint32_t row);

  /// All of them, dropped ones too.
  std::span<const Row> all() const { return rows_; }
  /// How many are not dropped.
  std::size_t size() const { return size_; }

 private:
  std::vector<Row> rows_;
  std::size_t size_ = 0;
  KeyIndex index_;
  KeyIndex from_index_;
  Spool prints_;
  std::string bytes_;
};

}  // namespace linkferry
