#pragma once

#include <bitset>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace linkferry {

/// Minutes of a wall clock: those since 1970-01-01 00:00 as the clock showed them, in whatever time
/// zone it hangs.
using LocalMinutes = std::chrono::local_time<std::chrono::minutes>;

/// The five fields of a line of a crontab, which say at which minutes of the wall clock something
/// is due.
///
///     15 * * * *          a quarter past every hour
///     0 9-17/2 * * mon-fri
///     30 3 1,15 * *       on the 1st and the 15th
///     0 0 1 * sun         on the 1st of the month, and on every Sunday
///
/// Minute 0-59, hour 0-23, day of the month 1-31, month 1-12 or its name, day of the week 0-7 (0
/// and 7 are Sunday) or its name; names are the first three letters, in any case. A field is `*`, a
/// value, a range, a list of those; `*` and ranges may have a step. When neither day field begins
/// with `*`, a day is due that meets either of them.
/// Source: crontab(5) of Debian's cron 3.0pl1-162 (read 2026-11-22). Beyond it, as other crons have
/// it: names in ranges and lists, and `sun` as the end of a range.
class Cron {
 public:
  /// What is wrong with a text, in words that follow "expected …: ".
  struct Mistake {
    std::string message;
  };

  static std::variant<Cron, Mistake> parse(std::string_view text);

  bool matches(LocalMinutes time) const;
  /// The first such minute after `time`. There always is one: `parse` refuses the 30th of February.
  LocalMinutes next_after(LocalMinutes time) const;
  /// Whether it is due in every hour of a day, so that it means an interval and no time of the day.
  bool is_every_hour() const { return hours_.all(); }

  bool operator==(const Cron&) const = default;

 private:
  bool matches_day(std::chrono::local_days day) const;
  std::optional<LocalMinutes> find_after(LocalMinutes time) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<7> weekdays_;  ///< 0 is Sunday
  bool needs_both_days_ = false;
};

}  // namespace linkferry
