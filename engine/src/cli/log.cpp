#include "cli/log.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "linkferry/timestamp_text.hpp"
#include "net/redaction.hpp"
#include "text/utf8.hpp"

namespace linkferry {

namespace {

std::string_view name_of(LogLevel level) {
  constexpr std::string_view names[] = {"error", "warning", "info", "debug", "trace"};
  return names[static_cast<std::size_t>(level)];
}

char32_t decode(std::string_view sequence) {
  const auto lead = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return lead;
  char32_t code = lead & (0xFFU >> (sequence.size() + 1));
  for (const char c : sequence.substr(1))
    code = (code << 6) | (static_cast<unsigned char>(c) & 0x3FU);
  return code;
}

/// Source: Unicode 15, UAX 9, table 4: the explicit directional formatting characters.
bool turns_direction(char32_t code) {
  return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) ||
         code == 0x200E || code == 0x200F || code == 0x061C;
}

std::string escape_for_json(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      escaped += '\\';
      escaped += c;
    } else if (c == '\n') {
      escaped += "\\n";
    } else if (c == '\t') {
      escaped += "\\t";
    } else if (byte < 0x20) {
      escaped += fmt::format("\\u{:04x}", byte);
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string now_text() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  return format_rfc3339({milliseconds / 1000,
                         static_cast<std::uint32_t>(milliseconds % 1000) * 1'000'000,
                         Precision::millisecond});
}

std::string text_line(LogLevel level, std::string_view message, bool has_color) {
  constexpr std::string_view colors[] = {"\x1b[31m", "\x1b[33m", "", "\x1b[2m", "\x1b[2m"};
  const std::string_view color = has_color ? colors[static_cast<std::size_t>(level)] : "";
  // Only what went wrong is marked: what -v adds reads as plain sentences.
  const std::string mark = level == LogLevel::info ? ""
                                                   : fmt::format("{}{}{}: ", color, name_of(level),
                                                                 color.empty() ? "" : "\x1b[0m");
  return fmt::format("linkferry: {}{}\n", mark, escape_for_terminal(message));
}

std::string json_line(LogLevel level, std::string_view message, std::string_view members) {
  return fmt::format("{{\"time\":\"{}\",\"level\":\"{}\",\"message\":{}{}}}\n", now_text(),
                     name_of(level), json_text(message), members);
}

}  // namespace

std::string escape_for_terminal(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const auto byte = static_cast<unsigned char>(text.front());
    if (length == 0 ||
        (length == 1 && (byte < 0x20 || byte == 0x7F) && byte != '\n' && byte != '\t')) {
      escaped += fmt::format("\\x{:02x}", byte);
      text.remove_prefix(1);
      continue;
    }
    const char32_t code = decode(text.substr(0, length));
    if ((code >= 0x80 && code < 0xA0) || turns_direction(code)) {
      escaped += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(code));
    } else {
      escaped += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return escaped;
}

std::string json_text(std::string_view text) {
  return '"' + escape_for_json(is_utf8(text) ? std::string(text) : escape_for_terminal(text)) + '"';
}

bool wants_color(ColorChoice choice, std::FILE* stream) {
  if (choice != ColorChoice::automatic) return choice == ColorChoice::always;
  const char* terminal = std::getenv("TERM");
  return ::isatty(::fileno(stream)) == 1 && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

void Logger::configure(const CommandLine& line) {
  const std::lock_guard lock(mutex_);
  format_ = line.log_format;
  has_color_ = wants_color(line.color, stream_);
  least_ = line.is_quiet         ? LogLevel::error
           : line.verbosity == 0 ? LogLevel::warning
           : line.verbosity == 1 ? LogLevel::info
                                 : LogLevel::trace;
  wants_progress_ =
      !line.is_quiet && format_ == LogFormat::text && ::isatty(::fileno(stream_)) == 1;
}

void Logger::before_message(std::function<void()> action) {
  const std::lock_guard lock(mutex_);
  before_message_ = std::move(action);
}

void Logger::log(LogLevel level, std::string_view message) {
  if (is_enabled(level)) write(level, message, false);
}

void Logger::log_place(std::string_view message) { write(LogLevel::error, message, true); }

void Logger::announce(LogLevel level, std::string_view message, std::string_view members) {
  if (level <= LogLevel::error || least_ > LogLevel::error) write(level, message, false, members);
}

void Logger::write(LogLevel level, std::string_view text, bool has_place,
                   std::string_view members) {
  const std::string message = redaction().apply(text);
  const std::lock_guard lock(mutex_);
  if (before_message_) before_message_();
  std::string line;
  if (format_ == LogFormat::json) {
    line = json_line(level, message, redaction().apply(members));
  } else if (has_place) {
    line = escape_for_terminal(message) + "\n";
  } else {
    line = text_line(level, message, has_color_);
  }
  std::fwrite(line.data(), 1, line.size(), stream_);
  std::fflush(stream_);
}

}  // namespace linkferry
