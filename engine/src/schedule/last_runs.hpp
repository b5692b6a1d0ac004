#pragma once

#include <optional>
#include <string>

#include "schedule/zone.hpp"

namespace linkferry {

/// What is remembered of runs when the daemon is not there: when each job was started last, so that
/// it is known what was missed. Thread: one at a time.
class LastRuns {
 public:
  virtual ~LastRuns() = default;
  /// Of a run that somebody stopped it is as if it had never begun. Nothing: never, as far as is
  /// known.
  virtual std::optional<Moment> find(const std::string& job) = 0;
};

}  // namespace linkferry
