#pragma once

#include <cstdio>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "cli/command_line.hpp"
#include "linkferry/host.hpp"

namespace linkferry {

/// `text` as a terminal can show it without harm: control characters (but line feed and tab), C1
/// controls, characters that turn the direction of writing and bytes that are not UTF-8 become
/// `\x1b`, `\u202e`, `\xff`.
std::string escape_for_terminal(std::string_view text);

/// `text` as JSON has it, with its quotes. What is no UTF-8 is escaped as for a terminal.
std::string json_text(std::string_view text);

/// Whether colors are wanted on a stream: always, never, or where it is a terminal that is not
/// `dumb`.
bool wants_color(ColorChoice choice, std::FILE* stream);

/// Messages on standard error, as lines of text or of JSON. Each is written whole. Thread: any.
class Logger {
 public:
  /// Until `configure`: text, warnings and errors, no colors.
  explicit Logger(std::FILE* stream) : stream_(stream) {}

  void configure(const CommandLine& line);
  void log(LogLevel level, std::string_view message);
  /// What is said without being asked for, by -v or otherwise: only -q silences it, unless it is an
  /// error. As JSON, `members` follow the message: each begins with a comma, `,"job":"x"`.
  void announce(LogLevel level, std::string_view message, std::string_view members = {});
  bool is_enabled(LogLevel level) const { return level <= least_; }

  /// A problem in a config file, which begins with its place: as text it stands alone in its line,
  /// for editors to jump to.
  void log_place(std::string_view message);

  /// Called before each message, in the thread that logs; empty: nothing. For what else writes on a
  /// terminal.
  void before_message(std::function<void()> action);
  /// Whether a line that shows progress has a place: not with --quiet, as JSON, or where standard
  /// error is no terminal.
  bool wants_progress() const { return wants_progress_; }

 private:
  void write(LogLevel level, std::string_view text, bool has_place, std::string_view members = {});

  std::FILE* stream_;
  std::mutex mutex_;
  LogLevel least_ = LogLevel::warning;
  LogFormat format_ = LogFormat::text;
  bool has_color_ = false;
  bool wants_progress_ = false;
  std::function<void()> before_message_;
};

}  // namespace linkferry
