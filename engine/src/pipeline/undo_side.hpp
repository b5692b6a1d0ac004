#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "pipeline/change_output.hpp"
#include "pipeline/compare.hpp"
#include "pipeline/existing_content.hpp"
#include "pipeline/planned_updates.hpp"
#include "pipeline/removals.hpp"
#include "pipeline/undo.hpp"
#include "text/key_index.hpp"

namespace linkferry {

/// Hears what becomes of each change while an undo is planned. Thread: the one that plans.
class UndoObserver {
 public:
  virtual ~UndoObserver() = default;
  /// It is taken back. `present`: null where the place does not hold it now; `restored`: null where
  /// it will not hold it.
  virtual void on_taken_back(const UndoEntry& entry, const Bookmark* present,
                             const Bookmark* restored) = 0;
  /// It stays as somebody has made it since.
  virtual void on_kept(const UndoEntry& entry) = 0;
};

/// Takes back what a run has done in one place, where nobody has changed it since.
///
/// Thread: one at a time. Errors of all calls: as undo_run.
class UndoSide final : public Removals {
 public:
  /// `endpoint` is shown with each change where the run wrote to two places; absent: it is not.
  /// `undone` may be null. Everything lent outlives it.
  UndoSide(const Job& job, const std::string& name, std::vector<UndoEntry> entries, OpenSink& sink,
           Text endpoint, PlanObserver& observer, UndoObserver* undone, const RunOptions& options,
           RunSummary& summary);

  /// Reads the place and plans: the observers see it, the summary counts it. Nothing is written.
  void plan();
  bool has_changes() const {
    return !updates_.is_empty() || !creates_.is_empty() || !removed_.empty();
  }
  /// Why it must not be rewritten; empty: it may.
  std::string reason_to_hold() const;
  /// Carries out what is planned. `memory`: its journal is used, its endpoint noted.
  void write(const JobMemory& memory);

  /// What the place held when it was planned.
  ExistingContent& existing() { return existing_; }
  KeyMaker& keys() { return keys_; }

  bool has_removals() const override { return !removed_.empty(); }
  Fate fate_of(std::uint32_t ordinal) const override;
  Bookmark quarantined(const Bookmark& present, Arena& /*arena*/) const override {
    return present;  // Undo deletes what was created.
  }

 private:
  /// What the place holds of one entry: a record, or several in different folders.
  struct Held {
    Fingerprint sum;          ///< the content, and the folders of all records
    bool is_mixed = false;    ///< they say different things
    bool is_updated = false;  ///< the first of them is put back
  };

  void sum_up(const Bookmark& bookmark, Arena& arena);
  void note_return(const Key& key, const Fingerprint& print);
  std::optional<std::size_t> find_entry(const Bookmark& bookmark, Arena& arena);
  static bool is_equal(const Held& held, const Fingerprint& print) {
    return !held.is_mixed && held.sum == print;
  }
  void plan_present(std::uint32_t ordinal, const Bookmark& present, Arena& arena);
  void plan_removal(std::uint32_t ordinal, const UndoEntry& entry, const Bookmark& present,
                    Arena& arena);
  bool plan_update(std::uint32_t ordinal, const UndoEntry& entry, const Bookmark& present,
                   const Bookmark& before, Arena& arena);
  bool is_copy_of_kept(std::size_t i);
  void plan_absent(const UndoEntry& entry);
  void count(Fate fate, std::span<const Loss> losses, Text url);
  void keep(const UndoEntry& entry, const Bookmark& bookmark, Text reason);
  void tell(const UndoEntry& entry, const Bookmark* present, const Bookmark* restored);
  void show(Fate fate, const Bookmark& bookmark, const Bookmark* present,
            std::span<const Field> differing, std::span<const Loss> losses, Text reason = {});

  std::vector<UndoEntry> entries_;
  std::vector<bool> is_seen_;
  std::vector<Held> held_;
  std::unordered_map<std::string, std::size_t> by_id_;
  KeyIndex by_key_;
  std::vector<std::uint32_t> next_;  ///< the next entry of the same key; of the last one itself
  OpenSink& sink_;
  PlanObserver& observer_;
  UndoObserver* undone_;
  const RunOptions& options_;
  RunSummary& summary_;
  KeyMaker keys_;
  std::string name_;
  Text endpoint_;
  ExistingContent existing_;
  std::vector<std::uint32_t> removed_;
  PlannedUpdates updates_;
  ChangeSpool creates_;
  Arena arena_;
};

}  // namespace linkferry
