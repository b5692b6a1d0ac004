#include "config/problem.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace linkferry {

namespace {

constexpr std::size_t shown_problems = 100;
constexpr std::size_t shown_bytes = 80;

std::string describe(const std::string& origin, std::vector<Problem> problems) {
  std::ranges::stable_sort(problems, [](const Problem& a, const Problem& b) {
    if (a.position.line != b.position.line) return a.position.line < b.position.line;
    return a.position.column < b.position.column;
  });
  std::string text;
  for (std::size_t i = 0; i < problems.size() && i < shown_problems; ++i) {
    const auto& [position, message] = problems[i];
    if (i > 0) text += '\n';
    text += origin;
    if (position.line > 0) text += fmt::format(":{}:{}", position.line, position.column);
    text += ": " + message;
  }
  if (problems.size() > shown_problems) {
    text += fmt::format("\n{}: {} more problems", origin, problems.size() - shown_problems);
  }
  return text;
}

}  // namespace

ConfigFailure::ConfigFailure(const std::string& origin, std::vector<Problem> problems)
    : Failure(FailureKind::configuration, describe(origin, std::move(problems))) {}

std::string in_quotes(std::string_view text) {
  std::string shown = "\"";
  std::size_t end = std::min(text.size(), shown_bytes);
  // Not in the middle of a UTF-8 sequence.
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  for (const char c : text.substr(0, end)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      shown += "\\n";
    } else if (c == '\t') {
      shown += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      shown += fmt::format("\\x{:02x}", byte);
    } else {
      shown += c;
    }
  }
  return shown + (end < text.size() ? "…\"" : "\"");
}

std::string joined_by_or(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace linkferry
