#pragma once

#include <cstdint>
#include <fstream>
#include <string>

#include "report/json_report.hpp"
#include "report/report.hpp"

namespace linkferry {

/// What the first line of a plan file says.
struct PlanHeader {
  std::string job;
  std::string digest;  ///< of the job that made it
  bool reads_everything = false;
  bool accepts_partial = false;
};

/// Errors: Failure input when the file cannot be read; stale when it is no plan, or of no job of a
/// config file.
PlanHeader read_plan_header(const std::string& path);

/// Lets a run go on only where what it is about to do is, line by line, what a plan file says.
///
/// Looks on while the plan is made anew; when it is complete and before anything is written, it
/// throws Failure stale where there is a difference: a side has changed, which is named even where
/// the change has nothing to do with the plan, or somebody has changed the file.
class PlanGuard final : public Report {
 public:
  /// Errors: Failure input.
  PlanGuard(const ReportOptions& options, const std::string& path);

  void on_change(const PlannedChange& change) override { lines_.on_change(change); }
  void on_folder(const Folder& created) override { lines_.on_folder(created); }
  bool wants_fingerprints() const override { return true; }
  void on_planned(const RunSummary& summary) override;
  void on_finished(const RunSummary& /*summary*/) override {}

 private:
  void take(std::string_view text);
  void compare();

  std::string path_;
  std::ifstream file_;
  std::string begun_;         ///< of a line
  std::string expected_;      ///< the line of the file that was read last
  std::string line_;          ///< what it would be now
  std::uint64_t number_ = 0;  ///< of the line compared last
  std::string difference_;
  JsonReport lines_;
};

}  // namespace linkferry
