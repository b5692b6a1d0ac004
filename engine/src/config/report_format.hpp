#pragma once

#include <optional>
#include <string_view>

namespace linkferry {

enum class ReportFormat { text, json, ndjson };

/// The endings that `report_format_of` knows, in words.
inline constexpr std::string_view report_endings = ".txt, .json or .ndjson";

/// The format that a file's ending tells; nothing where it tells none.
constexpr std::optional<ReportFormat> report_format_of(std::string_view path) {
  if (path.ends_with(".txt")) return ReportFormat::text;
  if (path.ends_with(".json")) return ReportFormat::json;
  if (path.ends_with(".ndjson")) return ReportFormat::ndjson;
  return {};
}

}  // namespace linkferry
