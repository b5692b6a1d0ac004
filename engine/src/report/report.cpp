#include "report/report.hpp"

#include "report/json_report.hpp"
#include "report/text_report.hpp"

namespace linkferry {

std::unique_ptr<Report> make_report(ReportFormat format, const ReportOptions& options,
                                    ReportOutput output) {
  if (format == ReportFormat::text) return std::make_unique<TextReport>(options, std::move(output));
  return std::make_unique<JsonReport>(options, std::move(output), format == ReportFormat::ndjson);
}

}  // namespace linkferry
