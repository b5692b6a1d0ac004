#pragma once

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "linkferry/authorize.hpp"

namespace linkferry {

class RedirectListener;

/// How the answer of a login comes back from the browser.
struct RedirectRules {
  bool listens = true;  ///< false: the person pastes it
  std::chrono::seconds patience{600};
};

/// Asks on the terminal: questions go to one stream, answers come line by line from a file
/// descriptor, be it a terminal, a pipe or a file. Standard output stays free for what the program
/// prints. Thread: one at a time.
class TerminalDialog final : public Dialog {
 public:
  static constexpr std::size_t longest_answer = 64 * 1024;

  /// `input` and `output` are lent. With `never_asks` every question is an error. A stop request
  /// ends a question within 0.1 s with Failure interrupted.
  TerminalDialog(int input, std::FILE* output, bool never_asks, std::stop_token stop,
                 RedirectRules redirects = {})
      : input_(input),
        output_(output),
        never_asks_(never_asks),
        stop_(std::move(stop)),
        redirects_(redirects) {}
  ~TerminalDialog() override;
  TerminalDialog(const TerminalDialog&) = delete;
  TerminalDialog& operator=(const TerminalDialog&) = delete;

  void say(std::string_view text) override;
  std::string ask(std::string_view question, bool hides_answer) override;
  /// Listens where the address is `http://127.0.0.1:PORT/…` or `http://localhost:PORT/…`, and only
  /// asks where it is another or its port is taken. A line that is empty is no answer.
  std::string await_redirect(const Redirect& redirect) override;

 private:
  void show(std::string_view text);
  std::string read_line();
  std::optional<std::string> take_line();
  bool has_input(int wait_ms) const;
  void wait_for_input();
  void read_piece();
  void check_stop();
  std::unique_ptr<RedirectListener> listen_for(const Redirect& redirect);
  std::string wait_for_browser(RedirectListener& listener, const Redirect& redirect);

  int input_;
  std::FILE* output_;
  bool never_asks_;
  std::stop_token stop_;
  RedirectRules redirects_;
  std::string buffer_;  ///< read, but not asked for yet
  bool is_at_end_ = false;
};

}  // namespace linkferry
