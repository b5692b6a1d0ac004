#include "cli/interruption.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "linkferry/failure.hpp"

namespace linkferry {

namespace {

std::atomic<int> first_signal{0};
std::atomic<int> pipe_to_thread{-1};
static_assert(std::atomic<int>::is_always_lock_free);

constexpr char quit = 'q';
constexpr char stop_requested = 's';

extern "C" void on_signal(int number) {
  int none = 0;
  if (!first_signal.compare_exchange_strong(none, number)) ::_exit(128 + number);
  const int saved = errno;
  // The pipe is empty before the first signal, so this cannot block or fail.
  if (::write(pipe_to_thread.load(), &stop_requested, 1) < 0) ::_exit(128 + number);
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
  state_->thread = std::thread([&stop, end = ends[0]] {
    char byte = 0;
    while (::read(end, &byte, 1) < 0 && errno == EINTR) {
    }
    if (byte == stop_requested) stop.request_stop();
  });
  struct sigaction action {};
  action.sa_handler = &on_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  install(SIGINT, action, state_->before_interrupt);
  install(SIGTERM, action, state_->before_terminate);
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
