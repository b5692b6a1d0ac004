#pragma once

#include <deque>
#include <functional>
#include <stop_token>
#include <vector>

#include "pipeline/change_output.hpp"
#include "pipeline/existing_content.hpp"
#include "pipeline/planned_updates.hpp"
#include "pipeline/removals.hpp"

namespace linkferry {

/// Carries out what is planned for the bookmarks that the sink holds. Thread: one at a time.
/// Errors: those of the output.
class ContentWriter {
 public:
  /// `removals` may be null: nothing goes.
  ContentWriter(ExistingContent& existing, PlannedUpdates& updates, const Removals* removals,
                ChangeOutput& output)
      : existing_(existing), updates_(updates), removals_(removals), output_(output) {}

  /// Of a staged sink the whole content again: what was there, with the updates in their places.
  void rewrite(std::stop_token stop);
  /// Of a live sink what changes.
  void send_updates(std::stop_token stop);
  void send_removals(std::stop_token stop);

 private:
  using Visit = std::function<void(Batch&, std::uint32_t first_ordinal)>;

  void walk(const Visit& visit, std::stop_token stop);
  void put(const Change& change, const ChangeFacts& facts);
  bool put_update(Batch& batch, std::size_t i, std::uint32_t ordinal);
  bool put_removal(Batch& batch, std::size_t i, std::uint32_t ordinal);

  ExistingContent& existing_;
  PlannedUpdates& updates_;
  const Removals* removals_;
  ChangeOutput& output_;
  std::vector<Change> changes_;
  std::vector<ChangeFacts> facts_;
  std::deque<Bookmark> changed_;
};

}  // namespace linkferry
