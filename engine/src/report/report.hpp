#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/job.hpp"
#include "config/report_format.hpp"
#include "pipeline/plan.hpp"

namespace linkferry {

/// Where a report goes, piece by piece.
using ReportOutput = std::function<void(std::string_view)>;

/// What a report needs to know beside the plan.
struct ReportOptions {
  const Job& job;
  Timestamp started_at;
  bool has_color = false;           ///< text only: ANSI colours
  bool shows_every_change = false;  ///< text only: else the first ten of each kind
  bool reads_everything = false;    ///< the run was told so
  bool accepts_partial = false;     ///< the run was told so
  std::int64_t state_serial = 0;    ///< of what is remembered of the job
  std::vector<std::pair<std::string, std::string>> plugins = {};  ///< names and versions, sorted
};

/// Renders what a job would do, or did, for people or programs: the diff, the losses, the books.
///
/// Sees the plan as it is made, `on_planned` before anything is written, and `on_finished` at the
/// end of the run. Thread: the one that runs the job.
class Report : public PlanObserver {
 public:
  virtual void on_finished(const RunSummary& summary) = 0;
  /// Instead of `on_finished`, when the run could not go on: `message` says why. What was begun is
  /// brought to an end.
  virtual void on_failed(std::string_view /*message*/) {}
};

/// `text` is for people. `json` is one object (`schemas/report.schema.json`), `ndjson` one line a
/// change
/// (`schemas/plan.schema.json`). `options` outlives the report.
std::unique_ptr<Report> make_report(ReportFormat format, const ReportOptions& options,
                                    ReportOutput output);

/// Several reports at once.
class Reports final : public Report {
 public:
  void add(std::unique_ptr<Report> report) { reports_.push_back(std::move(report)); }

  void on_change(const PlannedChange& change) override {
    for (auto& report : reports_) report->on_change(change);
  }
  void on_folder(const Folder& created) override {
    for (auto& report : reports_) report->on_folder(created);
  }
  bool wants_fingerprints() const override {
    return std::ranges::any_of(reports_, [](const auto& r) { return r->wants_fingerprints(); });
  }
  void on_planned(const RunSummary& summary) override {
    for (auto& report : reports_) report->on_planned(summary);
  }
  void on_finished(const RunSummary& summary) override {
    for (auto& report : reports_) report->on_finished(summary);
  }
  void on_failed(std::string_view message) override {
    for (auto& report : reports_) report->on_failed(message);
  }

 private:
  std::vector<std::unique_ptr<Report>> reports_;
};

}  // namespace linkferry
