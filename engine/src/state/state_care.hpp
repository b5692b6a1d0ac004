#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "state/state_store.hpp"

namespace linkferry {

/// Hands over what is remembered of all jobs, a line of JSON for each job, run and link, without
/// the texts of bookmarks. Errors: as StateStore.
void export_state(StateStore& store, const std::function<void(std::string_view)>& output);

/// What a repair found.
struct Repair {
  bool was_damaged = false;
  std::filesystem::path aside;  ///< where the damaged file is now
  std::uint64_t links = 0;      ///< that could be read
  std::uint64_t runs = 0;
};

/// Looks the state over; a damaged one is put aside, and what can be read of it goes to a new one,
/// which takes its place when it is complete.
/// What cannot be read is unknown to the next run, which deletes nothing for that. The caller has
/// the state alone (lock_state).
/// Errors: NewerState; Failure failed when the disk does not let
/// it.
Repair repair_state(const std::filesystem::path& file);

}  // namespace linkferry
