#include "cli/interruption.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <mutex>
#include <thread>

#include "linkferry/failure.hpp"

namespace linkferry {

namespace {

std::atomic<int> first_signal{0};
std::atomic<int> pipe_to_thread{-1};
std::atomic<bool> is_hangup_pending{false};
static_assert(std::atomic<int>::is_always_lock_free);

constexpr char quit = 'q';
constexpr char stop_requested = 's';
constexpr char hangup = 'h';

extern "C" void on_signal(int number) {
  int none = 0;
  if (!first_signal.compare_exchange_strong(none, number)) ::_exit(128 + number);
  const int saved = errno;
  // There are a few bytes in the pipe at most, so this cannot block or fail.
  if (::write(pipe_to_thread.load(), &stop_requested, 1) < 0) ::_exit(128 + number);
  errno = saved;
}

extern "C" void on_hangup_signal(int) {
  // One byte at a time, so that the pipe never fills.
  if (is_hangup_pending.exchange(true)) return;
  const int saved = errno;
  // Without a byte nothing is read again; there is nobody here to tell.
  [[maybe_unused]] const auto written = ::write(pipe_to_thread.load(), &hangup, 1);
  errno = saved;
}

/// What is ignored stays ignored: a shell does that for a program in the background.
void install(int number, const struct sigaction& action, struct sigaction& before) {
  ::sigaction(number, &action, &before);
  if (before.sa_handler == SIG_IGN) ::sigaction(number, &before, nullptr);
}

}  // namespace

struct Interruption::State {
  std::thread thread;
  int read_end = -1;
  struct sigaction before_interrupt {};
  struct sigaction before_terminate {};
  struct sigaction before_hangup {};
  std::mutex mutex;
  std::function<void()> hangup_action;

  /// Until the end of the program is near.
  void listen(std::stop_source& stop) {
    for (;;) {
      char byte = quit;
      const auto count = ::read(read_end, &byte, 1);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0 || byte == quit) return;
      if (byte == stop_requested) stop.request_stop();
      if (byte == hangup) hang_up();
    }
  }

  void hang_up() {
    is_hangup_pending = false;
    const std::lock_guard lock(mutex);
    if (hangup_action) hangup_action();
  }
};

Interruption::Interruption(std::stop_source& stop) : state_(std::make_unique<State>()) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    throw Failure(FailureKind::failed,
                  "there is no pipe to be had for signals; close some files and try again");
  }
  state_->read_end = ends[0];
  pipe_to_thread = ends[1];
  first_signal = 0;
  state_->thread = std::thread([&stop, state = state_.get()] { state->listen(stop); });
  struct sigaction action {};
  action.sa_handler = &on_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  install(SIGINT, action, state_->before_interrupt);
  install(SIGTERM, action, state_->before_terminate);
}

void Interruption::on_hangup(std::function<void()> action) {
  const std::lock_guard lock(state_->mutex);
  const bool was_listening = state_->hangup_action != nullptr;
  state_->hangup_action = std::move(action);
  const bool listens = state_->hangup_action != nullptr;
  if (listens == was_listening) return;
  if (!listens) {
    ::sigaction(SIGHUP, &state_->before_hangup, nullptr);
    return;
  }
  struct sigaction handler {};
  handler.sa_handler = &on_hangup_signal;
  sigemptyset(&handler.sa_mask);
  handler.sa_flags = SA_RESTART;
  install(SIGHUP, handler, state_->before_hangup);
}

Interruption::~Interruption() {
  ::sigaction(SIGINT, &state_->before_interrupt, nullptr);
  ::sigaction(SIGTERM, &state_->before_terminate, nullptr);
  const int end = pipe_to_thread.exchange(-1);
  // A byte that cannot be written is not needed: the end of the pipe ends the thread too.
  [[maybe_unused]] const auto written = ::write(end, &quit, 1);
  ::close(end);
  state_->thread.join();
  ::close(state_->read_end);
}

int Interruption::signal() { return first_signal.load(); }

}  // namespace linkferry
