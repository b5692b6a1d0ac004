#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/change_output.hpp"
#include "pipeline/link_table.hpp"
#include "pipeline/spool.hpp"
#include "sync/base_table.hpp"

namespace linkferry {

/// What will be remembered of a sync when it has been carried out: only what both sides have taken.
///
/// Memory: about 50 bytes a bookmark that has changed. Thread: one at a time.
class SyncLinks {
 public:
  SyncLinks(LinkTable& links, BaseTable& bases, const std::string& from);

  /// The ids that a bookmark has on the two sides; empty where it has none yet.
  using Ids = std::array<Text, 2>;

  /// Both sides will hold this. `key`: of the bookmark as `to` will hold it.
  void plan(const Key& key, const Ids& ids, const SyncBase& base);
  /// Neither side will have it. `key`: of the bookmark as `side`, which loses it, holds it; `row`:
  /// in the BaseTable.
  void plan_loss(std::uint32_t row, std::size_t side, const Key& key);

  /// Hears what became of the changes of one side.
  WriteObserver& observer(std::size_t side) { return observers_[side]; }

  /// Puts what has come true into the tables, and drops links that no base is known of.
  void settle();

 private:
  class Observer final : public WriteObserver {
   public:
    void on_written(const JournalEntry& entry, const Outcome& outcome) override;
    bool has_failed(const Key& key) const { return failed_.find(key).has_value(); }
    /// The id that the sink gave; empty where it did not.
    std::string id_of(const Key& key);

   private:
    KeyIndex failed_;
    KeyIndex created_;
    std::vector<std::uint64_t> records_;
    Spool ids_;
  };
  struct Planned {
    Key key;
    std::uint64_t record;  ///< in the spool
  };
  struct Loss {
    std::uint32_t row;
    std::size_t side;
    Key key;
  };

  void settle_one(const Planned& planned);

  LinkTable& links_;
  BaseTable& bases_;
  const std::string& from_;
  std::vector<Planned> planned_;
  std::vector<Loss> losses_;
  std::array<Observer, 2> observers_;
  Spool spool_;
  std::string bytes_;
};

}  // namespace linkferry
