#pragma once

#include <array>
#include <string>

#include "report/report.hpp"

namespace linkferry {

/// The report for people: the diff as it is planned, then what will be lost, then the books.
class TextReport final : public Report {
 public:
  TextReport(const ReportOptions& options, ReportOutput output);

  void on_change(const PlannedChange& change) override;
  void on_folder(const Folder& created) override;
  void on_planned(const RunSummary& summary) override;
  void on_finished(const RunSummary& summary) override;

 private:
  void print_bookmark(char symbol, const PlannedChange& change);
  void print_conflicts(const PlannedChange& change);
  void print_parents(const PlannedChange& change);
  void print_left_out(const PlannedChange& change);
  void print_not_shown();
  void print_losses(const Ledger& ledger);
  void print_notices(const RunSummary& summary);
  void print_books(const Ledger& ledger);
  std::string painted(char symbol, const std::string& text) const;

  const ReportOptions& options_;
  ReportOutput output_;
  std::array<std::uint64_t, fate_count> seen_{};
  std::uint64_t folders_seen_ = 0;
  bool has_changes_ = false;
};

}  // namespace linkferry
