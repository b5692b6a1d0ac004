#pragma once

#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>

#include "cli/command_line.hpp"
#include "linkferry/host.hpp"

namespace linkferry {

/// `text` as a terminal can show it without harm: control characters (but line feed and tab), C1 controls, characters that
/// turn the direction of writing and bytes that are not UTF-8 become `\x1b`, `\u202e`, `\xff`.
std::string escape_for_terminal(std::string_view text);

/// Whether colors are wanted on a stream: always, never, or where it is a terminal that is not `dumb`.
bool wants_color(ColorChoice choice, std::FILE* stream);

/// Messages on standard error, as lines of text or of JSON. Each is written whole. Thread: any.
class Logger {
 public:
  /// Until `configure`: text, warnings and errors, no colors.
  explicit Logger(std::FILE* stream) : stream_(stream) {}

  void configure(const CommandLine& line);
  void log(LogLevel level, std::string_view message);
  bool is_enabled(LogLevel level) const { return level <= least_; }

  /// A line that is replaced by the next one and by the next message: how far a run is. Nothing where standard error is no
  /// terminal, with --quiet or as JSON. The empty text takes it away.
  void show_progress(std::string_view text);
  bool shows_progress() const { return shows_progress_; }

 private:
  void write_text(LogLevel level, std::string_view message);
  void write_json(LogLevel level, std::string_view message);
  void clear_progress();

  std::FILE* stream_;
  std::mutex mutex_;
  LogLevel least_ = LogLevel::warning;
  LogFormat format_ = LogFormat::text;
  bool has_color_ = false;
  bool shows_progress_ = false;
  bool is_progress_shown_ = false;
};

}  // namespace linkferry
