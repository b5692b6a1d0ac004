#pragma once

#include <chrono>

#include "pipeline/run.hpp"

namespace linkferry {

/// One line on a terminal that shows how far a run is: the stage, how many bookmarks, a bar where
/// the total is known.
///
/// Appears when a run takes more than half a second, changes ten times a second at most, and wipes
/// itself. Make one only where standard error is a terminal. Thread: the one that runs the job.
class ProgressLine final : public ProgressObserver {
 public:
  ProgressLine();
  ~ProgressLine() override;
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void on_progress(std::string_view stage, std::uint64_t records, std::uint64_t done,
                   std::uint64_t total) override;
  /// Takes the line away, for what is printed next.
  void wipe();

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point next_;
  bool is_shown_ = false;
};

}  // namespace linkferry
