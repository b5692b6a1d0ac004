#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schedule/cron.hpp"
#include "schedule/zone.hpp"

namespace linkferry {

/// What happens to runs that fell due while nothing could run: the daemon was not there, the
/// machine slept, or the job itself was still running.
enum class MissedRuns : std::uint8_t {
  run,  ///< one run at once, however many were missed
  skip  ///< none; the next one comes when it is due
};

constexpr std::string_view name_of(MissedRuns policy) {
  return policy == MissedRuns::run ? "run" : "skip";
}

/// When a job runs: at the minutes of `cron` on the clocks of `zone`, or `every` so often, counted
/// from the start of one run to that of the next.
struct Schedule {
  std::optional<Cron> cron;        ///< nothing: `every`
  std::chrono::seconds every{0};   ///< at least 1 s
  std::chrono::seconds jitter{0};  ///< each run starts up to this much later, by chance
  std::optional<Zone> zone;        ///< of `cron`
  std::string cron_text;           ///< as it was written
  MissedRuns missed = MissedRuns::run;

  bool operator==(const Schedule& other) const {
    return cron == other.cron && every == other.every && jitter == other.jitter &&
           missed == other.missed &&
           (zone ? zone->name() : "") == (other.zone ? other.zone->name() : "");
  }
};

/// The first moment after `after` at which a job is due, without jitter. With `every` that is
/// `after + every`: `after` is the start of the last run.
///
/// When clocks are changed, a time of the day that is left out counts as the moment right after it,
/// and one that comes twice counts once, the first time. Schedules of every hour mean an interval
/// rather than a time of the day: they follow the clock through both.
/// Source: cron(8) of Debian's cron 3.0pl1-162 (read 2026-11-22), which makes this difference
/// between times of the day and wildcards.
Moment next_due(const Schedule& schedule, Moment after);

/// The first moment after `now` at which a job is due that ran last at `last`, leaving out all that
/// were missed.
Moment next_due_after(const Schedule& schedule, Moment last, Moment now);

/// `every 30m, up to 2m later`, `cron "15 * * * *" in Europe/Berlin`.
std::string describe(const Schedule& schedule);

}  // namespace linkferry
