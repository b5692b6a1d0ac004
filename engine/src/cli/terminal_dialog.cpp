#include "cli/terminal_dialog.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cli/log.hpp"
#include "linkferry/failure.hpp"
#include "net/redaction.hpp"

namespace linkferry {

namespace {

constexpr int stop_check_ms = 100;
constexpr std::string_view blanks = " \t\r\n";

void wipe(std::string& text) {
  for (volatile char& byte : text) byte = '\0';
  text.clear();
}

/// Switches the echo of a terminal off for as long as it lives; does nothing on what is none.
class HiddenTyping {
 public:
  HiddenTyping(int terminal, bool is_wanted) : terminal_(terminal) {
    if (!is_wanted || ::tcgetattr(terminal_, &before_) != 0) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    hidden.c_lflag |= ECHONL;
    is_hidden_ = ::tcsetattr(terminal_, TCSANOW, &hidden) == 0;
  }
  ~HiddenTyping() {
    if (is_hidden_) ::tcsetattr(terminal_, TCSANOW, &before_);
  }
  HiddenTyping(const HiddenTyping&) = delete;
  HiddenTyping& operator=(const HiddenTyping&) = delete;

 private:
  int terminal_;
  termios before_{};
  bool is_hidden_ = false;
};

}  // namespace

TerminalDialog::~TerminalDialog() { wipe(buffer_); }

void TerminalDialog::show(std::string_view text) {
  const std::string shown = escape_for_terminal(redaction().apply(text));
  std::fwrite(shown.data(), 1, shown.size(), output_);
  std::fflush(output_);
}

void TerminalDialog::say(std::string_view text) {
  show(text);
  show("\n");
}

std::string TerminalDialog::ask(std::string_view question, bool hides_answer) {
  if (never_asks_) {
    throw Failure(FailureKind::usage,
                  fmt::format("an answer is needed, and --no-input forbids to ask: {}", question));
  }
  show(fmt::format("{} ", question));
  const HiddenTyping hidden(input_, hides_answer);
  std::string line = read_line();
  // What was typed ends the line on a terminal; what comes from a pipe is not seen.
  if (::isatty(input_) == 0) show("\n");
  const std::size_t start = line.find_first_not_of(blanks);
  if (start == std::string::npos) return {};
  std::string answer = line.substr(start, line.find_last_not_of(blanks) + 1 - start);
  wipe(line);
  return answer;
}

/// The next line, or what stands behind the last line end.
std::string TerminalDialog::read_line() {
  std::size_t end = buffer_.find('\n');
  while (end == std::string::npos && read_more()) end = buffer_.find('\n');
  if (buffer_.empty()) {
    show("\n");
    throw Failure(FailureKind::usage,
                  "an answer is needed, but standard input is at its end; run it in a terminal, or "
                  "hand over the answer: linkferry auth ... < FILE");
  }
  const std::size_t length = end == std::string::npos ? buffer_.size() : end;
  std::string line = buffer_.substr(0, length);
  std::string rest = buffer_.substr(end == std::string::npos ? length : end + 1);
  wipe(buffer_);
  buffer_ = std::move(rest);
  return line;
}

/// False at the end of the input.
bool TerminalDialog::read_more() {
  for (;;) {
    if (stop_.stop_requested()) {
      show("\n");
      throw Failure(FailureKind::interrupted, "interrupted; nothing was stored");
    }
    pollfd wanted{input_, POLLIN, 0};
    const int ready = ::poll(&wanted, 1, stop_check_ms);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    char bytes[4096];
    const ssize_t count = ::read(input_, bytes, sizeof bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      throw Failure(FailureKind::usage, fmt::format("an answer is needed, but standard input "
                                                    "cannot be read: {}",
                                                    std::strerror(errno)));
    }
    buffer_.append(bytes, static_cast<std::size_t>(count));
    std::memset(bytes, 0, sizeof bytes);
    if (buffer_.size() > longest_answer) {
      throw Failure(FailureKind::usage, "the answer is longer than 64 KiB, expected one line");
    }
    return count > 0;
  }
}

}  // namespace linkferry
