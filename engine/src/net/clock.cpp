#include "net/clock.hpp"

#include <condition_variable>
#include <mutex>

namespace linkferry {
namespace {

class MachineClock final : public Clock {
 public:
  Time now() const override { return std::chrono::steady_clock::now(); }
  std::chrono::system_clock::time_point date() const override {
    return std::chrono::system_clock::now();
  }

  bool wait_until(Time time, std::stop_token stop) override {
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    stopped.wait_until(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
  }
};

}  // namespace

Clock& machine_clock() {
  static MachineClock clock;
  return clock;
}

}  // namespace linkferry
