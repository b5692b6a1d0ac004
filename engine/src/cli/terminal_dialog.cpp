#include "cli/terminal_dialog.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "cli/log.hpp"
#include "linkferry/failure.hpp"
#include "net/address.hpp"
#include "net/redaction.hpp"
#include "net/redirect_listener.hpp"

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

std::string without_blanks(std::string line) {
  const std::size_t start = line.find_first_not_of(blanks);
  if (start == std::string::npos) return {};
  std::string answer = line.substr(start, line.find_last_not_of(blanks) + 1 - start);
  wipe(line);
  return answer;
}

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
  return without_blanks(std::move(line));
}

/// The next line, or what stands behind the last line end.
std::string TerminalDialog::read_line() {
  while (true) {
    if (auto line = take_line()) return std::move(*line);
    if (is_at_end_) break;
    wait_for_input();
    read_piece();
  }
  show("\n");
  throw Failure(FailureKind::usage,
                "an answer is needed, but standard input is at its end; run it in a terminal, or "
                "hand over the answer: linkferry auth ... < FILE");
}

/// Of what was read already; nothing where that is no whole line.
std::optional<std::string> TerminalDialog::take_line() {
  const std::size_t end = buffer_.find('\n');
  if (end == std::string::npos && (!is_at_end_ || buffer_.empty())) return {};
  const std::size_t length = std::min(end, buffer_.size());
  std::string line = buffer_.substr(0, length);
  std::string rest = buffer_.substr(std::min(length + 1, buffer_.size()));
  wipe(buffer_);
  buffer_ = std::move(rest);
  return line;
}

void TerminalDialog::check_stop() {
  if (!stop_.stop_requested()) return;
  show("\n");
  throw Failure(FailureKind::interrupted, "interrupted; nothing was stored");
}

bool TerminalDialog::has_input(int wait_ms) const {
  pollfd wanted{input_, POLLIN, 0};
  return ::poll(&wanted, 1, wait_ms) > 0;
}

void TerminalDialog::wait_for_input() {
  do {
    check_stop();
  } while (!has_input(stop_check_ms));
}

/// What there is to be read now.
void TerminalDialog::read_piece() {
  char bytes[4096];
  const ssize_t count = ::read(input_, bytes, sizeof bytes);
  if (count < 0 && errno == EINTR) return;
  if (count < 0) {
    throw Failure(FailureKind::usage,
                  fmt::format("an answer is needed, but standard input cannot be read: {}",
                              std::strerror(errno)));
  }
  is_at_end_ = count == 0;
  buffer_.append(bytes, static_cast<std::size_t>(count));
  std::memset(bytes, 0, sizeof bytes);
  if (buffer_.size() > longest_answer) {
    throw Failure(FailureKind::usage, "the answer is longer than 64 KiB, expected one line");
  }
}

/// Null where nothing can listen.
std::unique_ptr<RedirectListener> TerminalDialog::listen_for(const Redirect& redirect) {
  const Address address = parse_address(redirect.address, "the redirect address");
  const bool is_here = address.host == "127.0.0.1" || address.host == "localhost";
  if (!redirects_.listens || address.is_tls || !is_here) return nullptr;
  try {
    return std::make_unique<RedirectListener>(address.port, address.path, redirect.state);
  } catch (const Failure& failure) {
    say(fmt::format("{}.", failure.what()));
    return nullptr;
  }
}

std::string TerminalDialog::await_redirect(const Redirect& redirect) {
  const auto listener = listen_for(redirect);
  if (listener) return wait_for_browser(*listener, redirect);
  say(
      fmt::format("The browser is then sent to an address that begins with {} and may say that it "
                  "cannot be reached: that is right so. Copy the address from the browser's "
                  "address bar.\n",
                  redirect.address));
  return Dialog::await_redirect(redirect);
}

std::string TerminalDialog::wait_for_browser(RedirectListener& listener, const Redirect& redirect) {
  using std::chrono::steady_clock;
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(redirects_.patience).count();
  show(
      fmt::format("linkferry waits for the browser to come back to {}, for {} minutes. If the "
                  "browser runs on another machine, it says that it cannot reach that address: "
                  "then copy the address from its address bar and paste it here: ",
                  redirect.address, minutes));
  const auto end = steady_clock::now() + redirects_.patience;
  bool has_warned = false;
  while (steady_clock::now() < end) {
    check_stop();
    while (auto line = never_asks_ ? std::nullopt : take_line()) {
      std::string answer = without_blanks(std::move(*line));
      if (answer.empty()) continue;
      if (::isatty(input_) == 0) show("\n");
      return answer;
    }
    const bool reads = !never_asks_ && !is_at_end_;
    if (auto target =
            listener.serve(std::chrono::milliseconds(stop_check_ms), reads ? input_ : -1)) {
      say("\nThe browser is back.");
      return parse_address(redirect.address, "the redirect address").origin() + *target;
    }
    if (listener.has_seen_unmarked() && !std::exchange(has_warned, true)) {
      say("\nA browser came back without saying from which login. If it was yours, paste the "
          "address from its address bar here.");
    }
    if (reads && has_input(0)) read_piece();
  }
  show("\n");
  throw Failure(FailureKind::authentication,
                fmt::format("no browser came back to {} in {} minutes; run it again",
                            redirect.address, minutes));
}

}  // namespace linkferry
