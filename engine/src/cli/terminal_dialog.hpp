#pragma once

#include <cstdio>
#include <stop_token>
#include <string>

#include "linkferry/authorize.hpp"

namespace linkferry {

/// Asks on the terminal: questions go to one stream, answers come line by line from a file
/// descriptor, be it a terminal, a pipe or a file. Standard output stays free for what the program
/// prints. Thread: one at a time.
class TerminalDialog final : public Dialog {
 public:
  static constexpr std::size_t longest_answer = 64 * 1024;

  /// `input` and `output` are lent. With `never_asks` every question is an error. A stop request
  /// ends a question within 0.1 s with Failure interrupted.
  TerminalDialog(int input, std::FILE* output, bool never_asks, std::stop_token stop)
      : input_(input), output_(output), never_asks_(never_asks), stop_(std::move(stop)) {}
  ~TerminalDialog() override;
  TerminalDialog(const TerminalDialog&) = delete;
  TerminalDialog& operator=(const TerminalDialog&) = delete;

  void say(std::string_view text) override;
  std::string ask(std::string_view question, bool hides_answer) override;

 private:
  void show(std::string_view text);
  std::string read_line();
  bool read_more();

  int input_;
  std::FILE* output_;
  bool never_asks_;
  std::stop_token stop_;
  std::string buffer_;  ///< read, but not asked for yet
};

}  // namespace linkferry
