#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "schedule/cron.hpp"

namespace linkferry {

/// A moment, in whole seconds of UTC.
using Moment = std::chrono::sys_seconds;

/// The rules of a time zone: when its clocks show what. The rules are those of ICU.
/// Thread: any, each copy too.
class Zone {
 public:
  /// A zone of the IANA database by its name, like `Europe/Berlin` or `UTC`; nothing for others.
  static std::optional<Zone> find(const std::string& name);
  /// That of this machine: $TZ, else /etc/localtime; UTC where neither says anything.
  static Zone local();

  const std::string& name() const { return name_; }

  /// How far its clocks are ahead of UTC.
  std::chrono::seconds offset_at(Moment moment) const;
  /// What they show, without the seconds.
  LocalMinutes local_at(Moment moment) const;
  /// The first moment at which they show `time` or more: of an hour that comes twice the first, and
  /// for one that is left out the moment right after it.
  Moment first_at(LocalMinutes time) const;
  /// The last minute that has been shown up to `moment`: later than `local_at` after clocks were
  /// put back.
  LocalMinutes latest_shown(Moment moment) const;
  /// When the clocks are changed next; nothing where they never are again.
  std::optional<Moment> next_change(Moment after) const;

 private:
  struct Rules;
  Zone(std::string name, std::shared_ptr<const Rules> rules);

  std::string name_;
  std::shared_ptr<const Rules> rules_;
};

/// `2026-11-22 10:15 +01:00`, for people; with seconds where there are some.
std::string format_local(Moment moment, const Zone& zone);

}  // namespace linkferry
