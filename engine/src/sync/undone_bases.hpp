#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "pipeline/undo_side.hpp"
#include "sync/base_table.hpp"
#include "text/key_index.hpp"

namespace linkferry {

/// What a sync will remember of the bookmarks that an undo takes back: both sides as they are then,
/// however they differ. So the next sync neither does again what was taken back, nor takes it for a
/// change or a deletion; it goes on when somebody changes the bookmark on either side.
///
/// Where one side stays as somebody has made it since, while the other is taken back, nothing is
/// remembered: the next sync takes both as it finds them. What a run that did not end has changed
/// is not in the table yet; then the untouched side counts as it is now.
///
/// Memory: some 300 bytes for each bookmark. Thread: one at a time.
class UndoneBases {
 public:
  explicit UndoneBases(BaseTable& bases);

  /// Hears what is taken back on one side.
  UndoObserver& observer(std::size_t side) { return observers_[side]; }
  /// Takes in what `side` holds, after both were planned. Errors: those of reading it.
  void look_at(std::size_t side, UndoSide& there, std::stop_token stop);
  /// Puts it into the table.
  void settle();

 private:
  class Observer final : public UndoObserver {
   public:
    Observer(UndoneBases& all, std::size_t side) : all_(all), side_(side) {}
    void on_taken_back(const UndoEntry& entry, const Bookmark* present,
                       const Bookmark* restored) override {
      all_.take_back(side_, entry, present, restored);
    }
    void on_kept(const UndoEntry& entry) override { all_.keep(side_, entry); }

   private:
    UndoneBases& all_;
    std::size_t side_;
  };

  enum class Part : std::uint8_t { untouched, kept, taken_back };
  /// What one side holds after the undo.
  struct Half {
    Part part = Part::untouched;
    bool is_present = false;
    FieldPrints fields{};
    std::vector<Print> tags;
    std::vector<Print> folders;

    void add(const Bookmark& bookmark);
  };
  struct Item {
    std::array<Key, 2> keys;
    std::optional<std::uint32_t> row;
    std::array<Half, 2> halves{};
    bool is_in_base = false;   ///< what the run has left is what the table tells of
    bool was_removed = false;  ///< the run has deleted it
  };

  void take_back(std::size_t side, const UndoEntry& entry, const Bookmark* present,
                 const Bookmark* restored);
  void keep(std::size_t side, const UndoEntry& entry);
  Item& item_of(std::size_t side, const Key& key);
  void settle_one(Item& item);
  static void take_from_base(Half& half, const SyncBase& base, std::size_t side);

  BaseTable& bases_;
  std::array<Observer, 2> observers_;
  std::vector<Item> items_;
  std::array<KeyIndex, 2> index_;
};

}  // namespace linkferry
