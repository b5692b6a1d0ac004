#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace linkferry::test {

/// What happens to a process at one of its points.
enum class Mishap : std::uint8_t {
  none,          ///< points are counted
  killed,        ///< the process is gone; what it gave to the kernel stays
  torn,          ///< killed in the middle of a write: half of its bytes are there
  power_cut,     ///< the machine is gone: of the watched folder only what was synced stays
  scattered,     ///< the same, but some of what was not synced stays too, in no order
  terminate,     ///< SIGTERM, as a service manager stops a program
  disk_full,     ///< from here on every write to the watched folder fails with ENOSPC
  lost_reply,    ///< a request was carried out, and its answer is lost; pauses take no time
  cut_short,     ///< SIGTERM while an answer is awaited, which nobody hears any more
  turned_away,   ///< a request never arrives; status 429 says to come again
  failed_after,  ///< a request was carried out, and its answer is status 500
};
inline constexpr Mishap all_mishaps[] = {
    Mishap::killed,      Mishap::torn,        Mishap::power_cut,  Mishap::scattered,
    Mishap::terminate,   Mishap::disk_full,   Mishap::lost_reply, Mishap::cut_short,
    Mishap::turned_away, Mishap::failed_after};

constexpr const char* name_of(Mishap mishap) {
  constexpr const char* names[] = {"none",      "killed",      "torn",        "power_cut",
                                   "scattered", "terminate",   "disk_full",   "lost_reply",
                                   "cut_short", "turned_away", "failed_after"};
  return names[static_cast<std::size_t>(mishap)];
}

/// A mishap with the same points, which stands for all of those.
constexpr Mishap measure_of(Mishap mishap) {
  switch (mishap) {
    case Mishap::torn:
    case Mishap::disk_full:
      return Mishap::torn;
    case Mishap::lost_reply:
    case Mishap::cut_short:
    case Mishap::failed_after:
      return Mishap::lost_reply;
    case Mishap::turned_away:
      return Mishap::turned_away;
    default:
      return Mishap::killed;
  }
}

/// Between the process that watches and the one that is watched; lies in memory of both.
struct SharedPoints {
  std::atomic<std::uint64_t> count{0};  ///< points that were passed, by this mishap's measure
  std::atomic<bool> has_struck{false};
  char where[96] = "";  ///< what was about to happen then
};

/// From here on this process has points: before every write, sync, truncation, rename and removal
/// of a file below `folder`, before a request is sent and once its answer is there, and wherever a
/// plugin of the tests says so (`linkferry_crash_point`). At number `at`, from 1, `mishap` strikes.
/// 0: never. `spare`: a folder of the same disk, for what a power cut brings back. What is not a
/// point for a mishap (a torn sync) is not counted for it.
///
/// Rationale: the functions of the C library are interposed, so the program and its libraries are
/// what they always are. "After" a call is "before" the next one: nothing that outlives the process
/// happens in between. Thread: before others are started.
void arm_points(const std::string& folder, const std::string& spare, Mishap mishap,
                std::uint64_t at, std::uint64_t seed, SharedPoints& shared);

/// From here on the date is so much later.
void set_date(long seconds_later);

/// The process has done all it does: a power cut may still come.
void pass_last_point();

}  // namespace linkferry::test
