#include "net/patience.hpp"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <system_error>

#include "host/file_descriptor.hpp"
#include "net/transport_error.hpp"

namespace linkferry {

struct Patience::Wake {
  struct Ring {
    int file;
    void operator()() const {
      const std::uint64_t one = 1;
      // Cannot fail: the counter is far from its limit.
      [[maybe_unused]] const auto written = ::write(file, &one, sizeof one);
    }
  };

  FileDescriptor file;
  std::stop_callback<Ring> callback;  // goes first: it writes into the file

  explicit Wake(const std::stop_token& stop)
      : file(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), callback(stop, Ring{file.get()}) {
    if (!file.is_open()) throw std::system_error(errno, std::generic_category(), "eventfd");
  }
};

Patience::Patience(std::chrono::milliseconds step, std::chrono::milliseconds total,
                   std::stop_token stop)
    : step_(step),
      end_(std::chrono::steady_clock::now() + total),
      stop_(std::move(stop)),
      wake_(std::make_unique<Wake>(stop_)) {}

Patience::~Patience() = default;

void Patience::throw_if_stopped() const {
  if (stop_.stop_requested()) throw TransportError(TransportError::Kind::stopped, "stopped");
}

bool Patience::wait_until(int file, short events, Time until) const {
  until = std::min(until, end_);
  while (true) {
    throw_if_stopped();
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd files[2] = {{file, events, 0}, {wake_->file.get(), POLLIN, 0}};
    const int ready =
        ::poll(files, 2, static_cast<int>(std::min<std::int64_t>(left.count(), 3'600'000)));
    if (ready < 0 && errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "poll");
    if (ready > 0 && files[0].revents != 0 && files[1].revents == 0) return true;
  }
}

void Patience::wait_for(int file, short events, const char* doing) const {
  const auto start = std::chrono::steady_clock::now();
  if (wait_until(file, events, start + step_)) return;
  const auto waited = std::chrono::duration_cast<std::chrono::duration<double>>(
      std::min(start + step_, end_) - start);
  const bool is_total = end_ <= start + step_;
  throw TransportError(TransportError::Kind::timeout,
                       is_total
                           ? fmt::format("took longer than allowed, {}", doing)
                           : fmt::format("nothing came for {:.1f} s, {}", waited.count(), doing));
}

}  // namespace linkferry
