#pragma once

#include "common/json_writer.hpp"
#include "report/report.hpp"

namespace linkferry {

/// The reports for programs: one object (`schemas/report.schema.json`) or one line a change
/// (`schemas/plan.schema.json`).
class JsonReport final : public Report {
 public:
  /// `is_lines`: one line a change.
  JsonReport(const ReportOptions& options, ReportOutput output, bool is_lines);

  void on_change(const PlannedChange& change) override;
  void on_folder(const Folder& created) override;
  bool wants_fingerprints() const override { return is_lines_; }
  void on_planned(const RunSummary& summary) override;
  void on_finished(const RunSummary& summary) override;
  void on_failed(std::string_view message) override;

 private:
  void put_header();
  void put_job_members();
  void put_origin();
  void put_change(const PlannedChange& change);
  void put_books(const RunSummary& summary);
  void put_fingerprints(const RunSummary& summary);
  void put_conflicts(std::span<const Conflict> conflicts);
  void put_notices(const Ledger& ledger);
  void begin_item();
  void end_item();
  void flush();

  const ReportOptions& options_;
  ReportOutput output_;
  common::JsonWriter json_;
  bool is_lines_;
  bool is_first_change_ = true;
};

}  // namespace linkferry
