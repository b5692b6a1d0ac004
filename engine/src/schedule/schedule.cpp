#include "schedule/schedule.hpp"

#include <fmt/format.h>

#include "schedule/duration.hpp"

namespace linkferry {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// Between two changes of the clocks a wall clock goes on like any other.
Moment next_by_the_clock(const Cron& cron, const Zone& zone, Moment after) {
  // The minute of `after` itself counts where `after` is a change of the clocks, not where it is
  // the start of the search.
  LocalMinutes shown = zone.local_at(after);
  for (;;) {
    const Moment next{cron.next_after(shown).time_since_epoch() - zone.offset_at(after)};
    const auto change = zone.next_change(after);
    if (!change || next < *change) return next;
    after = *change;
    shown = zone.local_at(after) - minutes(1);
  }
}

}  // namespace

Moment next_due(const Schedule& schedule, Moment after) {
  if (!schedule.cron) return after + schedule.every;
  const Zone& zone = *schedule.zone;
  if (schedule.cron->is_every_hour()) return next_by_the_clock(*schedule.cron, zone, after);
  // What the clocks have shown already was due then, also if they are put back and show it again.
  return zone.first_at(schedule.cron->next_after(zone.latest_shown(after)));
}

Moment next_due_after(const Schedule& schedule, Moment last, Moment now) {
  if (schedule.cron) return next_due(schedule, std::max(last, now));
  if (last > now) return now + schedule.every;
  return last + ((now - last) / schedule.every + 1) * schedule.every;
}

std::string describe(const Schedule& schedule) {
  const std::string jitter = schedule.jitter > seconds(0)
                                 ? fmt::format(", up to {} later", format_duration(schedule.jitter))
                                 : "";
  if (!schedule.cron) return fmt::format("every {}{}", format_duration(schedule.every), jitter);
  return fmt::format("cron \"{}\" in {}{}", schedule.cron_text, schedule.zone->name(), jitter);
}

}  // namespace linkferry
