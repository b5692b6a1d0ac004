#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/grammar.hpp"
#include "config/job.hpp"
#include "config/report_format.hpp"

namespace linkferry {

enum class LogFormat : std::uint8_t { text, json };
enum class ColorChoice : std::uint8_t { automatic, always, never };

/// What a person asked for: the arguments, and for what they leave open the environment.
struct CommandLine {
  Command command = Command::help;
  std::vector<std::string> arguments;

  MatchPreset match = MatchPreset::standard;
  OnMatch on_match = OnMatch::fill;
  bool is_dry_run = false;
  bool accepts_partial = false;
  bool has_detailed_exit_code = false;
  bool reads_everything = false;  ///< also from sources that could go on where they were
  std::optional<std::chrono::seconds> max_duration;
  std::optional<std::uint64_t> max_delete;    ///< lifts the limits of a mirror
  std::size_t shown_runs = 50;                ///< of history, the newest
  std::size_t parallel_jobs = 1;              ///< how many may run at once, at least 1
  std::optional<std::string> health_file;     ///< where a daemon says how its jobs are
  std::optional<std::uint16_t> metrics_port;  ///< of this machine; 0: any that is free
  std::optional<std::string> output;          ///< where a plan or a token is saved
  bool may_write = false;                     ///< of a token
  bool allows_http = false;
  bool pastes_redirect = false;         ///< nothing listens for the browser
  std::optional<std::string> redirect;  ///< where a login sends the browser
  bool never_asks = false;
  std::optional<ReportFormat> format;  ///< given by a flag or by LINKFERRY_FORMAT
  std::vector<std::string> reports;
  std::optional<std::string> config;
  std::vector<std::string> plugin_paths;
  bool is_quiet = false;
  int verbosity = 0;  ///< 0, 1 for -v, 2 for -vv
  LogFormat log_format = LogFormat::text;
  ColorChoice color = ColorChoice::automatic;
};

/// The value of a variable; nothing where it is not set or empty.
using Environment = std::function<std::optional<std::string>(const char* name)>;
std::optional<std::string> process_environment(const char* name);

/// Reads the arguments, the program's name not among them. `--help` and `--version` make the
/// commands of that name. Environment: LINKFERRY_FORMAT (of reports), LINKFERRY_LOG_FORMAT,
/// LINKFERRY_COLOR, NO_COLOR stand in for flags that are not given (https://no-color.org, read
/// 2026-11-22: any value that is not empty). Errors: Failure usage: what is unknown or missing, and
/// the nearest known name.
CommandLine parse_command_line(const std::vector<std::string>& arguments,
                               const Environment& environment);

}  // namespace linkferry
